#!/usr/bin/env bash
# Validates the catalogue of the running program with the shapes of DCAT-AP.de,
# and compares our own rules with the validator's. The validator is not part of the
# repository: ZIELSTAND_TEST_SHARED names its folder.
set -eu
cd "$(dirname "$0")/.."

shared=${ZIELSTAND_TEST_SHARED:-}
kit=$shared/dcat
tools=.tools/dcat

if [ -z "$shared" ]; then
  echo "shacl: skipped, ZIELSTAND_TEST_SHARED is not set"
  exit 0
fi
.ci/npm.sh "$kit" dcat || { status=$?; [ $status = 3 ] && exit 0; exit $status; }

dir=$(mktemp -d)
program=
cleanup() {
  [ -z "$program" ] || kill "$program" 2>/dev/null || true
  wait
  rm -rf "$dir"
}
trap cleanup EXIT

zielstand=${ZIELSTAND_TEST_BINARY:-$dir/zielstand}
[ -n "${ZIELSTAND_TEST_BINARY:-}" ] || go build -o "$zielstand" .
ZIELSTAND_CACHE_PATH="$dir/cache" "$zielstand" --http-address 127.0.0.1:0 --http-public-url https://zielstand.example \
  --database-url "sqlite:$dir/zielstand.db" --log-level warn >"$dir/out" 2>&1 &
program=$!
address=
for _ in $(seq 1200); do
  address=$(sed -n 's/^Zielstand serves on //p' "$dir/out")
  [ -z "$address" ] || break
  kill -0 "$program" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$address" ]; then
  echo "shacl: the program did not start" >&2
  cat "$dir/out" >&2
  exit 1
fi

# No violation and no warning, whatever the format.
node "$tools/validate.mjs" --profile all --strict "$address"/v1/catalog "$address"/v1/catalog/dcat.{ttl,rdf,jsonld,nt}

# DCAT-AP.de 2.0 contradicts 3.0 in three values; it objects to nothing else.
node "$tools/validate.mjs" --profile spec20 "$address/v1/catalog" >"$dir/spec20" || [ $? = 1 ]
if ! grep -q '^FAIL ' "$dir/spec20"; then
  echo "shacl: DCAT-AP.de 2.0 was not checked" >&2
  cat "$dir/spec20" >&2
  exit 1
fi
known='path=byteSize .*xsd:decimal|distribution-status/[A-Z]*> path=inScheme|#checksumAlgorithm_sha256> path=inScheme'
if grep '^VIOLATION' "$dir/spec20" | grep -vE "$known" >&2; then
  echo "shacl: DCAT-AP.de 2.0 objects to more than the three contradictions with 3.0" >&2
  exit 1
fi

# Our own rules must agree with the validator, on the catalogue and on its test
# cases, which rapper reads.
"$zielstand" catalog check "$address/v1/catalog"
if ! command -v rapper >/dev/null; then
  echo "shacl: rapper is missing, so our own rules are not compared"
  exit 0
fi
ZIELSTAND_TEST_DCAT_KIT="$PWD/$tools" go test -count=1 -v -run '^(TestRecord|TestMutants)$' ./internal/dcatcheck >"$dir/tests" || {
  cat "$dir/tests" >&2
  exit 1
}
for name in TestRecord TestMutants; do # a test that is not there, or skipped, passes too
  if ! grep -q "^--- PASS: $name " "$dir/tests"; then
    echo "shacl: $name did not run" >&2
    cat "$dir/tests" >&2
    exit 1
  fi
done
tail -n 1 "$dir/tests"
