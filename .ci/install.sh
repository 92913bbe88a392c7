#!/usr/bin/env bash
# Installs the programs that tests use besides Go, as far as they are missing, and
# says so first. Arguments are the names below; without any it is all of them. As
# root on Debian and its derivatives it runs apt-get; otherwise it says what to
# install. Packages of npm go to .tools, which git ignores. What is still missing at
# the end is skipped by the tests, or is an error if ZIELSTAND_TEST_COMPLETE is true.
set -eu
cd "$(dirname "$0")/.."

all="postgresql pgbouncer libreoffice r pandas rapper chromium duckdb"

has() {
  case $1 in
  postgresql) [ -n "${ZIELSTAND_TEST_POSTGRES_URL:-}" ] || command -v initdb || ls /usr/lib/postgresql/*/bin/initdb ;;
  pgbouncer) command -v pgbouncer || [ -x /usr/sbin/pgbouncer ] ;;
  libreoffice) command -v soffice ;;
  r) command -v Rscript ;;
  pandas) python3 -c 'import pandas' || /usr/bin/python3 -c 'import pandas' ;;
  rapper) command -v rapper ;;
  chromium) command -v chromium ;;
  duckdb) cmp -s .ci/snippets/package.json .tools/snippets/installed.json && cp .ci/snippets/* .tools/snippets/ ;;
  *) echo "install.sh: unknown program $1; must be one of $all" >&2 && exit 2 ;;
  esac >/dev/null 2>&1
}

package() { # of Debian
  case $1 in
  libreoffice) echo libreoffice-calc-nogui ;;
  r) echo r-base-core ;;
  pandas) echo python3-pandas ;;
  rapper) echo raptor2-utils ;;
  duckdb) ;; # npm
  *) echo "$1" ;;
  esac
}

missing() {
  for program in "$@"; do
    has "$program" || echo "$program"
  done
}

programs=${*:-$all}
# shellcheck disable=SC2086
lacking=$(missing $programs)
[ -n "$lacking" ] || exit 0

packages=
for program in $lacking; do
  packages="$packages $(package "$program")"
done
packages=$(echo $packages)
if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "These tests use programs that are not installed. Installing them with: apt-get install $packages" >&2
  # shellcheck disable=SC2086
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >&2 || true
fi
if echo "$lacking" | grep -qx duckdb && command -v npm >/dev/null; then
  echo "Installing DuckDB and tableschema into .tools/snippets with: npm install" >&2
  mkdir -p .tools/snippets
  cp .ci/snippets/* .tools/snippets/
  (cd .tools/snippets && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error) &&
    cp .ci/snippets/package.json .tools/snippets/installed.json
fi

# shellcheck disable=SC2086
lacking=$(missing $lacking)
for program in $lacking; do
  case $program in
  duckdb) remedy="install Node.js 20 or later with npm" ;;
  *) remedy="install $(package "$program")" ;;
  esac
  echo "skipped: tests that use $program ($remedy)"
done
[ -z "$lacking" ] || [ "${ZIELSTAND_TEST_COMPLETE:-}" != true ]
