#!/usr/bin/env bash
# The language: policies of many kinds that must be understood, and wrong ones that must be told.
#
#     45-language.sh [--update]
#
#   tests/good/NAME/        a vocabulary, a policy and its cases, about anything but what policies/ is about, written without touching C: `licet check` and
#                           `licet fmt --check` find nothing, `licet test` passes
#   tests/bad/check/NAME/   wrong files: `licet check` tells just what comments foretell beside the lines, `# expect: L303 column 9` (several joined by `, `);
#                           where a file messages.txt lies beside them, in just its words (--update writes it anew: the diff is the review)
#   hostile                 made here: deep, huge or intertwined texts end soon, with a message (QUICK: not)
#
# All of it with the command under test and, beside the release, with the sanitized one (QUICK: without).
set -u
cd "$(dirname "$0")/../.." || exit 1
here=$PWD
commands=("$(realpath "${LICET:-build/release/licet}")")
if [[ ${MODE:-release} == release && -z ${QUICK:-} ]]; then # both builds, the sanitized one brought up to date
  make --no-print-directory -s -j"${JOBS:-2}" MODE=asan build/asan/licet && commands+=("$here/build/asan/licet")
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/tests/checks"
update=
patience=20 # seconds for a hostile text; a build that counts lines is slow
[[ ${MODE:-release} != coverage ]] || patience=120
[[ ${1-} != --update ]] || update=1
export LC_ALL=C.UTF-8

# ---- Good

good() { # folder
  check_quietly "$1: nothing to complain of" "$licet" check "$1"
  check_quietly "$1: formatted" "$licet" fmt --check "$1"/*.licet
  local count
  count=$("$licet" test --policies "$1" "$1" 2>&1)
  if [[ $(tail -n 1 <<<"$count") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] && ((BASH_REMATCH[1] >= 10)); then
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    ((BASH_REMATCH[2] == 0)) || head -n 60 <<<"$count"
  else
    echo "FAILED  $1: cases, at least 10 of them"
    tail -n 5 <<<"$count"
    failed=$((failed + 1))
  fi
}

# ---- Bad

# "p.licet 7 L301 24" for each diagnostic foretold in the folder.
foretold() {
  awk 'match($0, /# expect: /) {
    n = split(substr($0, RSTART + RLENGTH), items, /, */)
    for (i = 1; i <= n; i++) if (split(items[i], word, " ") == 3) print FILENAME, FNR, word[1], word[3]
  }' ./*.licet | sed 's|^\./||' | sort
}
told() { sed -nE 's/^(\.\/)?([^:]+):([0-9]+):([0-9]+): (error|warning)\[(L[0-9]+)\].*/\2 \3 \6 \4/p' | sort; }

bad() { # folder
  cd "$1" || return
  timeout 60 "$licet" check . >"$work/told" 2>&1
  local status=$?
  foretold >"$work/foretold"
  check_quietly "$1: foretold (-) and told (+)" diff -u --label foretold --label told "$work/foretold" <(told <"$work/told")
  check_quietly "$1: the exit status is 1" test "$status" -eq 1
  [[ -z $update || ! -f messages.txt ]] || grep -v '^[0-9]* errors\?, ' "$work/told" >messages.txt
  [[ ! -f messages.txt ]] || check_quietly "$1: in these words" diff -u messages.txt <(grep -v '^[0-9]* errors\?, ' "$work/told")
  cd "$here" || exit 1
}

# ---- Hostile

facts='vocabulary v "Test"
  fact a: yes | no
  fact n: count
    range 0 to 500
  fact m: count
    range 0 to 500
  fact w: mass
  fact c: code ICD-10-CM
  fact s: name
  fact p: set of a1 | a2 | a3 | a4 | a5 | a6 | a7 | a8 | a9 | a10 | a11 | a12 | a13 | a14 | a15 | a16'
head='policy T "Test"
  payer "P"
  lines medicaid
  drug d
  vocabulary v
  version 2025-01-01'

hostile() { # sentence, expected ("" for none, or a diagnostic's id), lines added to the vocabulary, lines added to the policy
  rm -rf "$work/hostile"
  mkdir "$work/hostile"
  printf '%s\n%s\n' "$facts" "$3" >"$work/hostile/v.licet"
  printf '%s\n%s\n' "$head" "$4" >"$work/hostile/p.licet"
  timeout "$patience" "$licet" check "$work/hostile" >"$work/told" 2>&1
  local status=$?
  if [[ -n $2 ]]; then
    check_quietly "hostile: $1 ends with status 1, not $status" test "$status" -eq 1
    check_quietly "hostile: $1 is told as $2" grep -q "error\[$2\]" "$work/told"
  else
    check_quietly "hostile: $1 ends with status 0, not $status" test "$status" -eq 0
  fi
  check_quietly "hostile: $1 is not told at length" test "$(wc -l <"$work/told")" -lt 1500
}

many() { # count, text in which @ stands for the number and ^ for the one before
  awk -v count="$1" -v text="$2" 'BEGIN { for (i = 1; i <= count; i++) { line = text; gsub(/@/, i, line); gsub(/\^/, i - 1, line); print line } }'
}
listed() { many "$1" "$2" | paste -sd, | sed 's/,/, /g'; }

all_hostile() {
  local leaf='A "x": a
  approve 6 months'
  hostile "more facts than may be" L401 "$(many 1100 '  fact f@: yes | no')" "$leaf"
  hostile "more facts than one policy may read" L401 "$(many 70 '  fact f@: yes | no')" "A \"x\" all of
  approve 6 months
$(many 70 '  @ "x": f@')"
  hostile "more derivations than may be" L401 "$(many 9000 '  derive d@: yes | no = a')" "$leaf"
  hostile "more fields than may be" L401 "  fact l: list
$(many 20 '    field f@: yes | no')" "$leaf"
  hostile "more values than may be" L402 "  fact e: $(many 5000 e@ | paste -sd'|')" "A \"x\": e is e5
  approve 6 months"
  hostile "a longer set than may be" L402 "  set long = $(listed 6000 s@)" "$leaf"
  hostile "a longer code list than may be" L402 "  codes long: ICD-10-CM = $(listed 6000 C@)" "$leaf"
  hostile "more cases of a measure than may be" L403 "" "A \"x\" all of
  approve 6 months
$(many 40 '  @ "x": w > @ kg')"
  hostile "more cases of a set than may be" L403 "" "A \"x\" all of
  approve 6 months
$(many 16 '  @ "x": p includes a@')"
  hostile "entries of too many kinds" L403 "  fact l: list
$(many 16 '    field f@: a | b | c | d | e | f | g | h')" "A \"x\" all of
  approve 6 months
$(many 16 '  @ "x": any l where f@ is a')"
  hostile "counts added up in too many ways" L403 "" "A \"x\" any of
  approve 6 months
$(many 900 '  @ "x": n + m <= @')"
  hostile "more criteria than may be" L404 "" "A \"x\" all of
  approve 6 months
$(many 20000 '  @ "x": a')"
  hostile "more versions than may be" L405 "" "$(for year in {1500..2100}; do echo "  version $year-01-01"; done)
$leaf"
  # The first line fixes the order in which the facts are asked; the others tie the first to the last.
  hostile "conditions that interlock too much" L406 "$(many 60 '  fact f@: c1 | c2 | c3 | c4 | c5 | c6 | c7 | c8')" "A \"x\" all of
  approve 6 months
  0 \"x\": not f1 is c8$(for i in {2..60}; do printf ' or f%d is c8' $i; done)
$(for i in {1..30}; do
    echo "  $i \"x\": (f$i is c1 and f$((i + 30)) is c1) or (f$i is c2 and f$((i + 30)) is c2) or (f$i is c3 and f$((i + 30)) is c3)"
  done)"
  hostile "derivations that double" L409 "  derive d0: yes | no = a
$(many 40 '  derive d@: yes | no = d^ or not d^')" "A \"x\": d40
  approve 6 months"
  hostile "values that double" L409 "  derive d0: mass = w
$(many 40 '  derive d@: mass = d^ + d^')" "A \"x\": d40 > 5 kg
  approve 6 months"
  hostile "derivations that rest on one another" L409 "  derive d0: yes | no = a
$(many 3000 '  derive d@: yes | no = d^')" "$leaf"
  hostile "derivations that rest on later ones" L409 "  derive d3001: yes | no = a
$(many 3000 '  derive d^: yes | no = d@')" "$leaf"
  hostile "more tests than may be" L409 "" "A \"x\" any of
  approve 6 months
$(many 30 "  @ \"x\": a$(printf ' or a%.0s' {1..3000})")"
  hostile "more mistakes than are shown" L407 "" "A \"x\" any of
  approve 6 months
$(many 3000 '  @ "x": b@')"
  hostile "criteria that refer to one another twice" "" "" "A0 \"x\": a
  approve 6 months
$(many 60 'A@ "x": met A^ or not met A^')
  approve 1 month"
  hostile "criteria in a long circle" L308 "" "A0 \"x\": met A600
  approve 6 months
$(many 600 'A@ "x": met A^')"
  hostile "a name that is one of a great many" L402 "" "A \"x\": s in $(listed 100000 s@)
  approve 6 months"
  hostile "names that are one of many" "" "" "A \"x\" any of
  approve 6 months
$(many 30 "  @ \"x\": s in $(listed 4000 s@_@) or s is t@")"
  hostile "codes that are one of many" L403 "" "A \"x\" any of
  approve 6 months
$(for i in {10..39}; do echo "  $i \"x\": c in $(listed 400 "C$i.@")"; done)"
}

for licet in "${commands[@]}"; do
  for folder in tests/good/*/; do good "${folder%/}"; done
  for folder in tests/bad/check/*/; do bad "${folder%/}"; done
  [[ -n ${QUICK:-} ]] || all_hostile
done
echo "$passed passed, $failed failed"
((failed == 0))
