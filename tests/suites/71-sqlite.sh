#!/bin/bash
# sqlite: the extension, in SQLite's shell: every request of the policies' cases is decided, or refused, as the command does it; NULLs; errors; policies
# that are named, missing, broken, exchanged, edited; views; many rows.
#
# Also in MODE=asan: the shell then runs with the sanitizer's runtime. Other modes have nothing to add.
set -uo pipefail
case $MODE in release | asan) ;; *) echo "0 passed, 0 failed"; exit 0 ;; esac

passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  printf 'FAILED  %s\n' "$@"
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset LICET_POLICIES
make --no-print-directory -s MODE="$MODE" install-extensions DESTDIR="$work/tree" PREFIX=/usr || { echo "0 passed, 1 failed"; exit 1; }
extension=$work/tree/usr/lib/sqlite3/licet
preload=
[[ $MODE != asan ]] || preload="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)"

sql() { # statements from the input, against the database of this suite
  { echo ".load $extension" && cat; } | LD_PRELOAD=$preload sqlite3 -batch -bail "$work/database" 2>&1
}
is() { # sentence, what is expected, statements
  local got
  got=$(sql <<<"$3")
  if [[ $got == "$2" ]]; then pass; else fail "$1" "expected  $2" "came      $got" "of        $3"; fi
}
refused() { # sentence, a pattern of the message, statements
  local got
  if got=$(sql <<<"$3"); then
    fail "$1" "was not refused: $3" "$got"
  elif [[ $got =~ $2 ]]; then
    pass
  else
    fail "$1" "expected  $2" "came      $got"
  fi
}
use() { echo "select licet_policies('$1') as opened where opened is null;"; }
folder() { # name: a copy of the example of the documentation
  mkdir "$work/$1"
  cp docs/examples/first-policy/*.licet "$work/$1/"
}
folder first
folder strict
sed -i 's/total_ige >= 30/total_ige >= 300/' "$work/strict/"*.licet
folder broken
sed -i 's/severe_asthma$/severe_astma/' "$work/broken/"*.licet
folder edited
mkdir "$work/empty"

# ---- one request after the other, as the command decides it

is "the engine says its version" "$(sed -n 's/^#define LICET_VERSION "\(.*\)"/\1/p' include/licet/licet.h)" "select licet_version();"
is "a folder is opened and its policies counted" "5" "select licet_policies('policies');"
jq -c '.request | select(type == "object")' policies/*.cases >"$work/requests.ndjson"
"$LICET" decide --policies policies --ndjson --json "$work/requests.ndjson" >"$work/answers.ndjson" 2>/dev/null
# One column of whole lines: the separator is one that no line has.
sql <<END
create table request (j text);
create table answer (j text);
.mode ascii
.separator "\037" "\n"
.import $work/requests.ndjson request
.import $work/answers.ndjson answer
END
count=$(wc -l <"$work/requests.ndjson")
faulty=$(grep -c '"errors":' "$work/answers.ndjson")
is "every request of the cases is there, and its answer" "$count|$count" "select (select count(*) from request), (select count(*) from answer);"
is "every request is answered as the command answers it, byte for byte" "$count|0" "$(use policies)
  select count(*), count(*) filter (where coalesce(licet_errors(r.j), licet_decide(r.j)) <> a.j) from request r join answer a on r.rowid = a.rowid;"
is "the faulty are those that the command refuses" "$faulty" "$(use policies) select count(*) from request where licet_errors(j) is not null;"
is "outcome and reason are the determination's" "0" "$(use policies)
  select count(*) from request r join answer a on r.rowid = a.rowid where licet_errors(r.j) is null and
  (licet_outcome(r.j) is not json_extract(a.j, '\$.outcome') or licet_reason(r.j) is not json_extract(a.j, '\$.reason'));"
is "licet_answer tells outcome, reason and errors as the three functions do, of every request" "$count|$faulty|0" "$(use policies)
  with answers as materialized (select j, licet_answer(j) as a from request)
  select count(*), count(json_extract(a, '\$.errors')), count(*) filter (where json_extract(a, '\$.outcome') is not case when licet_errors(j) is null then licet_outcome(j) end
    or json_extract(a, '\$.reason') is not case when licet_errors(j) is null then licet_reason(j) end
    or json_extract(a, '\$.errors') is not json(licet_errors(j))) from answers;"

# ---- nothing, and what is no request

is "licet_answer of no request is nothing, of what is none its errors" "1|1" "$(use policies) select licet_answer(null) is null, json_type(licet_answer('{}'), '\$.errors') = 'object';"

is "no request has no outcome" "1|1|1|1" "select licet_outcome(null) is null, licet_decide(null) is null, licet_reason(null) is null, licet_errors(null) is null;"
for text in 7 1.5 "''" "'{'" "'[]'" "'{}'" "x'00ff'" "'{\"facts\": 3}'"; do
  refused "$text is no request" 'licet: the request cannot be decided' "$(use policies) select licet_outcome($text);"
  refused "$text is no request to be decided" 'licet: the request cannot be decided' "$(use policies) select licet_decide($text);"
done
head='"line":"commercial","drug":"examplimab","kind":"initial","received":"2026-03-02"'
refused "a fault tells what, where, and the nearest name" 'eosinofils: found "eosinofils", expected a fact of vocabulary airways; nearest: eosinophils' \
  "$(use "$work/first") select licet_outcome('{\"policy\":\"EX-7\",$head,\"facts\":{\"eosinofils\":3}}');"
refused "a key given twice is refused, as the command refuses it" 'expected each key once' "$(use policies) select licet_outcome('{\"payer\":\"Nobody\",\"line\":\"x\",\"line\":\"medicaid\",\"drug\":\"d\",\"kind\":\"initial\",\"received\":\"2026-01-01\"}');"

# ---- which policy

example="'{$head,\"facts\":{\"birth_date\":\"2001-05-17\",\"severe_asthma\":{\"value\":true,\"document\":\"d\"},\"allergic\":{\"value\":true,\"document\":\"d\"},\"total_ige\":{\"value\":210,\"document\":\"d\"},\"prior_therapies\":[{\"agent\":\"budesonide\",\"outcome\":\"not_controlled\",\"document\":\"d\"}]}}'"
is "a policy can be named beside the request" "approve" "$(use "$work/first") select licet_outcome($example, 'EX-7');"
is "row by row" "approve
refused
approve" "$(use "$work/first") select case when licet_errors($example, column1) is null then licet_outcome($example, column1) else 'refused' end from (values ('EX-7'), (null), ('EX-7'));"
refused "a policy that is not there is an error that names those that are" 'unknown policy "EX-8"; the library has: EX-7' "$(use "$work/first") select licet_outcome($example, 'EX-8');"
is "a request to a payer without policies is none" "no_policy" "$(use "$work/first") select licet_outcome('{\"payer\":\"Nobody\",$head}');"

# ---- a regimen of another drug

regimen() { echo "$(use policies) select coalesce(json_extract(licet_answer(r), '\$.outcome'), json_extract(licet_answer(r), '\$.errors.errors[0].field')) from
  (select replace(json_set(j, '\$.facts.dose_regimen', '$1'), '\"drug\":\"blinatumomab\"', '\"drug\":\"$2\"') as r from request where json_extract(j, '\$.id') = 'O-001' limit 1);"; }
is "a regimen of the drug requested is decided" "approve" "$(regimen blinatumomab_relapsed blinatumomab)"
is "one of another drug is refused" "dose_regimen" "$(regimen inotuzumab_course blinatumomab)"
is "so is one where the drug is written with an escape" "dose_regimen" "$(regimen inotuzumab_course 'blinatumoma\u0062')"

# ---- the folder

refused "without a folder there is an error that says how to name one" "no folder of policies is set: SELECT licet_policies" "select licet_outcome($example, 'EX-7');"
LICET_POLICIES=$work/first is "the environment can name it" "approve" "select licet_outcome($example, 'EX-7');"
LICET_POLICIES=$work/first is "the statement stands over the environment" "refer" "$(use "$work/strict") select licet_outcome($example, 'EX-7');"
LICET_POLICIES=$work/empty refused "a folder of the environment without policies is an error" 'cannot be opened: .*there is no .licet file in this folder' "select licet_outcome($example, 'EX-7');"
refused "a folder that is not there is an error" 'nowhere" cannot be opened: .*error.L504.: no such file or folder' "$(use "$work/nowhere")"
refused "policies with errors are told as the compiler tells them" 'broken/.*error\[L[0-9]+\].*severe_astma' "$(use "$work/broken")"
refused "no folder is an error" 'requires the path of a folder' "select licet_policies(null);"
is "another folder, another policy, and back" "approve
refer
approve" "$(use "$work/first") select licet_outcome($example, 'EX-7'); $(use "$work/strict") select licet_outcome($example, 'EX-7'); $(use "$work/first") select licet_outcome($example, 'EX-7');"
is "an edited policy holds after the folder is opened again, not before" "approve
approve
refer" "$(use "$work/edited") select licet_outcome($example, 'EX-7');
.shell sed -i 's/total_ige >= 30/total_ige >= 300/' $work/edited/*.licet
select licet_outcome($example, 'EX-7'); $(use "$work/edited") select licet_outcome($example, 'EX-7');"
is "the extension may be loaded twice" "1
approve" "$(use "$work/first")
.load $extension
select licet_policies('$work/first'); select licet_outcome($example, 'EX-7');"

# ---- in a schema

is "a view of untrusted origin may decide, but not choose the folder" "1" "$(use "$work/first") pragma trusted_schema = off;
  create view decided as select licet_outcome($example, 'EX-7') = 'approve' as approved; select approved from decided;"
refused "nor a view choose it" 'unsafe use of licet_policies' "create view chosen as select licet_policies('$work/first'); select * from chosen;"
refused "an index may not rest on what policies decide" 'non-deterministic functions prohibited in index expressions' "create index outcomes on request (licet_outcome(j));"

# ---- many rows

expected=$(jq -r '.outcome // empty' "$work/answers.ndjson" | sort | uniq -c | awk '{ printf "%s|%d\n", $2, $1 * 100 }')
is "many rows are decided as one" "$expected" "$(use policies)
  with recursive hundred (i) as (select 1 union all select i + 1 from hundred where i < 100)
  select licet_outcome(r.j) as o, count(*) from request r join answer a on r.rowid = a.rowid, hundred where json_extract(a.j, '\$.outcome') is not null group by o order by o;"

echo "$passed passed, $failed failed"
((failed == 0))
