#!/usr/bin/env bash
# Lists what the tests use, says what will be installed and with which command,
# and installs it: Debian's packages if root runs this, nothing otherwise. The
# tests skip what is missing; ZIELSTAND_TEST_STRICT=true makes that an error.
set -eu
cd "$(dirname "$0")/.."

# Each line: what, how to find it, Debian's package, what is skipped without it.
programs() {
  cat <<'END'
PostgreSQL 15 or later|postgresql|postgresql|the tests on PostgreSQL and make operations
a C compiler|command -v cc|gcc libc6-dev|the race detector (the tests run without it)
rapper|command -v rapper|raptor2-utils|reading our Turtle and RDF/XML with another program
PgBouncer|pgbouncer|pgbouncer|the tests through a connection pooler
nginx|nginx|nginx-light|the tests of deploy/nginx.conf
Caddy|command -v caddy|caddy|the tests of deploy/Caddyfile
systemd-analyze|command -v systemd-analyze|systemd|the tests of deploy/zielstand.service
curl|command -v curl|curl|the examples with curl and the guide to checksums and signatures
ssh-keygen|command -v ssh-keygen|openssh-client|the tests of releases and signatures
strace|command -v strace|strace|the test of the system calls that deploy/zielstand.service allows
LibreOffice (350 MB)|command -v soffice|libreoffice-calc-nogui|make spreadsheets
R|command -v Rscript|r-base-core|the examples in R
pandas|pandas|python3-pandas|the examples in Python
jq|command -v jq|jq|reading NDJSON with another program
sqlite3|command -v sqlite3|sqlite3|reading the SQLite file with another program
unzip|command -v unzip|unzip|reading the data package with another program
Chromium|command -v chromium|chromium|make browser
promtool|command -v promtool|prometheus|checking the metrics and the alerts
npm (Node.js 20.19 or later)|command -v npm||make browser, openapi and shacl, the client in TypeScript, the examples in SQL, the library for Table Schema
END
}

postgresql() { [ -n "${ZIELSTAND_TEST_POSTGRES_URL:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb; }
pgbouncer() { type -P pgbouncer || [ -x /usr/sbin/pgbouncer ]; }
nginx() { type -P nginx || [ -x /usr/sbin/nginx ]; }
pandas() { python3 -c 'import pandas' 2>/dev/null || /usr/bin/python3 -c 'import pandas' 2>/dev/null; }

packages=
missing=()
look() {
  packages=
  missing=()
  while IFS='|' read -r what test package without; do
    if ! eval "$test" >/dev/null; then
      packages="$packages $package"
      missing+=("$what${package:+ (Debian: $package)}, for $without")
    fi
  done < <(programs)
}

look
install="apt-get install -y --no-install-recommends$packages"
if [ -n "${packages// /}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "will install, for the whole system: $install"
else
  install=
fi
if command -v npm >/dev/null; then
  # Each part installs its packages itself, once for each state of the file.
  for part in spectral:openapi pages:browser clients:clients snippets:unit dcat:shacl; do
    tool=${part%:*}
    [ "$tool" != dcat ] || [ -n "${ZIELSTAND_TEST_SHARED:-}" ] || continue
    [ "$tool" != spectral ] || [ -n "${ZIELSTAND_TEST_SHARED:-}" ] || continue
    [ -f ".tools/$tool/installed.json" ] || echo "will install in .tools/$tool, with npm, before make ${part#*:}"
  done
fi
[ -n "$(find .tools/bin -name 'staticcheck' 2>/dev/null)" ] || echo "will install in .tools/bin, with go install, before make check: gofumpt and staticcheck"

if [ -n "$install" ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq; } >&2 || true
  look
fi
for m in "${missing[@]}"; do
  echo "skipped, not installed: $m"
done
if [ -z "${ZIELSTAND_TEST_SHARED:-}" ]; then
  echo "skipped, ZIELSTAND_TEST_SHARED is not set: make sources (compares the data with the texts of the source documents, which we may not publish)"
  echo "skipped, ZIELSTAND_TEST_SHARED is not set: make shacl and parts of internal/dcatcheck (the validator of DCAT-AP.de)"
  echo "skipped, ZIELSTAND_TEST_SHARED is not set: make openapi (the rules of the Dutch API Design Rules)"
fi
if [ "${ZIELSTAND_TEST_STRICT:-}" = true ] && [ ${#missing[@]} -gt 0 ]; then
  exit 1
fi
