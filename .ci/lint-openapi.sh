#!/usr/bin/env bash
# Holds openapi/openapi.json against the Dutch API Design Rules. The ruleset
# lies beside the repository and is not ours to ship; where it is absent the
# step is left out. Spectral is installed from .ci/package-lock.json into
# .tools/, once for each state of that file.
set -eu
cd "$(dirname "$0")/.."

ruleset=../shared/openapi/adr-linter.yaml
tools=.tools/spectral

if [ ! -f "$ruleset" ]; then
  echo "lint-openapi: skipped, $ruleset is not there"
  exit 0
fi
if ! command -v npm >/dev/null; then
  if [ "${CI:-}" = true ]; then
    echo "lint-openapi: npm is missing: install Node.js 20 or later" >&2
    exit 1
  fi
  echo "lint-openapi: skipped, npm is missing (install Node.js 20 or later)"
  exit 0
fi
if ! cmp -s .ci/package-lock.json "$tools/installed.json"; then
  mkdir -p "$tools"
  cp .ci/package.json .ci/package-lock.json "$tools/"
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp .ci/package-lock.json "$tools/installed.json"
fi
"$tools/node_modules/.bin/spectral" lint --ruleset "$ruleset" --fail-severity warn openapi/openapi.json
