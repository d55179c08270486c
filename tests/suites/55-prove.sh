#!/bin/bash
# prove: the prover against brute force on random small policies (tests/prove), and the witnesses of the five replayed by the command.
#
# LICET_PROVE_COUNT says how many policies, LICET_PROVE_SEED from which seed on; the same seed gives the same policies.
set -uo pipefail

case $MODE in
  release) count=10000 ;;
  *) count=200 ;; # with sanitizers or counters the same paths, fewer times
esac
count=${LICET_PROVE_COUNT:-$count} seed=${LICET_PROVE_SEED:-1} jobs=${JOBS:-2}
program=$BUILD/tests/prove/prove_test
[[ -x $program ]] || make --no-print-directory -s -j"$jobs" MODE="$MODE" "$program" || exit 1
licet=$(realpath "$BUILD/licet")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/checks

add() { # the last line of a program that counts
  local line
  line=$(tail -n 1 "$1")
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    grep '^#' "$1"
    [[ ${BASH_REMATCH[2]} == 0 ]] || cat "$1"
  else
    failed=$((failed + 1))
    cat "$1"
  fi
}

# Several processes, each with seeds of its own.
for ((job = 0; job < jobs; job++)); do
  "$program" --count $(((count + jobs - 1) / jobs)) --seed $((seed + job)) >"$work/brute.$job" 2>&1 &
done
wait
for ((job = 0; job < jobs; job++)); do add "$work/brute.$job"; done

# Every witness of a finding is a file that the command decides as it was told.
replay() { # FILE, the decision told
  local told=$2 answer outcome reason pathway words
  answer=$("$licet" decide --policies policies --json "$1") || return 1
  outcome=$(jq -r .outcome <<<"$answer") reason=$(jq -r '.reason // ""' <<<"$answer") pathway=$(jq -r '.pathway // ""' <<<"$answer")
  if [[ $outcome == approve && -n $pathway ]]; then
    words="approve by $pathway"
  elif [[ -n $reason ]]; then
    words="$outcome ($reason)"
  else
    words=$outcome
  fi
  echo "decided: $words"
  echo "told:    $told"
  [[ $told == "$words"* ]]
}

"$licet" check --prove --json --witnesses "$work/witnesses" policies >"$work/findings.json"
check_quietly "no finding of the five is a defect" test $? -eq 0
check_quietly "the findings are JSON" jq -e 'length > 0' "$work/findings.json"
while IFS=$'\t' read -r file shows; do
  check_quietly "$file is decided as told" replay "$file" "$shows"
done < <(jq -r '.[] | select(.witness_file) | [.witness_file, .shows] | @tsv' "$work/findings.json")
check_quietly "every overlap and every interpretation that differs has a witness" \
  jq -e 'all(.[]; (.kind != "overlap" and .kind != "interpretation_differs") or .witness != null)' "$work/findings.json"
for reading in R-A1 R-A2; do
  check_quietly "$reading contradicts itself as printed" \
    jq -e --arg id "$reading" 'any(.[]; .kind == "interpretation_contradicts" and .interpretation == $id)' "$work/findings.json"
done
check_quietly "nothing else contradicts itself" jq -e '[.[] | select(.kind == "interpretation_contradicts")] | length == 2' "$work/findings.json"
check_quietly "R-C1 concerns those after imatinib" \
  jq -e 'any(.[]; .interpretation == "R-C1" and (.witness | tostring | contains("imatinib")) and (.shows | contains("literally: refer")))' "$work/findings.json"
check_quietly "the lists of Aspirus overlap from 15 to 17" \
  jq -e 'any(.[]; .policy == "aspirus-blincyto" and .kind == "overlap" and (.common | contains("age: 15 years to under 18 years")))' "$work/findings.json"
check_quietly "R-O1 leaves 15 to 17 to a reviewer" \
  jq -e 'any(.[]; .interpretation == "R-O1" and (.common | contains("age: 15 years to under 18 years")))' "$work/findings.json"
check_quietly "R-O2 leaves those from 18 on" \
  jq -e 'any(.[]; .interpretation == "R-O2" and .policy == "OHSU-0382" and (.common | contains("age: 18 years or more")))' "$work/findings.json"
check_quietly "a redundant criterion that is required is shown by one who fails it and is approved" \
  jq -e '[.[] | select(.kind == "redundant" and (.why | contains("other criteria already")))] | length > 0 and all(.[]; .shows | startswith("approve"))' "$work/findings.json"
check_quietly "Aspirus A1.a is shown by someone on the list for adults who is Ph-positive" \
  jq -e 'any(.[]; .kind == "redundant" and .path == "adult.A1.a" and .witness.facts.philadelphia == "positive" and .shows == "approve by adult.A1")' "$work/findings.json"

# Every pair of policies, and every witness to both sides.
policies=(CP.PHAR.312 OHSU-0382 PA.CP.PHAR.359 aspirus-blincyto masshealth-uppl-all masshealth-uppl-all@2023-01-01)
pairs=0
for first in "${policies[@]}"; do
  for second in "${policies[@]}"; do
    "$licet" compare --policies policies --json --witnesses "$work/pair.$pairs" "$first" "$second" >"$work/pair.json"
    if [[ $first == "$second" ]]; then
      check_quietly "$first equals itself" jq -e '.initial.relation == "equivalent" and .continuation.relation == "equivalent"' "$work/pair.json"
    else
      check_quietly "$first against $second: every difference has a witness" \
        jq -e '[.initial, .continuation] | all(.[]; (.regions + .authorizations) | all(.[]; .first != null and .second != null))' "$work/pair.json"
      check_quietly "$first against $second: what must be documented is shown by one without documents" \
        jq -e '[.terms[] | select(.topic == "evidence")] | all(.[]; ([.first_decided, .second_decided] | any(. == "pend for documents"))
          and ([.first_decided, .second_decided] | any(startswith("approve"))))' "$work/pair.json"
      if [[ $first != *@* && $second != *@* ]]; then
        check_quietly "$first against $second: received on one day, born before it" \
          jq -e '[.initial, .continuation | (.regions + .authorizations)[]] | all(.[]; .first.received == .second.received
            and (.first.facts.birth_date as $b | ($b | type) != "string" or $b < .first.received))' "$work/pair.json"
      fi
      "$licet" compare --policies policies --json "$second" "$first" >"$work/back.json"
      for kind in initial continuation; do
        relation=$(jq -r ".$kind.relation" "$work/pair.json")
        declare -A turned=([equivalent]=equivalent [implies]=implied [implied]=implies [disjoint]=disjoint [overlapping]=overlapping)
        check_quietly "$first against $second is $second against $first turned round ($kind)" \
          jq -e --arg r "${turned[$relation]}" ".$kind.relation == \$r" "$work/back.json"
      done
    fi
    pairs=$((pairs + 1))
  done
done
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
