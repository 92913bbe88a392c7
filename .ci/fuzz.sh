#!/usr/bin/env bash
# Runs every fuzz target for a time, one after the other, and prints how many inputs each
# was given: .ci/fuzz.sh 30s [PATTERN]. An input that fails is written to testdata/fuzz of
# the package; others that reach new code stay in Go's cache for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-30s}
failed=0
while IFS=: read -r file _ line; do
  name=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/' <<<"$line")
  package=./$(dirname "$file")
  [[ "$package $name" =~ ${2:-.} ]] || continue
  if out=$(go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 1s -parallel "${FUZZPARALLEL:-$(nproc)}" "$package" 2>&1); then
    printf '%-60s %s\n' "$package $name" "$(grep -oE 'execs: [0-9]+' <<<"$out" | tail -1), $(grep -oE 'new interesting: .*' <<<"$out" | tail -1)"
  else
    failed=1
    printf '%-60s FAILED\n%s\n' "$package $name" "$out"
  fi
done < <(grep -rn --include='*_test.go' '^func Fuzz' api internal openapi test | sort)
exit $failed
