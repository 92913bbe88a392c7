#!/usr/bin/env bash
# Tests the pages in a browser: what readers do (.ci/pages/journeys.test.mjs) and what
# holds for every page (.ci/pages/rules.test.mjs). With the argument screenshots it
# takes screenshots into screenshots/ instead. The tools are installed into
# .tools/pages from .ci/pages/package-lock.json; the browser is Chromium.
set -eu
cd "$(dirname "$0")/.."

tools=.tools/pages

# absent skips the tests, or fails if nothing may be skipped.
absent() {
  if [ "${ZIELSTAND_TEST_COMPLETE:-}" = true ]; then
    echo "pages: $1" >&2
    exit 1
  fi
  echo "skipped: tests in a browser ($1)"
  exit 0
}

command -v npm >/dev/null || absent "npm is missing (install Node.js 20.19 or later)"
.ci/install.sh chromium
chromium=$(command -v chromium || true)
[ -n "$chromium" ] || absent "chromium is missing (install Debian's package chromium)"

mkdir -p "$tools"
cp .ci/pages/* "$tools/"
if ! cmp -s .ci/pages/package-lock.json "$tools/installed.json"; then
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp .ci/pages/package-lock.json "$tools/installed.json"
fi

binary=$(mktemp -d)
trap 'rm -rf "$binary"' EXIT
CGO_ENABLED=0 go build -o "$binary/zielstand" .
export ZIELSTAND="$binary/zielstand" CHROMIUM="$chromium"
if [ "${1:-}" = screenshots ]; then
  shift
  node "$tools/screenshots.mjs" screenshots "$@"
else
  node --test --test-reporter=spec "$tools/journeys.test.mjs" "$tools/rules.test.mjs"
fi
