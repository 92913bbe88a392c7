#!/usr/bin/env bash
# Runs a command with ZIELSTAND_TEST_POSTGRES_URL set: to the one given, otherwise
# to a private cluster, started from installed binaries, on a Unix socket and a
# port of the loopback interface. Root must not run PostgreSQL, so another user
# does. ZIELSTAND_TEST_POSTGRES_OPTIONS are further options of its server.
# Without PostgreSQL the command runs without the variable.
#
# Go does not test an unchanged package again if the variables it reads are the same, so
# the port is always the same, unless it is taken, and the URL names the version.
set -eu

if [ -n "${ZIELSTAND_TEST_POSTGRES_URL:-}" ]; then
  exec "$@"
fi

binaries() {
  local found
  found=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || found=$(command -v initdb || true)
  [ -n "$found" ] && dirname "$found"
}

bin=$(binaries || true)
[ -n "$bin" ] || exec "$@"

dir=$(mktemp -d)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  chown "$user" "$dir"
  as() { (cd "$dir" && setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups -- "$@"); }
fi
cleanup() {
  as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap cleanup EXIT

as "$bin/initdb" -D "$dir/data" -U zielstand --auth=trust --encoding=UTF8 --locale=C >/dev/null
start() {
  as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-p $1 -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=300 ${ZIELSTAND_TEST_POSTGRES_OPTIONS:-}" start >/dev/null 2>&1
}
port=25432
start $port || start $((port = 20000 + RANDOM % 12000)) || # Linux gives clients those from 32768
  { cat "$dir/log" >&2; exit 1; }
version=$("$bin/postgres" --version | awk '{print $3}')
export ZIELSTAND_TEST_POSTGRES_URL="postgres://zielstand@127.0.0.1:$port/postgres?sslmode=disable&application_name=postgresql-$version"
export ZIELSTAND_TEST_POSTGRES_BIN="$bin"
"$@"
