#!/usr/bin/env bash
# Installs DuckDB and libraries for Table Schema, Parquet and JSON-stat, which run examples
# of the documentation and read our files, from .ci/snippets/package.json into .tools/snippets, once for each
# state of that file. A lock file would need the builds for all systems, which not
# every registry has.
set -eu
cd "$(dirname "$0")/.."

tools=.tools/snippets
command -v npm >/dev/null || exit 0 # .ci/needs.sh reports it
mkdir -p "$tools"
cp -p .ci/snippets/* "$tools/" # with their times: Go tests api again if a file it reads is newer
if ! cmp -s .ci/snippets/package.json "$tools/installed.json"; then
  (cd "$tools" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp .ci/snippets/package.json "$tools/installed.json"
fi
