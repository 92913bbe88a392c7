#!/usr/bin/env bash
# Copies the folder of a tool (package.json, package-lock.json and scripts) to
# .tools/NAME and installs its packages, once for each state of the lock file. The
# caller skips its tests if the status is 3: npm is missing.
set -eu
cd "$(dirname "$0")/.."

source=$1
target=.tools/$2
if ! command -v npm >/dev/null; then
  echo "skipped: $2, because npm is missing (install Node.js 20.19 or later)"
  [ "${ZIELSTAND_TEST_STRICT:-}" != true ] || exit 1
  exit 3
fi
mkdir -p "$target"
tar -C "$source" --exclude=node_modules -cf - . | tar -C "$target" -xf -
if ! cmp -s "$source/package-lock.json" "$target/installed.json"; then
  (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp "$source/package-lock.json" "$target/installed.json"
fi
