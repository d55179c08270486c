#!/bin/bash
# tiny: the unit tests in the build whose limits are small.
[[ $MODE == release ]] || { echo "0 passed, 0 failed"; exit 0; }
exec tests/unit tiny
