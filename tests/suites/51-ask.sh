#!/bin/bash
# ask: interviews with generated patients end as the whole request is decided, and ask nothing that cannot matter (tests/property).
#
# LICET_PROPERTY_COUNT says how many, LICET_PROPERTY_SEED which; the same seed gives the same patients.
set -uo pipefail

case $MODE in
  release) count=2000 ;;
  *) count=100 ;; # with sanitizers or counters the same paths, fewer times
esac
program=$BUILD/tests/property/ask_test
[[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
exec "$program" --count "${LICET_PROPERTY_COUNT:-$count}" --seed "${LICET_PROPERTY_SEED:-20260101}"
