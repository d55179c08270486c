#!/bin/bash
# fuzz: each target of tests/fuzz over its corpus and then for FUZZ_SECONDS (15) of its own inventions.
set -uo pipefail
[[ $MODE == release ]] || { echo "0 passed, 0 failed"; exit 0; }

passed=0 failed=0
for source in tests/fuzz/*.c; do
  [[ -e $source ]] || continue
  name=$(basename "$source" .c)
  if make --no-print-directory -s -j"${JOBS:-2}" fuzz FUZZ="$name" FUZZ_SECONDS="${FUZZ_SECONDS:-15}"; then
    passed=$((passed + 1))
  else
    echo "FAILED  $name"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
