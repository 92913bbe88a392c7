#!/usr/bin/env bash
# Lints openapi/openapi.json with the Dutch API Design Rules. The ruleset is not part
# of the repository: ZIELSTAND_TEST_SHARED names the folder that contains it.
# Spectral is installed into .tools from .ci/package-lock.json.
set -eu
cd "$(dirname "$0")/.."

tools=.tools/spectral

if [ -z "${ZIELSTAND_TEST_SHARED:-}" ]; then
  echo "skipped: OpenAPI design rules (they need openapi/, which is not part of the repository; set ZIELSTAND_TEST_SHARED)"
  exit 0
fi
ruleset=$ZIELSTAND_TEST_SHARED/openapi/adr-linter.yaml
if ! command -v npm >/dev/null; then
  if [ "${ZIELSTAND_TEST_COMPLETE:-}" = true ]; then
    echo "lint-openapi: npm is missing: install Node.js 20 or later" >&2
    exit 1
  fi
  echo "skipped: OpenAPI design rules (install Node.js 20 or later)"
  exit 0
fi
if ! cmp -s .ci/package-lock.json "$tools/installed.json"; then
  mkdir -p "$tools"
  cp .ci/package.json .ci/package-lock.json "$tools/"
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp .ci/package-lock.json "$tools/installed.json"
fi
"$tools/node_modules/.bin/spectral" lint --ruleset "$ruleset" --fail-severity warn openapi/openapi.json
