#!/bin/bash
# outcomes: the decision stands once. A build whose list of outcomes (src/decide/outcome.def) has one row more gives the new outcome in every way to
# decide: explained, alone, over columns, row by row and in an interview; and every request that the row does not concern is decided as before.
set -uo pipefail
[[ $MODE == release ]] || { echo "0 passed, 0 failed"; exit 0; }
. tests/checks

build=build/outcome
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make_it() {
  make --no-print-directory -s -j"${JOBS:-2}" MODE=release BUILD=$build CPPFLAGS=-DLICET_TEST_OUTCOME $build/licet $build/extensions/sqlite/licet.so
}
check "a build with one outcome more" make_it || { echo "$passed passed, $failed failed"; exit 1; }
more=$build/licet
# The new outcome: a referral for a reason that no other referral has.
new="refer unknown_policy"

# A request that another policy governs for certain; one of which that is open; and all the cases there are.
certain=$(jq -c 'select(.request.id == "C-147").request' policies/CP.PHAR.312.cases)
jq -c '.request' policies/*.cases >"$work/all.ndjson"
reasons() { jq -r '[.request // .id, .outcome, .reason // "-"] | join(" ")'; }

check "explained" is "$("$more" decide <<<"$certain" | jq -r '"\(.outcome) \(.reason)"')" "$new"
check "before" is "$("$LICET" decide <<<"$certain" | jq -r .reason)" other_policy
check "alone, in a database" is "$(sqlite3 -batch :memory: ".load $PWD/$build/extensions/sqlite/licet" "select licet_policies('policies') is null" \
  "select licet_outcome('${certain//\'/\'\'}') || ' ' || licet_reason('${certain//\'/\'\'}')" | tail -n 1)" "$new"

"$more" decide --ndjson --json "$work/all.ndjson" 2>/dev/null | jq -c 'select(.errors == null)' | reasons >"$work/more"
"$LICET" decide --ndjson --json "$work/all.ndjson" 2>/dev/null | jq -c 'select(.errors == null)' | reasons >"$work/before"
check "all else as before" is "$(sed "s/ $new/ refer other_policy/" "$work/more" | cmp - "$work/before" 2>&1)" ""
check "some are concerned, and not all" test "$(grep -c " $new" "$work/more")" -gt 0 -a \
  "$(grep -c ' other_policy' "$work/more")" -gt 0

"$more" bulk --to ndjson "$work/all.ndjson" 2>/dev/null | reasons >"$work/bulk"
check "over columns and row by row as explained" is "$(cmp "$work/more" "$work/bulk" 2>&1)" ""

answers=$(printf '%s\n' "$certain" >"$work/certain.json" && "$more" ask --json "$work/certain.json" </dev/null 2>/dev/null | tail -n 1)
check "in an interview" is "$(jq -r '.determination | "\(.outcome) \(.reason)"' <<<"$answers")" "$new"
echo "$passed passed, $failed failed"
((failed == 0))
