#!/bin/bash
# What people read is plain American English. Each line below is a wording that may not come back, and what is written instead. It is looked for in the
# documents, the manual pages, the lists of messages and options, the public headers, the policies, what the transcripts show, and the messages and comments of
# the code.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

mapfile -t texts < <(git ls-files '*.md' docs/man include 'src/*.def' 'src/*.c' 'src/*.h' 'src/*.cpp' extensions 'policies/*.licet' 'tests/cli/*.transcript' Makefile tools |
  grep -vE '^CHANGELOG\.md$|_test\.c$')

passed=0 failed=0
unwanted() { # Perl regular expression, whole words; what to write instead
  local found
  found=$(grep -nwPi -e "$1" -- "${texts[@]}" 2>/dev/null)
  if [[ -z $found ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED  \"$1\": write $2"
    head -n 12 <<<"$found" | cut -c1-160
  fi
}

unwanted 'is told|are told|be told|was told|were told|tells|told apart|untold' 'reports, shows, lists, says, distinguishes'
unwanted 'hangs? on|hanging on|hung on' 'depends on'
unwanted 'is none of|are none of' 'is not one of'
unwanted 'said otherwise|stated otherwise|decided otherwise|has to be otherwise' 'changed, differently'
unwanted 'comes to|coming to' 'totals, results in'
unwanted 'anew' 'again'
unwanted 'beneath(?! \+| =|;| \?|->|,| !=| ==|\))' 'under'
unwanted 'of whom' 'who, whose'
unwanted 'reckon|reckons|reckoned|reckoning' 'calculate'
unwanted 'is wanting|are wanting' 'is missing'
unwanted 'in the way' 'unmet'
unwanted 'passed over|passes over' 'ignored, skipped'
unwanted 'to go on with|requests? to go on' 'continuation'
unwanted 'readings' 'interpretations'
unwanted 'body surface(?! area)(?=[ .,;])' 'body surface area (BSA)'
unwanted '(?<!similar )faults' 'errors, diagnostics'
unwanted 'only a clinician can go on' 'sent to clinical review'
unwanted 'a population' 'many requests'
unwanted 'foretell|foretells|foretold' 'state'
unwanted 'stands in the way|blames|blamed' 'sole unmet criterion'
unwanted 'lest|hence|thereof|therein|whereby|henceforth' 'a plain word'
unwanted 'behaviour|colours?|coloured|favourable|licence|honour|catalogue|metres?|litres?|neighbours?|neighbouring|cancelled|modelled|judgement' 'the American spelling'

echo "$passed passed, $failed failed"
((failed == 0))
