#!/usr/bin/env bash
# Checks openapi/openapi.json against the Dutch API Design Rules with Spectral. The
# ruleset is not part of the repository: ZIELSTAND_TEST_SHARED names its folder.
set -eu
cd "$(dirname "$0")/.."

shared=${ZIELSTAND_TEST_SHARED:-}
if [ -z "$shared" ]; then
  echo "openapi: skipped, ZIELSTAND_TEST_SHARED is not set"
  exit 0
fi
.ci/npm.sh .ci/spectral spectral || { status=$?; [ $status = 3 ] && exit 0; exit $status; }
.tools/spectral/node_modules/.bin/spectral lint --ruleset "$shared/openapi/adr-linter.yaml" --fail-severity warn openapi/openapi.json
