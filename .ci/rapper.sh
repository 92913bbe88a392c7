#!/usr/bin/env bash
# Makes sure that rapper is there, with which the tests read our Turtle and
# RDF/XML (Debian: raptor2-utils, about 1 MB).
set -eu

have() { command -v rapper >/dev/null; }

if ! have && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing raptor2-utils with apt-get" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends raptor2-utils; } >&2 || true
fi
if ! have; then
  if [ "${CI:-}" = true ]; then
    echo "missing: rapper (install raptor2-utils)" >&2
    exit 1
  fi
  echo "skipped: the tests with rapper (install raptor2-utils)"
fi
