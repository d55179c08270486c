#!/bin/bash
# contrast: what would have been approved, held against changing everything there is to change (tests/property).
#
# LICET_PROPERTY_COUNT says how many, LICET_PROPERTY_SEED which; the same seed gives the same requests.
set -uo pipefail

case $MODE in
  release) count=1500 ;;
  *) count=100 ;; # with sanitizers or counters the same paths, fewer times
esac
program=$BUILD/tests/property/contrast_test
[[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
exec "$program" --count "${LICET_PROPERTY_COUNT:-$count}" --seed "${LICET_PROPERTY_SEED:-20260101}"
