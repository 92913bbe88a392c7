#!/usr/bin/env bash
# Checks openapi/openapi.json against the Dutch API Design Rules. The ruleset is
# not part of the repository: ZIELSTAND_TEST_SHARED names its folder. Spectral is installed from .ci/package-lock.json into
# .tools/, once for each state of that file.
set -eu
cd "$(dirname "$0")/.."

shared=${ZIELSTAND_TEST_SHARED:-}
ruleset=$shared/openapi/adr-linter.yaml
tools=.tools/spectral

if [ -z "$shared" ]; then
  echo "openapi: skipped, ZIELSTAND_TEST_SHARED is not set"
  exit 0
fi
if ! command -v npm >/dev/null; then
  if [ "${ZIELSTAND_TEST_STRICT:-}" = true ]; then
    echo "openapi: npm is missing: install Node.js 20 or later" >&2
    exit 1
  fi
  echo "openapi: skipped, npm is missing (install Node.js 20 or later)"
  exit 0
fi
if ! cmp -s .ci/package-lock.json "$tools/installed.json"; then
  mkdir -p "$tools"
  cp .ci/package.json .ci/package-lock.json "$tools/"
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp .ci/package-lock.json "$tools/installed.json"
fi
"$tools/node_modules/.bin/spectral" lint --ruleset "$ruleset" --fail-severity warn openapi/openapi.json
