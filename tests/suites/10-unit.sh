#!/bin/bash
# unit: every src/ROOM/*_test.c, in the build under test and, where that is the release, with the sanitizers too (QUICK: without).
set -uo pipefail

modes=("$MODE")
if [[ $MODE == release && -z ${QUICK:-} ]]; then
  modes+=(asan)
fi
exec tests/unit "${modes[@]}"
