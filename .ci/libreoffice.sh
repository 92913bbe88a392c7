#!/usr/bin/env bash
# Makes sure that the programs are there in which the tests open what we serve:
# LibreOffice without a window (about 350 MB with what it needs), and R, pandas
# and DuckDB for the snippets of the documentation. R and pandas are Debian's, in
# the versions of its release; DuckDB is installed from
# .ci/snippets/package.json, which names all versions, into .tools/snippets, once
# for each state of that file. A lock file would need the builds for all systems,
# which not every registry has.
set -eu
cd "$(dirname "$0")/.."

tools=.tools/snippets
packages=()
missing=()

# lack notes a program that is missing and the package of Debian that has it.
lack() {
  missing+=("$1 (install $2)")
  packages+=("$2")
}

look() {
  missing=()
  packages=()
  command -v soffice >/dev/null || lack LibreOffice libreoffice-calc-nogui
  command -v Rscript >/dev/null || lack R r-base-core
  python3 -c 'import pandas' 2>/dev/null || /usr/bin/python3 -c 'import pandas' 2>/dev/null || lack pandas python3-pandas
}

look
if [ ${#packages[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing ${packages[*]} with apt-get" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >&2 || true
  look
fi

if command -v npm >/dev/null; then
  mkdir -p "$tools"
  cp .ci/snippets/* "$tools/"
  if ! cmp -s .ci/snippets/package.json "$tools/installed.json"; then
    (cd "$tools" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error) &&
      cp .ci/snippets/package.json "$tools/installed.json"
  fi
fi
[ -f "$tools/installed.json" ] || missing+=("DuckDB (install Node.js 20 or later with npm)")

for program in "${missing[@]}"; do
  if [ "${CI:-}" = true ]; then
    echo "missing: $program" >&2
  else
    echo "skipped: the tests with $program"
  fi
done
[ "${CI:-}" != true ] || [ ${#missing[@]} -eq 0 ]
