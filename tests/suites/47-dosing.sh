#!/bin/bash
# dosing: every row of the dosing tables as it was worked out apart from the program, in each preparation (tests/dosing/worked.txt).
set -uo pipefail

program=$BUILD/tests/dosing/worked_test
[[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
exec "$program"
