#!/bin/bash
# allocations: the command when memory runs out. Of each command line below every allocation is made to fail in turn, those of foreign code (simdjson, the C++
# runtime, the C library) included. Nothing crashes; the exit status is that of a failure, with a word on standard error; or all that the command was to write
# is there, because that allocation could be done without.
#
# Some thirty allocations of each command line, evenly spaced; LICET_EVERY_ALLOCATION=1 tries all of them.
#
# Of the release alone: the sanitizers bring an allocator of their own.
set -uo pipefail
[[ ${MODE:-release} == release ]] || { echo "0 passed, 0 failed"; exit 0; }
cd "$(dirname "$0")/../.." || exit 1
licet=${LICET:-$PWD/build/release/licet}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
export LC_ALL=C.UTF-8

cc -shared -fPIC -O1 -Wall -Wextra -o "$work/fail_nth.so" tests/allocations/fail_nth.c || { echo "0 passed, 1 failed"; exit 1; }

# ---- What the command lines work on

policies=docs/examples/first-policy
cat >"$work/request.json" <<'JSON'
{"id":"R-7","policy":"EX-7","line":"commercial","drug":"examplimab","kind":"initial","received":"2026-08-31","start":"2026-09-07","facts":{"birth_date":"2001-05-17","severe_asthma":{"value":true,"document":"chart-3"},"total_ige":{"value":210,"document":"lab-8"}}}
JSON
for _ in 1 2 3; do cat "$work/request.json"; done >"$work/requests.ndjson"
printf 'policy,line,drug,kind,received,birth_date,total_ige\nEX-7,commercial,examplimab,initial,2026-08-31,2001-05-17,210\n' >"$work/requests.csv"
printf 'yes\n40\nno\n\n' >"$work/answers"
"$licet" pack --policies "$policies" --output "$work/requests.licetcol" "$work/requests.ndjson" 2>"$work/pack" || { cat "$work/pack"; echo "0 passed, 1 failed"; exit 1; }

# ---- One command line

# Runs it with LICET_FAIL_NTH as $1 says (0: none fails); output in $work/out and $work/err.
run() {
  rm -f "$work"/written*
  timeout 60 env LD_PRELOAD="$work/fail_nth.so" LICET_FAIL_NTH="$1" LICET_COUNT_TO="${3:-}" "$licet" "${line[@]}" <"$input" >"$work/out" 2>"$work/err"
  local status=$?
  cat "$work"/written* >>"$work/out" 2>/dev/null
  return $status
}

line_fails() { # what is wrong, with which allocation
  failed=$((failed + 1))
  ((failed > 40)) || printf 'FAILED  licet %s: allocation %s of %s: %s\n        %s\n' "${line[*]}" "$2" "$count" "$1" "$(tail -n 1 "$work/err")"
}

sweep() { # input, then the command line
  input=$1
  shift
  line=("$@")
  run 0 "" "$work/count"
  local usual=$? step=1
  cp "$work/out" "$work/usual"
  count=$(<"$work/count")
  if ((usual > 1)); then line_fails "ends with status $usual where nothing fails" 0; return; fi
  [[ -n ${LICET_EVERY_ALLOCATION:-} ]] || step=$((count / 30 + 1))
  for ((n = 1; n <= count; n += step)); do
    run "$n"
    local status=$?
    if ((status >= 124)); then
      line_fails "ends with status $status" "$n"
    elif ((status == usual)) && cmp -s "$work/out" "$work/usual"; then
      passed=$((passed + 1))
    elif ((status == 0)); then
      line_fails "status 0, and the output is not whole" "$n"
    elif [[ ! -s $work/err ]] && ((status != usual)); then
      line_fails "status $status without a word" "$n"
    elif ((status == usual)); then
      line_fails "status $status as when memory suffices, and the output is another" "$n"
    else
      passed=$((passed + 1))
    fi
  done
}

nothing=/dev/null
sweep "$work/request.json" decide --policies "$policies" -
sweep "$work/request.json" decide --tree --policies "$policies" -
sweep "$work/request.json" decide --why-not --policies "$policies" -
sweep "$work/request.json" decide --all-payers --policies "$policies" -
sweep "$work/requests.ndjson" decide --ndjson --policies "$policies" -
sweep "$nothing" bulk --policies "$policies" "$work/requests.ndjson"
sweep "$nothing" bulk --policies "$policies" "$work/requests.csv"
sweep "$nothing" bulk --policies "$policies" --output "$work/written.csv" "$work/requests.ndjson"
sweep "$nothing" bulk --policies "$policies" "$work/requests.licetcol"
sweep "$nothing" pack --policies "$policies" --output "$work/written.licetcol" "$work/requests.ndjson"
sweep "$work/answers" ask --policies "$policies" "$work/request.json"
sweep "$work/answers" ask --json --policies "$policies" "$work/request.json"
sweep "$nothing" dose examples/dose.json
sweep "$nothing" dose --json examples/dose.json
sweep "$nothing" dose --html examples/dose.json
sweep "$nothing" dose --ical examples/dose.json
sweep "$nothing" check "$policies"
sweep "$nothing" check --prove "$policies"
sweep "$nothing" compare --policies "$policies" EX-7 EX-7
sweep "$nothing" test "$policies"
sweep "$nothing" show --policies "$policies" EX-7
sweep "$nothing" show --html --policies "$policies" EX-7
sweep "$nothing" policies --policies "$policies"
sweep "$nothing" facts --policies "$policies"
sweep "$policies/EX-7.licet" fmt -

echo "$passed passed, $failed failed"
((failed == 0))
