#!/usr/bin/env bash
# Makes sure that LibreOffice is there for the tests that open what we serve in
# a spreadsheet. Without a window; about 350 MB with what it needs.
set -eu

if ! command -v soffice >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing libreoffice-calc-nogui with apt-get" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui; } >&2 || true
fi
if command -v soffice >/dev/null; then
  exit 0
fi
if [ "${CI:-}" = true ]; then
  echo "LibreOffice is missing: install libreoffice-calc-nogui" >&2
  exit 1
fi
echo "LibreOffice is missing: the tests in spreadsheets are skipped (install libreoffice-calc-nogui)"
