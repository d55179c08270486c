#!/bin/bash
# revisions: a later version changes no determination of what was received before it (tests/property/revisions_test.c).
#
# LICET_PROPERTY_COUNT says how many revisions of each policy, LICET_PROPERTY_SEED which; the same seed gives the same revisions.
set -uo pipefail

case $MODE in
  release) count=40 ;;
  *) count=4 ;; # with sanitizers or counters the same paths, fewer times
esac
program=$BUILD/tests/property/revisions_test
[[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
exec "$program" --count "${LICET_PROPERTY_COUNT:-$count}" --seed "${LICET_PROPERTY_SEED:-20260101}"
