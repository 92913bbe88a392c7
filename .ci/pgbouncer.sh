#!/usr/bin/env bash
# Makes sure that PgBouncer is there, through which the tests reach PostgreSQL.
set -eu

found() { command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ]; }

if ! found && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing pgbouncer with apt-get" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends pgbouncer; } >&2 || true
fi
found && exit 0
if [ "${CI:-}" = true ]; then
  echo "missing: PgBouncer (install pgbouncer)" >&2
  exit 1
fi
echo "skipped: the tests with PgBouncer (install pgbouncer)"
