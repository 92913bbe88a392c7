#!/usr/bin/env bash
# Tests the pages in a browser: what readers ask (.ci/pages/answers.test.mjs) and do
# (.ci/pages/journeys.test.mjs), what holds for every page (.ci/pages/rules.test.mjs), and
# what Lighthouse says (.ci/pages/lighthouse.test.mjs).
# With the argument screenshots it takes screenshots into screenshots/ instead. The
# browser is Chromium.
set -eu
cd "$(dirname "$0")/.."

.ci/npm.sh .ci/pages pages || { status=$?; [ $status = 3 ] && exit 0; exit $status; }
tools=.tools/pages
chromium=$(command -v chromium || true)
if [ -z "$chromium" ]; then
  echo "browser: skipped, chromium is missing (install Debian's package chromium)"
  [ "${ZIELSTAND_TEST_STRICT:-}" != true ]
  exit
fi

binary=$(mktemp -d)
trap 'rm -rf "$binary"' EXIT
export ZIELSTAND="${ZIELSTAND_TEST_BINARY:-$binary/zielstand}" CHROMIUM="$chromium"
[ -n "${ZIELSTAND_TEST_BINARY:-}" ] || CGO_ENABLED=0 go build -o "$ZIELSTAND" .
if [ "${1:-}" = screenshots ]; then
  shift
  node "$tools/screenshots.mjs" screenshots "$@"
else
  node --test --test-concurrency=2 --test-reporter=spec "$tools/answers.test.mjs" "$tools/journeys.test.mjs" "$tools/rules.test.mjs" "$tools/lighthouse.test.mjs"
fi
