#!/bin/bash
# dosing: what a treatment comes to.
#
#   tests/dosing/worked.txt   every row of the dosing tables, in each preparation, as it was worked out apart from the program
#   order_test                what is said of days, interruptions and preparations changes no decision
#   property_test             random drugs, regimens, bodies, interruptions and limits against a slow reckoning
#
# LICET_PROPERTY_COUNT says how many random plans, LICET_PROPERTY_SEED which; the seed is printed, and the same seed gives the same plans.
set -uo pipefail

case $MODE in
  release) count=20000 ;;
  *) count=2000 ;; # with sanitizers or counters the same paths, fewer times
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0

run() { # program arguments …
  local program=$BUILD/tests/dosing/$1
  shift
  [[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
  "$program" "$@" >"$log" 2>&1
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
  else
    failed=$((failed + 1))
  fi
  head -n -1 "$log"
}

run worked_test
half=$(((${LICET_PROPERTY_COUNT:-$count} + 1) / 2))
run order_test --count "$half" --seed "${LICET_PROPERTY_SEED:-1}" policies tests/good/dosing_shapes
run property_test --count "${LICET_PROPERTY_COUNT:-$count}" --seed "${LICET_PROPERTY_SEED:-1}"
echo "$passed passed, $failed failed"
((failed == 0))
