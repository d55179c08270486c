#!/bin/bash
# properties: every invariant of the contract on generated requests, against an enumeration of completions (tests/property).
#
# LICET_PROPERTY_COUNT says how many requests, LICET_PROPERTY_SEED which; both are printed, and the same seed gives the same requests.
set -uo pipefail

case $MODE in
  release) count=100000 ;;
  *) count=2000 ;; # with sanitizers or counters the same paths, fewer times
esac
program=$BUILD/tests/property/property_test
[[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
exec "$program" --count "${LICET_PROPERTY_COUNT:-$count}" --jobs "${JOBS:-2}"
