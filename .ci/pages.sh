#!/usr/bin/env bash
# Looks at the pages in a browser: what readers do (.ci/pages/journeys.test.mjs)
# and what every kind of page keeps to (.ci/pages/rules.test.mjs). With the
# argument screenshots it takes pictures into screenshots/ instead. The tools are
# installed from .ci/pages/package-lock.json into .tools/pages, once for each
# state of that file; the browser is Debian's Chromium.
set -eu
cd "$(dirname "$0")/.."

tools=.tools/pages

# absent ends the step for want of a program: an error in CI, else a line.
absent() {
  if [ "${ZIELSTAND_TEST_STRICT:-}" = true ]; then
    echo "browser: $1" >&2
    exit 1
  fi
  echo "browser: skipped, $1"
  exit 0
}

command -v npm >/dev/null || absent "npm is missing (install Node.js 20.19 or later)"
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
export ZIELSTAND="${ZIELSTAND_TEST_BINARY:-$binary/zielstand}" CHROMIUM="$chromium"
[ -n "${ZIELSTAND_TEST_BINARY:-}" ] || CGO_ENABLED=0 go build -o "$ZIELSTAND" .
if [ "${1:-}" = screenshots ]; then
  shift
  node "$tools/screenshots.mjs" screenshots "$@"
else
  node --test --test-reporter=spec "$tools/journeys.test.mjs" "$tools/rules.test.mjs"
fi
