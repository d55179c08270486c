#!/usr/bin/env bash
# bulk: column evaluation against licet_decide, request for request and path against path (tests/bulk); then the commands: every format, threads, errors,
# a full disk, a closed pipe, a run that is killed and resumed, damaged files, ten million rows.
#
# LICET_BULK_COUNT says how many generated requests, LICET_BULK_SEED which.
set -uo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here" || exit 1
licet=$BUILD/licet
case $MODE in
  release) count=1000000 rows=10000000 ;;
  *) count=6000 rows=20000 ;; # with sanitizers the same paths, fewer times
esac
program=$BUILD/tests/bulk/bulk_test
[[ -x $program ]] || make --no-print-directory -s -j"${JOBS:-2}" MODE="$MODE" "$program" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/tests/checks"

bulk() { "$licet" bulk "$@" 2>/dev/null; }

# ---- The same as one by one

# These take longest, and go on beside the rest; what came of them is told at the end.
"$program" --count "${LICET_BULK_COUNT:-$count}" --seed "${LICET_BULK_SEED:-20261102}" --jobs "${JOBS:-2}" policies tests/good/* >"$work/generated" 2>&1 &
awk -v rows=$((rows < 100000 ? rows : 100000)) 'BEGIN { split("relapsed refractory remission newly_diagnosed", s, " "); srand(7)
  for (i = 0; i < rows; i++) print "{\"payer\":\"Centene\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"received\":\"2026-02-12\"," \
    "\"facts\":{\"diagnosis\":\"acute_lymphoblastic_leukemia\",\"lineage\":\"b_cell_precursor\",\"disease_status\":\"" s[int(rand() * 4) + 1] "\"" \
    (rand() < 0.5 ? ",\"philadelphia\":\"negative\"" : "") "}}" }' >"$work/some_rows.ndjson"
for ((i = 0; i < rows; i += 100000)); do cat "$work/some_rows.ndjson"; done | "$licet" pack --output "$work/rows.columns" 2>/dev/null &

# Every case there is, series and lists and errors included.
for folder in policies tests/good/*; do
  cat "$folder"/*.cases 2>/dev/null | jq -c '.request | select(type == "object")' >"$work/cases.ndjson" 2>/dev/null
  [ -s "$work/cases.ndjson" ] || continue
  "$licet" decide --policies "$folder" --ndjson --json <"$work/cases.ndjson" 2>/dev/null |
    jq -c 'select(.errors == null) | [.request, .outcome, .reason // null, .pathway // null]' >"$work/alone"
  bulk --policies "$folder" "$work/cases.ndjson" | jq -c '[.request, .outcome, .reason, .pathway]' >"$work/columns"
  check "$folder: the cases come to the same, one by one and in bulk" diff -q "$work/alone" "$work/columns"
  check "$folder: the cases come to the same packed" bash -c "'$licet' pack --policies $folder '$work/cases.ndjson' --output '$work/cases.columns' 2>/dev/null &&
    '$licet' bulk --policies $folder '$work/cases.columns' 2>/dev/null | jq -c '[.request, .outcome, .reason, .pathway]' | diff -q - '$work/alone'"
done

# A body surface that is stated may stand for the computed one (150 cm and 40 kg: 1.291 m2): rows that differ in nothing else.
jq -c 'select(.drug == "blinatumomab") | . as $r | ("1.20 m2", "1.23 m2", "1.29 m2", "1.31 m2", "1.35 m2", "1.40 m2", null) as $surface |
  (range(15; 26) | "\(.) mcg/day") as $dose | $r | .id += "/\($dose)/\($surface)" | .facts += {height: "150 cm", weight: "40 kg", dose_per_day: $dose} |
  if $surface then .facts.body_surface_area = $surface else . end' <(cat policies/masshealth*.cases | jq -c '.request | select(type == "object")') >"$work/surfaces.ndjson"
"$licet" decide --ndjson --json <"$work/surfaces.ndjson" 2>/dev/null | jq -c 'select(.errors == null) | [.request, .outcome, .reason // null]' >"$work/alone"
bulk "$work/surfaces.ndjson" | jq -c '[.request, .outcome, .reason]' >"$work/columns"
check "stated body surfaces come to the same" cmp -s "$work/alone" "$work/columns"
jq -r '[(.[0] | split("/")[:3] | join("/")), .[1]] | @tsv' "$work/alone" | sort -u | cut -f1 | uniq -d >"$work/moved"
check "and where they are near enough, they matter" test -s "$work/moved"

# ---- Formats, threads, registers

cat policies/*.cases | jq -c '.request | select(type == "object")' >"$work/cases.ndjson"
for _ in $(seq 1 $([ "$MODE" = release ] && echo 30 || echo 2)); do cat "$work/cases.ndjson"; done >"$work/all.ndjson"
summary() { bulk "$work/all.ndjson" --criteria --missing --output "$work/$1.out" --rejects "$work/$1.rejects" --summary "$work/$1.json" "${@:2}"; }
summary one --threads 1
summary three --threads 3
summary plain --threads 2 --registers portable
for name in three plain; do
  for part in out rejects json; do check "$part does not depend on $name" cmp -s "$work/one.$part" "$work/$name.$part"; done
done
check "bad requests are told" test -s "$work/one.rejects"
check "every request is decided or rejected" test "$(grep -c . "$work/all.ndjson")" -eq $(($(wc -l <"$work/one.out") + $(wc -l <"$work/one.rejects")))
check "the summary counts them" test "$(jq '.requests - .rejected == ([.decided[0].outcomes[].requests] | add)' "$work/one.json")" = true
check "packing" exits 0 "$licet" pack "$work/all.ndjson" --output "$work/all.columns"
bulk "$work/all.columns" | jq -c '[.request, .outcome, .reason, .pathway]' >"$work/packed"
jq -c '[.request, .outcome, .reason, .pathway]' <"$work/one.out" >"$work/unpacked"
check "a column file gives the same outcomes" cmp -s "$work/packed" "$work/unpacked"
bulk "$work/all.ndjson" --to csv | head -1 >"$work/head"
check "CSV has a heading" grep -qx "line,request,policy,version,outcome,reason,pathway,version_digest,engine" "$work/head"
check "outcomes as columns" exits 0 "$licet" bulk "$work/all.ndjson" --to columns --output "$work/outcomes" --threads 2
bulk "$work/all.ndjson" --to columns --threads 1 | cmp -s - "$work/outcomes"
check "their bytes do not depend on the threads" test $? -eq 0
check "a full disk is told of columns" exits 3 "$licet" bulk "$work/all.ndjson" --to columns --output /dev/full
check "several policies at once" test "$(bulk "$work/all.ndjson" --by OHSU-0382 --by CP.PHAR.312@2026-01-01 | jq -r .by | sort -u | wc -l)" -eq 2
check "an impact is counted" test "$(bulk "$work/all.ndjson" --by masshealth-uppl-all@2026-01-01 --against masshealth-uppl-all@2023-02-01 --summary - | jq '.impact.moved | length')" -gt 0

# ---- Edges

: >"$work/empty.ndjson"
check "an empty input: nothing is decided" exits 1 "$licet" bulk "$work/empty.ndjson"
check "an empty input is packed: nothing is decided" exits 1 "$licet" pack "$work/empty.ndjson" --output "$work/empty.columns"
check "an empty column file: nothing is decided" exits 1 "$licet" bulk "$work/empty.columns"
known='{"id":"K","payer":"Centene","line":"medicaid","drug":"blinatumomab","kind":"initial","received":"2026-02-12","facts":{'
for n in 1 63 64 65 511 512 513 4095 4096 4097; do
  for _ in $(seq 1 $n); do echo "$known}}"; done >"$work/edge.ndjson"
  check "$n rows, all unknown" test "$(bulk "$work/edge.ndjson" | grep -c '"outcome":"pend"')" -eq $n
  "$licet" pack "$work/edge.ndjson" --output "$work/edge.columns" 2>/dev/null
  check "$n rows, packed" test "$(bulk "$work/edge.columns" | grep -c '"outcome":"pend"')" -eq $n
done
printf '%s}}' "$known" >"$work/last.ndjson"
check "a last line without its end" test "$(bulk "$work/last.ndjson" | wc -l)" -eq 1
{ echo "$known}}"; head -c 3000000 /dev/zero | tr '\0' x; echo; echo "$known}}"; } >"$work/long.ndjson"
check "a line too long is one bad request" test "$(bulk "$work/long.ndjson" --rejects "$work/r" | jq -c .line | paste -sd,)" = 1,3
check "and is told" test "$(jq -r .line "$work/r")" = 2
request_of() { printf '%s}%*s}\n' "$known" $(($1 - ${#known} - 2)) ''; } # bytes, without the end of the line
for form in ndjson csv columns; do
  request_of 1048576 >"$work/most.ndjson"
  check "a request of 1 MiB is decided, to $form" exits 0 "$licet" bulk "$work/most.ndjson" --to $form
done
check "and one by one" exits 0 "$licet" decide --ndjson --json "$work/most.ndjson"
check "and packed" exits 0 "$licet" pack "$work/most.ndjson" --output "$work/most.columns"
request_of 1048577 >"$work/more.ndjson"
check "a byte more is too many, in bulk" exits 1 "$licet" bulk "$work/more.ndjson"
check "and one by one" exits 1 "$licet" decide --ndjson --json "$work/more.ndjson"

# ---- Quotes where none belong

awk 'BEGIN { print "id,payer,line,drug,kind,received,philadelphia"; for (i = 1; i <= 5000; i++) print "C-" i ",Centene,medicaid,blinatumomab,initial,2026-02-12,negative" }' >"$work/rows.csv"
stray() { # what, the row's new text, then the threads
  sed "3s/.*/$2/" "$work/rows.csv" >"$work/stray.csv"
  bulk "$work/stray.csv" --rejects "$work/r" --output "$work/o.ndjson" --threads 2
  check "$1: all other rows are decided" test "$(wc -l <"$work/o.ndjson")" -eq 4999
  check "$1: its line is told" test "$(jq -r .line "$work/r")" = 3
  check "$1: the lines behind are right" test "$(tail -1 "$work/o.ndjson" | jq -r '"\(.line) \(.request)"')" = "5001 C-5000"
  "$licet" pack "$work/stray.csv" --rejects "$work/r" --output "$work/o.columns" 2>"$work/err"
  check "$1: packed" tells "5000 requests, 1 rejected"
  check "$1: its line is told when packing" test "$(jq -r .line "$work/r")" = 3
}
stray "a quote in a field" 'C-2,Cen"tene,medicaid,blinatumomab,initial,2026-02-12,negative'
stray "a quote that does not close" 'C-2,"Centene,medicaid,blinatumomab,initial,2026-02-12,negative'
stray "text behind a quote" 'C-2,"Cen"tene,medicaid,blinatumomab,initial,2026-02-12,negative'
sed -i '9s/Centene/"Centene"/' "$work/rows.csv"
stray "a quote that another row seems to close" 'C-2,"Centene,medicaid,blinatumomab,initial,2026-02-12,negative'
for _ in $(seq 20); do tail -n +2 "$work/rows.csv"; done >"$work/tail.csv"
{ sed '3s/Centene/"Centene/; 9s/"//g' "$work/rows.csv"; tr -d '"' <"$work/tail.csv"; } >"$work/large.csv"
check "a quote that no row closes, in a large file" test "$(bulk "$work/large.csv" --rejects "$work/r" | wc -l) $(jq -r .line "$work/r")" = "104999 3"
printf 'id,payer,line,drug,kind,received\n"C\n1",Centene,medicaid,blinatumomab,initial,2026-02-12\nC-2,Centene\n"C\n3",Centene\n' >"$work/lines.csv"
check "an id of two lines" test "$(bulk "$work/lines.csv" --rejects "$work/r" | jq -c '[.line, .request]')" = '[2,"C\n1"]'
check "the lines of what follows" test "$(jq -r .line "$work/r" | paste -sd,)" = 4,5
check "how many lines a bad record is" grep -q "in a record of 2 lines" "$work/r"

printf '%s\n' '{"id":"a\"b\nc,\u00e9\u20ac\ud83d\ude00\\d","payer":"Centene","line":"medicaid","drug":"blinatumomab","kind":"initial","received":"2026-02-12","facts":{}}' >"$work/id.ndjson"
bulk "$work/id.ndjson" --to csv | tail -n +2 | sed 's/sha256:[0-9a-f]*,licet .*/DIGEST,ENGINE/' >"$work/id.csv"
printf '1,"a""b\nc,\303\251\342\202\254\360\237\230\200\\d",CP.PHAR.312,2022-08-01,pend,,,DIGEST,ENGINE\n' >"$work/id.wanted"
check "an id with quotes, line ends and escapes is a field" cmp "$work/id.csv" "$work/id.wanted"

# ---- Faults of the world

check "a full disk" exits 3 "$licet" bulk "$work/all.ndjson" --output /dev/full
check "is told" tells "No space left on device"
check "a full disk when packing" exits 3 bash -c "'$licet' pack '$work/all.ndjson' --output - >/dev/full"
check "a closed pipe" bash -c "'$licet' bulk '$work/all.ndjson' 2>'$work/err' | head -1 >/dev/null; test \${PIPESTATUS[0]} -eq 3 -o \$(wc -c <'$work/one.out') -lt 100000"
check "no such file" exits 3 "$licet" bulk "$work/none.ndjson"
check "strict stops" exits 1 "$licet" bulk --strict "$work/all.ndjson"
check "no such policy" exits 3 "$licet" bulk --by OHSU-038 "$work/all.ndjson"
check "names the nearest" tells "did you mean 'OHSU-0382'?"

# ---- No file is two

refused() { # what, then the arguments; all.ndjson must stay as it is
  local claim=$1
  shift
  check "$claim: refused" exits 2 "$licet" "$@"
  check "$claim: told" tells "each needs a file of its own"
  check "$claim: the input stands" cmp -s "$work/all.ndjson" "$work/mine.ndjson"
}
cp "$work/all.ndjson" "$work/mine.ndjson"
ln -s mine.ndjson "$work/symbolic.ndjson"
ln "$work/mine.ndjson" "$work/hard.ndjson"
for name in mine symbolic hard ./mine; do
  refused "output $name is the input" bulk "$work/mine.ndjson" --output "$work/$name.ndjson"
  refused "packing into $name" pack "$work/mine.ndjson" --output "$work/$name.ndjson"
done
cp "$work/mine.ndjson" "$work/packed.new"
check "packing by way of the input" exits 2 "$licet" pack "$work/packed.new" --output "$work/packed"
refused "rejects are the input" bulk "$work/mine.ndjson" --output "$work/o" --rejects "$work/mine.ndjson"
refused "packing, rejects are the input" pack "$work/mine.ndjson" --output "$work/o" --rejects "$work/mine.ndjson"
refused "the summary is the input" bulk "$work/mine.ndjson" --output "$work/o" --summary "$work/mine.ndjson"
refused "the checkpoint is the input" bulk "$work/mine.ndjson" --output "$work/o" --checkpoint "$work/mine.ndjson"
refused "rejects are the output, neither there yet" bulk "$work/mine.ndjson" --output "$work/both" --rejects "$work/./both"
refused "the checkpoint is the output" bulk "$work/mine.ndjson" --output "$work/both" --checkpoint "$work/both"
refused "the summary is the output" bulk "$work/mine.ndjson" --output "$work/both" --summary "$work/both"
check "nothing was made" test ! -e "$work/both"
check "the standard output is the input" bash -c "'$licet' bulk '$work/mine.ndjson' >>'$work/mine.ndjson' 2>/dev/null; test \$? -eq 2"
check "a device may be two" exits 0 "$licet" bulk "$work/mine.ndjson" --output /dev/null --rejects /dev/null
check "a summary that cannot be written is told at the start" exits 3 "$licet" bulk "$work/mine.ndjson" --output "$work/none" --summary "$work/no/where"
check "before any output" test ! -e "$work/none"
for words in "--registers sse9" "--by OHSU-0382 --by CP.PHAR.312 --against OHSU-0382" "--checkpoint $work/c" "--checkpoint"; do
  check "$words: refused" exits 2 "$licet" bulk "$work/mine.ndjson" $words
done

# ---- Damaged column files

size=$(stat -c %s "$work/all.columns")
for at in 0 7 40 100 1000 $((size / 2)) $((size - 1)); do
  head -c "$at" "$work/all.columns" >"$work/cut.columns"
  check "cut at $at: refused" exits 1 "$licet" bulk --from columns "$work/cut.columns"
  cp "$work/all.columns" "$work/spoilt.columns"
  byte=$(od -An -tu1 -j "$at" -N 1 "$work/all.columns")
  printf "\\x$(printf %x $(((byte + 1) % 256)))" | dd of="$work/spoilt.columns" bs=1 seek="$at" conv=notrunc status=none
  check "spoilt at $at: refused" exits 1 "$licet" bulk --from columns "$work/spoilt.columns"
done
check "a foreign file: refused" exits 1 "$licet" bulk --from columns "$work/all.ndjson"
check "and told" tells "not a column file"

# ---- Killed and resumed

if [ "$MODE" = release ]; then
  for _ in 1 2 3 4 5 6; do cat "$work/all.ndjson"; done >"$work/many.ndjson"
  for _ in 1 2 3; do cat "$work/many.ndjson"; done >"$work/most.ndjson"
  bulk "$work/most.ndjson" --criteria --output "$work/whole.out" --rejects "$work/whole.rejects" --summary "$work/whole.json" --threads 1
  killed=0
  for wait in 0.2 0.9 0.8 0.7; do
    "$licet" bulk "$work/most.ndjson" --criteria --output "$work/parts.out" --rejects "$work/parts.rejects" --summary "$work/parts.json" \
      --checkpoint "$work/checkpoint" --resume --threads 1 2>/dev/null &
    run=$!
    sleep "$wait"
    kill -9 $run 2>/dev/null && killed=$((killed + 1))
    wait $run 2>/dev/null
  done
  check "the run was killed" test $killed -gt 0
  bulk "$work/most.ndjson" --criteria --output "$work/parts.out" --rejects "$work/parts.rejects" --summary "$work/parts.json" --checkpoint "$work/checkpoint" --resume
  for part in out rejects json; do check "resumed: the same $part" cmp -s "$work/whole.$part" "$work/parts.$part"; done
  check "no checkpoint is left" test ! -e "$work/checkpoint"
fi

# ---- What a checkpoint goes on with

# A disk that is full after the first pieces leaves a checkpoint: ulimit counts KiB, and a place of its own is kept for each attempt.
for _ in 1 2 3 4 5 6 7 8; do cat "$work/cases.ndjson"; done >"$work/some.ndjson"
while [ "$(stat -c %s "$work/some.ndjson")" -lt 4000000 ]; do cat "$work/some.ndjson" "$work/some.ndjson" >"$work/double" && mv "$work/double" "$work/some.ndjson"; done
bulk "$work/some.ndjson" --threads 1 --output "$work/full.out" --rejects "$work/full.rejects"
half=$(($(stat -c %s "$work/full.out") / 2048))
(
  trap '' XFSZ
  ulimit -f $half
  "$licet" bulk "$work/some.ndjson" --threads 1 --output "$work/half.out" --rejects "$work/half.rejects" --checkpoint "$work/point" 2>/dev/null
)
check "a run that stops leaves a checkpoint" test -s "$work/point"
check "and nothing under the final names" test ! -e "$work/half.out" -a ! -e "$work/half.rejects"
cp "$work/half.out.new" "$work/kept.out"
cp "$work/half.rejects.new" "$work/kept.rejects"
cp "$work/point" "$work/kept.point"
again() { "$licet" bulk "$work/some.ndjson" --output "$work/half.out" --rejects "$work/half.rejects" --checkpoint "$work/point" --resume "$@"; }
unlike() { # what, what is told, then more arguments
  local claim=$1 told=$2
  shift 2
  check "$claim: refused" exits 1 again "$@"
  check "$claim: told" tells "$told"
  check "$claim: the output stands" cmp -s "$work/half.out.new" "$work/kept.out"
}
unlike "resumed as CSV" "another run" --to csv
unlike "resumed from CSV" "header" --from csv
unlike "resumed with strict" "another run" --strict
unlike "resumed with criteria" "another run" --criteria
unlike "resumed with missing" "another run" --missing
unlike "resumed with a literal interpretation" "another run" --literally R-A1
unlike "resumed with other policies" "another run" --by OHSU-0382
touch "$work/some.ndjson"
unlike "an input written since" "another run"
# The input as it was: the place, time and bytes of what it was.
touch -d @1000000000 "$work/some.ndjson"
(
  trap '' XFSZ
  ulimit -f $half
  "$licet" bulk "$work/some.ndjson" --threads 1 --output "$work/half.out" --rejects "$work/half.rejects" --checkpoint "$work/point" 2>/dev/null
)
for part in out rejects; do cp "$work/half.$part.new" "$work/kept.$part"; done
cp "$work/point" "$work/kept.point"
printf ' ' | dd of="$work/some.ndjson" bs=1 seek=100 conv=notrunc status=none
touch -d @1000000000 "$work/some.ndjson"
unlike "an input that begins otherwise" "another run"
dd if="$work/cases.ndjson" of="$work/some.ndjson" bs=1 skip=100 seek=100 count=1 conv=notrunc status=none
touch -d @1000000000 "$work/some.ndjson"
sed -i '2s/ [0-9]* / 5 /' "$work/point"
unlike "a checkpoint that was changed" "not a complete checkpoint"
head -c 100 "$work/kept.point" >"$work/point"
unlike "a checkpoint cut short" "not a complete checkpoint"
cp "$work/kept.point" "$work/point"
place=$(sed -n 3p "$work/point" | cut -d' ' -f1)
printf '?' | dd of="$work/half.out.new" bs=1 seek=$((place - 10)) conv=notrunc status=none
cp "$work/half.out.new" "$work/spoilt.out"
check "an output that was changed: refused" exits 1 again
check "an output that was changed: told" tells "is not what was written before"
check "an output that was changed: it stands" cmp -s "$work/half.out.new" "$work/spoilt.out"
cp "$work/kept.out" "$work/half.out.new"
check "the same run goes on" exits 0 again
for part in out rejects; do check "and comes to the same $part" cmp -s "$work/full.$part" "$work/half.$part"; done

# ---- What went on beside

wait
check "$rows rows from a column file" test "$(bulk "$work/rows.columns" --summary - | jq .requests)" -eq "$rows"
sed '$d' "$work/generated"
read -r good _ bad _ < <(tail -1 "$work/generated")
passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-1}))

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
