#!/usr/bin/env bash
# bulk-input: what `licet bulk` and `licet pack` make of files they were not written for: spreadsheets' ways with CSV, marks of byte order, compressed and
# foreign files, links, pipes, folders, broken bytes, headers of all kinds.
set -uo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here" || exit 1
licet=$BUILD/licet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/tests/checks"

bulk() { "$licet" bulk "$@" 2>/dev/null; }
ids() { bulk "$@" | jq -r .request | paste -sd' '; }

request='{"id":"K-1","payer":"Centene","line":"medicaid","drug":"blinatumomab","kind":"initial","received":"2026-02-12","facts":{}}'
header=id,payer,line,drug,kind,received,philadelphia
record=C-1,Centene,medicaid,blinatumomab,initial,2026-02-12,negative
bare=$(bulk <<<"$request" | jq -c '[.outcome, .reason, .pathway]')

# ---- Marks of byte order

printf '\xEF\xBB\xBF%s\n%s\n' "$request" "$request" >"$work/marked.ndjson"
{ printf '\xEF\xBB\xBF\n'; tail -n +2 "$work/marked.ndjson"; } >"$work/marked_blank.ndjson"
check "a mark of byte order alone is a blank line, in bulk" is "$(bulk "$work/marked_blank.ndjson" | jq -c .line)" 2
check "and one by one" is "$("$licet" decide --ndjson --json "$work/marked_blank.ndjson" | jq -c '[.request, .errors]')" '["K-1",null]'
printf '\xEF\xBB\xBF' | check "a mark alone is no request" is "$("$licet" decide --ndjson --json)" ""
check "NDJSON with a mark of byte order" is "$(bulk "$work/marked.ndjson" | jq -c '[.line, .request]' | paste -sd' ')" '[1,"K-1"] [2,"K-1"]'
check "the same from the standard input" is "$(ids <"$work/marked.ndjson")" "K-1 K-1"
printf '\xEF\xBB\xBF%s\n%s\n' "$header" "$record" >"$work/marked.csv"
check "CSV with a mark of byte order" is "$(ids "$work/marked.csv")" C-1
check "and packed" exits 0 "$licet" pack "$work/marked.csv" --output "$work/marked.columns"
check "comes to the same" is "$(ids "$work/marked.columns")" C-1
printf '\xEF\xBB\xBF%s\n' "$request" >"$work/marked.json"
check "decide reads a marked request as bulk does" is "$("$licet" decide --json "$work/marked.json" | jq -r .outcome)" "$(bulk "$work/marked.json" | jq -r .outcome)"
check "names of files are no commands of a terminal" is "$("$licet" bulk "$work/"$'\e[31m' 2>&1 | grep -c $'\e')" 0
printf '\xEF\xBB\xBF' >"$work/mark"
check "a mark and nothing else is an empty input: nothing is decided" exits 1 "$licet" bulk "$work/mark"
check "the message says so" tells "contains no request"

# ---- Sets, as people write them

set_of() { printf '%s,regimen\n%s,%s\n' "$header" "$record" "$1" | "$licet" bulk --from csv "${@:2}" 2>"$work/err"; }
for set in 'tki;ruxolitinib' 'tki; ruxolitinib' 'tki ; ruxolitinib' '"tki; ruxolitinib"'; do
  check "the members of a set: $set" is "$(set_of "$set" | jq -r .request)" C-1
done
check "a blank within a member is part of it" is "$(set_of 'tki; ruxo litinib')" ""

# ---- A regimen, which only the drug tells whether there is

mkdir "$work/regimens"
cat >"$work/regimens/two.licet" <<'END'
vocabulary two "Two drugs"
  fact wanted: name   from reviewer
    dosing regimen
  fact agreed: yes | no
  drug alpha "Alpha"
  drug beta "Beta"
  regimen alpha_daily "Daily" of alpha
    cycle 1 every 7 days
      days 1 to 5: 10 mg
  regimen beta_daily "Daily" of beta
    cycle 1 every 7 days
      days 1 to 5: 10 mg
END
cat >"$work/regimens/policy.licet" <<'END'
policy P "Alpha"
  payer "Payer"
  lines commercial
  drug alpha, beta
  vocabulary two
  version 2026-01-01
any of
  A "Agreed": agreed
    approve 20 days
END
wanted() { # drug regimen
  printf '{"id":"%s of %s","payer":"Payer","line":"commercial","drug":"%s","kind":"initial","received":"2026-02-12","facts":{"agreed":true,"wanted":%s}}\n' \
    "${2//[^a-z_]/}" "${1//\\/}" "$1" "$2"
}
for drug in alpha 'alph\u0061' beta; do
  for regimen in '"alpha_daily"' '{"value":"alpha_daily","source":"reviewer"}' '{"value":"alpha_daily","source":"requester"}' '"gamma_daily"' null; do
    wanted "$drug" "$regimen"
  done
done >"$work/wanted.ndjson"
told='if .errors then .errors[0].field else .outcome end'
check "a regimen of another drug is refused, whoever states it" is \
  "$("$licet" decide --policies "$work/regimens" --ndjson --json "$work/wanted.ndjson" 2>/dev/null | jq -r "$told" | paste -sd' ')" \
  "approve approve approve wanted approve approve approve approve wanted approve wanted wanted wanted wanted approve"
bulk "$work/wanted.ndjson" --policies "$work/regimens" --rejects "$work/r" | jq -r '"\(.line) \(.outcome)"' >"$work/lines"
jq -r '"\(.line) \(.errors[0].field)"' "$work/r" >>"$work/lines"
check "and in bulk as by itself" is "$(sort -n "$work/lines" | cut -d' ' -f2 | paste -sd' ')" \
  "approve approve approve wanted approve approve approve approve wanted approve wanted wanted wanted wanted approve"

# ---- As spreadsheets write it

as_csv() { printf "$1" >"$work/sheet.csv"; }
as_csv "${header//,/;}\r\n${record//,/;}\r\n"
check "semicolons between the fields" is "$(ids "$work/sheet.csv")" C-1
as_csv "${header//,/\\t}\n${record//,/\\t}\n"
check "tabs between the fields" is "$(ids "$work/sheet.csv")" C-1
as_csv "id;payer;line;drug;kind;received;prior_therapies\nC-1;\"Cen;tene\";medicaid;blinatumomab;initial;2026-02-12;\n"
check "a semicolon within quotes" is "$(ids "$work/sheet.csv")" C-1
# Where the answer shows: with the regimen not recommended, the criterion that asks for it is not among the missing.
missing() { bulk "$work/sheet.csv" --missing --summary - | jq -c '[.rejected, .decided[0].missing]'; }
as_csv "$header,regimen_recommended\n$record,\n"
unsaid=$(missing)
for pair in yes:no true:false TRUE:FALSE True:False YES:NO Yes:No; do
  as_csv "$header,regimen_recommended\n$record,yes\n$record,no\n"
  plain=$(missing)
  as_csv "$header,regimen_recommended\n$record,${pair%:*}\n$record,${pair#*:}\n"
  check "$pair are yes and no" is "$(missing)" "$plain"
  check "$pair say something" test "$(missing)" != "$unsaid"
done
as_csv "$header,regimen_recommended\n$record,WAHR\n"
check "WAHR is no value, and told" is "$(bulk "$work/sheet.csv" --rejects "$work/r")$(jq -r '.errors[0].field' "$work/r")" regimen_recommended
as_csv "sep=;\n${header//,/;}\n"
check "a line that tells the separator is refused" exits 1 "$licet" bulk "$work/sheet.csv"
check "and told" tells "remove it"
as_csv "$header\r$record\r$record\r"
check "carriage returns alone are refused" exits 1 "$licet" bulk "$work/sheet.csv"
check "and told" tells "carriage returns alone"
check "what is told works" is "$(tr '\r' '\n' <"$work/sheet.csv" | ids --from csv -)" "C-1 C-1"
printf '%s\r%s\r' "$request" "$request" >"$work/returns.ndjson"
check "the same of NDJSON" exits 1 "$licet" bulk "$work/returns.ndjson"
printf '{"id":"K-1",\r%s\r\n%s\r\n' "${request#*,}" "$request" >"$work/returns.ndjson"
check "but within a request it is space" is "$(ids "$work/returns.ndjson")" "K-1 K-1"

# ---- Headers

refused_header() { # the header, then what is told
  as_csv "$1\n"
  check "header $1: refused" exits 1 "$licet" bulk "$work/sheet.csv" --output "$work/none"
  check "header $1: told" tells "$2"
  check "header $1: nothing is written" test ! -e "$work/none"
}
refused_header "id,payer,philadelfia" "did you mean \`philadelphia\`?"
refused_header "id,Payer" "did you mean \`payer\`?"
refused_header "id,something_else_entirely" "names \`something_else_entirely\`, which is not a fact"
refused_header "id,payer,payer" "twice"
refused_header "id,,payer" "column 2"
refused_header "id,payer," "column 3"
refused_header "\"id" "a quote in the header is not closed"
refused_header "" "column 1"
: >"$work/none.csv"
check "CSV without any byte" exits 1 "$licet" bulk "$work/none.csv"
check "lacks its header" tells "the header is missing"
seq -s, 100000 >"$work/wide.csv"
check "a hundred thousand columns" exits 1 timeout 20 "$licet" bulk "$work/wide.csv"
printf '%s' "$header" >"$work/only.csv"
check "a header alone, without an end: nothing is decided" exits 1 "$licet" bulk "$work/only.csv"

# ---- One request sent many times

for _ in 1 2 3 4 5 6 7; do cat examples/requests.ndjson; done >"$work/repeated.ndjson"
bulk "$work/repeated.ndjson" --by OHSU-0382 --against CP.PHAR.312 --summary - >"$work/impact.json"
check "its changes are counted each time" test "$(jq '[.impact.moved[].requests] | add' "$work/impact.json")" -eq 70
check "it is one example" is "$(jq -c '[.impact.moved[] | .examples // [] | select(length != (unique | length))]' "$work/impact.json")" '[]'

# ---- Column files

for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo "$request"; done >"$work/thirteen.ndjson" # thirteen is a carriage return
"$licet" pack "$work/thirteen.ndjson" --output "$work/thirteen.columns" 2>/dev/null
check "a column file is one, whatever its bytes" is "$(bulk "$work/thirteen.columns" | wc -l)" 13
check "it may be the standard input" is "$(bulk - <"$work/thirteen.columns" | wc -l)" 13
check "but no pipe" exits 1 bash -c "cat '$work/thirteen.columns' | '$licet' bulk -"
check "which is told" tells "not a pipe"

# ---- Facts that nobody knows, more than a table has columns

{
  for ((i = 0; i < 2100; i++)); do echo "${request%\{\}\}}{\"unknown_$i\":1}}"; done
  cat examples/requests.ndjson
} >"$work/crowded.ndjson"
"$licet" pack "$work/crowded.ndjson" --output "$work/crowded.columns" 2>"$work/err"
check "facts that nobody knows are rejected when packing" tells "2110 requests, 2100 rejected"
answers() { bulk "$@" | jq -c '[.request, .policy, .outcome, .reason, .pathway]'; }
check "and leave those behind them whole" is "$(answers "$work/crowded.columns")" "$(answers examples/requests.ndjson)"

# ---- Requests that leave it to the run whom they are put to

jq -c 'del(.payer, .policy)' examples/requests.ndjson >"$work/open.ndjson"
as_csv "${header/payer,/}\n${record/Centene,/}\n"
mv "$work/sheet.csv" "$work/open.csv"
for name in open.ndjson open.csv; do
  check "$name: packed" exits 0 "$licet" pack "$work/$name" --output "$work/open.columns"
  check "$name: nothing is rejected" tells " 0 rejected"
  for by in OHSU-0382 CP.PHAR.312@2026-01-01; do
    check "$name by $by: something is decided" test -n "$(answers --by $by "$work/$name")"
    check "$name by $by: packed or not, the same" is "$(answers --by $by "$work/open.columns")" "$(answers --by $by "$work/$name")"
  done
  check "$name: nobody is asked" exits 1 "$licet" bulk "$work/open.columns" --output "$work/out" --rejects "$work/packed.rejects"
  check "$name: and nothing decided" test ! -s "$work/out"
  bulk "$work/$name" --rejects "$work/rejects" >"$work/out"
  check "$name: as little as from the original" is "$(jq -c .errors "$work/packed.rejects")" "$(jq -c .errors "$work/rejects")"
done
echo '{"id":"O-1","line":"medicaid","kind":"initial","received":"2026-02-12"}' >"$work/open.ndjson"
check "one that has other errors" exits 1 "$licet" pack "$work/open.ndjson" --output "$work/open.columns" --rejects "$work/r"
check "has them told as ever" is "$(jq -r '.errors[].field' "$work/r" | sort | paste -sd' ')" "drug payer"

# ---- Bytes

printf '%s\n{"id":"a\0b"}\n{"id":"\xff"}\n\x01\n%s\r\n\r\n%s' "$request" "$request" "$request" >"$work/bytes.ndjson"
check "zeros, broken UTF-8 and carriage returns" is "$(bulk "$work/bytes.ndjson" --rejects "$work/r" | jq -r .line | paste -sd' ')" "1 5 7"
printf '\0\n%s\n \0 \n \t\r\n' "$request" >"$work/zeros.ndjson"
printf '%s\n\0\n%s\n \0 \n \t\r\n' "$header" "$record" >"$work/zeros.csv"
for name in zeros.ndjson zeros.csv; do
  check "$name: a zero is no blank" exits 0 "$licet" bulk "$work/$name" --output /dev/null --rejects "$work/zeros"
  check "$name: it is counted" grep -qF "3 requests, 2 rejected" "$work/err"
  check "$name: packed" exits 0 "$licet" pack "$work/$name" --output "$work/zeros.columns" --rejects "$work/zeros.packed"
  check "$name: nor is it when packing" tells "3 requests, 2 rejected"
  check "$name: and is rejected alike" cmp -s "$work/zeros" "$work/zeros.packed"
done
check "the rejects are JSON, and name their lines" is "$(jq -r .line "$work/r" | paste -sd' ')" "2 3 4"
check "and have the text without the end of the line" is "$(jq -c .input "$work/r" | head -1)" '"{\"id\":\"a\u0000b\"}"'
printf '%s\n%s\nJ\xF6rg%s\nJ\xC3\xB6rg%s\n' "$header" "$record" "${record#C-1}" "${record#C-1}" >"$work/latin.csv"
check "CSV in another encoding is a bad record" is "$(ids "$work/latin.csv" --rejects "$work/r") $(jq -r .line "$work/r")" "C-1 Jörg 3"

# ---- Standard files that are closed

"$licet" bulk - --output "$work/apart" <"$work/marked.ndjson" 2>&-
check "no message goes into the output" is "$(wc -l <"$work/apart")" 2
"$licet" bulk "$work/marked.ndjson" --summary "$work/apart" >&- 2>"$work/err"
check "a closed standard output is told" tells "Bad file descriptor"
check "a closed standard input is told" exits 3 bash -c "'$licet' bulk - <&-"

# ---- Places to write to that are no files

mkfifo "$work/pipe"
cat "$work/pipe" >"$work/piped.columns" &
check "packing into a pipe" exits 0 "$licet" pack "$work/thirteen.ndjson" --output "$work/pipe"
wait
check "leaves it one" test -p "$work/pipe"
check "and what came through is the file" cmp -s "$work/piped.columns" "$work/thirteen.columns"
cat "$work/thirteen.ndjson" >"$work/pipe" &
check "a pipe is read" is "$(bulk "$work/pipe" | wc -l)" 13
wait
mkdir "$work/folder"
echo bad >"$work/bad.ndjson"
cp "$work/bad.ndjson" "$work/bad.new"
for command in bulk pack; do
  check "$command reads no folder" exits 3 "$licet" $command "$work/folder" --output "$work/none"
  check "$command writes no folder" exits 3 "$licet" $command "$work/thirteen.ndjson" --output "$work/folder"
  check "$command: a folder that is not there" exits 3 "$licet" $command "$work/thirteen.ndjson" --output "$work/no/where"
  check "$command: a full disk" exits 3 "$licet" $command "$work/thirteen.ndjson" --output /dev/full
  check "$command: a full disk for rejects" exits 3 "$licet" $command "$work/bad.ndjson" --output "$work/none" --rejects /dev/full
done
check "a packing that fails leaves nothing new" test ! -e "$work/none.new" -a ! -e "$work/folder.new"
rm -f "$work/none"
for place in /dev/null "$work/pipe" "$work/folder"; do
  check "$place is no checkpoint" exits 2 "$licet" bulk "$work/thirteen.ndjson" --output "$work/none" --checkpoint "$place"
  check "$place is no output with a checkpoint" exits 2 "$licet" bulk "$work/thirteen.ndjson" --output "$place" --checkpoint "$work/none"
  check "$place takes no rejects with a checkpoint" exits 2 "$licet" bulk "$work/thirteen.ndjson" --output "$work/none" --rejects "$place" --checkpoint "$work/none2"
done
check "nothing was made" test ! -e "$work/none"

# ---- Packing that is cut off

yes "$request" | head -200000 >"$work/long.ndjson"
cp "$work/thirteen.columns" "$work/long.columns"
{
  head -100000 "$work/long.ndjson"
  sleep 2
} | "$licet" pack - --output "$work/long.columns" 2>/dev/null &
packing=$!
for _ in $(seq 100); do [ -e "$work/long.columns.new" ] && break || sleep 0.05; done
kill -9 $packing
wait $packing 2>/dev/null
check "the file that was there stands" cmp -s "$work/long.columns" "$work/thirteen.columns"
check "packing again begins anew" exits 0 "$licet" pack "$work/long.ndjson" --output "$work/long.columns"
check "and comes to an end" is "$(bulk "$work/long.columns" --summary - | jq .requests)$(ls "$work/long.columns.new" 2>/dev/null)" 200000

head -1 "$work/thirteen.ndjson" | "$licet" bulk - --output "$work/outcomes.columns" 2>/dev/null
cp "$work/outcomes.columns" "$work/kept.columns"
check "a strict run that stops" exits 1 "$licet" bulk --strict "$work/bad.ndjson" --output "$work/outcomes.columns"
check "leaves the columns that were there" cmp -s "$work/outcomes.columns" "$work/kept.columns"
check "and no others" test ! -e "$work/outcomes.columns.new"
check "columns are not written by way of the input" exits 2 "$licet" bulk "$work/bad.new" --from ndjson --to columns --output "$work/bad"

# ---- A field too many

surplus() { as_csv "$header\n$record$1\n"; }
surplus ,5
check "one field too many is rejected" exits 1 "$licet" bulk "$work/sheet.csv" --rejects "$work/r"
check "and reported" is "$(jq -r '.errors[0].found' "$work/r")" "a different number of fields than the header"
surplus ',"yes, x"'
check "a quoted one too" exits 1 "$licet" bulk "$work/sheet.csv"
surplus ,,
check "two empty ones too" exits 1 "$licet" bulk "$work/sheet.csv"
surplus ,
check "a separator behind the last field adds nothing" is "$(ids "$work/sheet.csv")" C-1
as_csv "${header//,/;}\n${record//,/;};5\n"
check "with semicolons as well" exits 1 "$licet" bulk "$work/sheet.csv"
as_csv "id,policy,line,drug,kind,received,dose_per_day\nC-1,CP.PHAR.312,medicaid,blinatumomab,initial,2026-02-12,28,5 mcg\n"
check "a decimal comma is never half a number" exits 1 "$licet" bulk "$work/sheet.csv"

# ---- What is rejected

printf '%s\n{"id":"K-2"}\n{"id":"K-3"}\n%s\n' "$request" "$request" >"$work/half.ndjson"
check "half of it is rejected" exits 0 "$licet" bulk "$work/half.ndjson"
check "no more than half" exits 0 "$licet" bulk "$work/half.ndjson" --max-rejects 50%
check "a little less is too many" exits 1 "$licet" bulk "$work/half.ndjson" --max-rejects 49.9%
check "and the reason stands last" is "$("$licet" bulk "$work/half.ndjson" --max-rejects 49.9% 2>&1 >/dev/null | tail -1)" \
  "licet: $work/half.ndjson: 2 of 4 requests were rejected; 49.9% are allowed"
check "two at most" exits 0 "$licet" bulk "$work/half.ndjson" --max-rejects 2
check "one at most" exits 1 "$licet" bulk "$work/half.ndjson" --max-rejects 1 --output "$work/half.out"
check "all is written" is "$(wc -l <"$work/half.out")" 2
for most in x 1.5 5%% -1 .5% '' 5.%; do check "'$most' rejects" exits 2 "$licet" bulk "$work/half.ndjson" --max-rejects "$most"; done
check "a packing counts them too" exits 1 "$licet" pack "$work/half.ndjson" --output "$work/half.columns" --max-rejects 1
check "a reject is flat" is "$(bulk "$work/half.ndjson" --rejects "$work/r" >/dev/null; jq -c 'keys' "$work/r" | head -1)" '["errors","input","line","request"]'
printf '%s\n{"id":"=1+1","text":"\\u001b[31m"}\n' "$request" >"$work/half.ndjson"
bulk "$work/half.ndjson" --rejects "$work/r.csv" >/dev/null
check "rejects as CSV have a heading" is "$(head -1 "$work/r.csv")" line,column,request,code,field,found,expected,nearest,input
check "an id is no formula" is "$(sed -n 2p "$work/r.csv" | cut -d, -f1,3)" "2,'=1+1"
as_csv "$header\n$record\n$record,5\n${record/negative/WAHR}\n"
bulk "$work/sheet.csv" --rejects "$work/r" >/dev/null
check "the input of a reject is the record" is "$(jq -r .input "$work/r" | paste -sd' ')" "$record,5 ${record/negative/WAHR}"
"$licet" pack "$work/sheet.csv" --output "$work/sheet.columns" --rejects "$work/packed.r" 2>/dev/null
check "when packing too" cmp -s "$work/r" "$work/packed.r"
jq -c '.id = "=cmd\u001b]0;x\u0007"' <<<"$request" >"$work/formula.ndjson"
check "an id in CSV is neither formula nor command of a terminal" is "$(bulk "$work/formula.ndjson" --to csv | tail -1 | cut -d, -f2)" "'=cmd"$'\xEF\xBF\xBD'"]0;x"$'\xEF\xBF\xBD'
yes x | head -1000000 >"$work/tiny.rest"
as_csv "$header\n$record\n"
cat "$work/tiny.rest" >>"$work/sheet.csv"
[[ $MODE == release ]] && check "a million tiny bad records take little memory" bash -c "ulimit -v 600000; '$licet' bulk '$work/sheet.csv' --threads 4 --rejects '$work/r' >/dev/null 2>&1"

# ---- JSON that is not a request a line

for layout in "[$request]" "[" "$(jq . <<<"$request")" "$(jq -s . <<<"$request")"; do
  printf '%s\n' "$layout" >"$work/layout.json"
  check "JSON that begins $(head -c 5 <<<"$layout" | tr '\n' ' ')" exits 1 "$licet" bulk "$work/layout.json"
  check "is told what to do" tells "jq -c"
done

# ---- Outputs that are not written, or not whole

for name in o.csv.gz o.parquet O.XLSX o.tsv; do
  check "$name" exits 2 "$licet" bulk "$work/thirteen.ndjson" --output "$work/$name"
  check "is not written" tells "licet does not write"
  check "nor rejects" exits 2 "$licet" bulk "$work/thirteen.ndjson" --rejects "$work/$name"
done
echo before >"$work/o.ndjson"
for ((i = 0; i < 3000; i++)); do cat "$work/thirteen.ndjson"; done >"$work/many.ndjson"
check "a limit of file sizes is an error" exits 3 bash -c "ulimit -f 64; '$licet' bulk '$work/many.ndjson' --output '$work/o.ndjson'"
check "that is named" tells "File too large"
check "what stood there stands" is "$(cat "$work/o.ndjson")" before
check "and no part of another" test ! -e "$work/o.ndjson.new"
check "a strict run leaves it too" is "$(bulk --strict "$work/bad.ndjson" --output "$work/o.ndjson"; cat "$work/o.ndjson"; ls "$work"/o.ndjson.*  2>/dev/null)" before
check "a whole one" exits 0 "$licet" bulk "$work/many.ndjson" --output "$work/o.ndjson"
check "replaces it" is "$(wc -l <"$work/o.ndjson")" 39000

# ---- Versions of a policy

jq -c '.request | select(type == "object")' policies/masshealth-uppl-all.cases >"$work/versions.ndjson"
"$licet" bulk "$work/versions.ndjson" --criteria --output /dev/null --summary "$work/versions.json" 2>"$work/versions.txt"
sed -n '/^The only unmet criterion/,$p' "$work/versions.txt" | tail -n +2 | grep -v ^licet: | awk '{ print $1, $3, $4 }' | sort >"$work/told"
jq -r '.decided[0].only_unmet[] | "\(.requests) \(.version) \(.path)"' "$work/versions.json" | sort >"$work/counted"
check "requests of two versions were decided" test "$(cut -d' ' -f2 "$work/counted" | sort -u | wc -l)" -gt 1
check "criteria that alone are unmet are counted version by version" cmp -s "$work/told" "$work/counted"

# ---- Files that are something else

foreign() { # a name, then what is told; the file is on the standard input
  cat >"$work/$1"
  check "$1: refused" exits 1 "$licet" bulk "$work/$1"
  check "$1: told" tells "$2"
  check "$1 from the standard input: refused" exits 1 "$licet" bulk - <"$work/$1"
  check "$1, packed: refused" exits 1 "$licet" pack "$work/$1" --output "$work/none"
  check "$1: nothing is written" test ! -e "$work/none" -a ! -e "$work/none.new"
}
foreign requests.gz zcat < <(gzip -c "$work/marked.ndjson")
check "what is told of gzip works" is "$(zcat "$work/requests.gz" | ids -)" "K-1 K-1"
foreign requests.zst zstdcat < <(printf '\x28\xB5\x2F\xFD....')
foreign requests.xz xzcat < <(printf '\xFD7zXZ\x00...')
foreign requests.bz2 bzcat < <(printf 'BZh91AY&SY')
foreign requests.xlsx "Excel workbook (.xlsx)" < <(printf 'PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml')
foreign requests.zip unzip < <(printf 'PK\x03\x04\x14\x00\x06\x00\x08\x00requests.ndjson')
foreign requests.xls "Excel workbook (.xls)" < <(printf '\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1')
for order in LE BE; do
  foreign marked-$order.csv iconv < <({ printf '\xEF\xBB\xBF' && cat "$work/only.csv"; } | iconv -f UTF-8 -t UTF-16$order)
  foreign unmarked-$order.ndjson iconv < <(iconv -f UTF-8 -t UTF-16$order <<<"$request")
  check "what is told of UTF-16 works" is "$(iconv -f UTF-16$order -t UTF-8 "$work/unmarked-$order.ndjson" | ids -)" K-1
done
foreign requests.parquet Parquet < <(printf 'PAR1\x15\x04')
foreign requests.db SQLite < <(printf 'SQLite format 3\x00')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
