#!/bin/bash
# postgresql: the extension, in a server of its own that lives as long as this suite: every request of the policies' cases is decided, or refused, as the
# command does it; NULLs; errors; policies that are named, missing, broken, exchanged, edited; several processes; many rows; encodings and locales; a
# cancelled statement; one set of policies for each statement, whoever edits the folder meanwhile.
#
# Of the release alone: PostgreSQL does not start with the sanitizers' runtime.
set -uo pipefail
[[ $MODE == release ]] || { echo "0 passed, 0 failed"; exit 0; }
. extensions/postgresql/temporary-server.sh

passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  printf 'FAILED  %s\n' "$@"
}
finish() {
  stop_server
  if ((failed > 0)); then tail -n 30 "$work/data/log"; fi
  rm -rf "$work"
  echo "$passed passed, $failed failed"
  ((failed == 0))
}
work=$(mktemp -d)
trap finish EXIT
chmod 755 "$work"

# Where "I" is not the capital of "i", for a database of that locale; made from what Debian's package `locales` describes.
mkdir "$work/locales"
export LOCPATH=$work/locales
for locale in C tr_TR; do localedef -i "$locale" -f UTF-8 "$LOCPATH/$locale.UTF-8" 2>"$work/localedef.log" || fail "locale $locale is made" "$(<"$work/localedef.log")"; done

is() { # sentence, what is expected, statements
  local got
  got=$(sql <<<"$3" 2>&1)
  if [[ $got == "$2" ]]; then pass; else fail "$1" "expected  $2" "came      $got" "of        $3"; fi
}
refused() { # sentence, a pattern of the whole message, statements
  local got
  if got=$(sql -v VERBOSITY=verbose <<<"$3" 2>&1); then
    fail "$1" "was not refused: $3" "$got"
  elif [[ $got =~ $2 ]]; then
    pass
  else
    fail "$1" "expected  $2" "came      $got"
  fi
}

# ---- folders of policies, which the server may read

folder() { # name: a copy of the example of the documentation
  mkdir "$work/$1"
  cp docs/examples/first-policy/*.licet "$work/$1/"
}
cp -R policies "$work/policies"
folder first
folder strict
sed -i 's/total_ige >= 30/total_ige >= 300/' "$work/strict/"*.licet
folder broken
sed -i 's/severe_asthma$/severe_astma/' "$work/broken/"*.licet
folder edited
mkdir "$work/empty"
chmod -R a+rX "$work"

if start_server "$work" "-c licet.policies=$work/policies -c max_parallel_workers=4 -c max_worker_processes=8"; then pass; else fail "a server starts"; exit 1; fi

# ---- one request after the other, as the command decides it

is "the extension can be created" "" "create extension licet"
is "the engine says its version" "$(sed -n 's/^#define LICET_VERSION "\(.*\)"/\1/p' include/licet/licet.h)" "select licet_version()"
is "its functions may run in parallel workers, but no index may rest on them" "licet_answer s s
licet_decide s s
licet_errors s s
licet_outcome s s
licet_reason s s" "select proname || ' ' || provolatile::text || ' ' || proparallel::text from pg_proc where proname ~ '^licet_(answer|decide|outcome|reason|errors)$' order by 1"

jq -c '.request | select(type == "object")' policies/*.cases >"$work/requests.ndjson"
"$LICET" decide --policies policies --ndjson --json "$work/requests.ndjson" >"$work/answers.ndjson"
# As COPY takes it: a backslash of JSON is one of the text.
lines() { sed 's/\\/\\\\/g' "$1" | sql -c "copy $2 (j) from stdin"; }
sql -c "create table request (n serial, j jsonb); create table answer (n serial, j jsonb)"
lines "$work/requests.ndjson" request
lines "$work/answers.ndjson" answer
count=$(wc -l <"$work/requests.ndjson")
is "every request of the cases is there, and its answer" "$count $count" "select (select count(*) from request) || ' ' || (select count(*) from answer)"
faulty=$(grep -c '"errors":' "$work/answers.ndjson")
is "the requests with errors are those that the command refuses" "$faulty 0" \
  "select count(*) filter (where licet_errors(r.j) is not null) || ' ' || count(*) filter (where (licet_errors(r.j) is null) <> (a.j ? 'outcome')) from request r join answer a using (n)"
is "their errors are the command's" "0" \
  "select count(*) from request r join answer a using (n) where a.j ? 'errors' and
   (select array_agg((e->>'pointer', e->>'expected') order by e->>'pointer', e->>'expected') from jsonb_array_elements(licet_errors(r.j)->'errors') e) is distinct from
   (select array_agg((e->>'pointer', e->>'expected') order by e->>'pointer', e->>'expected') from jsonb_array_elements(a.j->'errors') e)"
# jsonb keeps keys in an order of its own, so an entry of a list may be shown in another: as jsonb both are the same. Nor has it the
# request's bytes, so it makes no digest of them.
is "every other determination is the command's, whole but for the request's digest" "$((count - faulty)) 0" \
  "with d as materialized (select licet_decide(r.j) as mine, a.j as theirs from request r join answer a using (n) where a.j ? 'outcome')
   select count(*) || ' ' || count(*) filter (where mine <> jsonb_set(theirs, '{provenance,request_digest}', 'null')) from d"
is "outcome and reason, read in place, are the determination's" "0" \
  "select count(*) from request r join answer a using (n) where a.j ? 'outcome' and
   (licet_outcome(r.j) is distinct from a.j->>'outcome' or licet_reason(r.j) is distinct from a.j->>'reason')"
# One call for each row, in FROM; errors are a column, so the faulty requests stand in the same statement.
is "licet_answer tells outcome, reason and errors as the three functions do, of every request" "$count $faulty 0" \
  "select count(*) || ' ' || count(errors) || ' ' || count(*) filter (where errors is distinct from licet_errors(r.j) or
     errors is null and (outcome, reason, version_digest, engine) is distinct from
       (a.j->>'outcome', a.j->>'reason', a.j->'provenance'->>'version_digest', a.j->>'engine')) from request r join answer a using (n) cross join licet_answer(r.j)"

# ---- nothing, and what is no request

is "licet_answer of no request is a row of nothing" "t t t" "select concat_ws(' ', outcome is null, reason is null, errors is null) from licet_answer(null)"
is "of what is no request, its errors" "7 {} []" "select string_agg(j::text, ' ' order by n) from (values (1, '7'::jsonb), (2, '{}'), (3, '[]')) v(n, j), licet_answer(j) where outcome is null and reason is null and errors->'errors' <> '[]'"

is "no request has no outcome" "t t t t" "select concat_ws(' ', licet_outcome(null) is null, licet_decide(null) is null, licet_reason(null) is null, licet_errors(null) is null)"
is "without a policy the request's own holds" "OHSU-0382" "select licet_decide(j, null)->'policy'->>'id' from request where j->>'id' = 'O-001' limit 1"
for text in 7 '"x"' null true '[]' '[{}]' '{}' '{"facts": 3}' '{"policy": {"a": [1, 2, {}]}}'; do
  refused "$text is no request" 'ERROR:  22023: the request cannot be decided' "select licet_outcome('$text')"
  refused "$text is no request to be decided" 'ERROR:  22023: the request cannot be decided' "select licet_decide('$text')"
done
refused "a fault tells what, where, and the nearest name" 'DETAIL:  .*eosinofils: found "eosinofils", expected a fact of vocabulary airways; nearest: eosinophils' \
  "set licet.policies = '$work/first'; select licet_outcome('{\"policy\":\"EX-7\",\"line\":\"commercial\",\"drug\":\"examplimab\",\"kind\":\"initial\",\"received\":\"2026-03-02\",\"facts\":{\"eosinofils\":3}}')"
refused "too deep a request is refused" 'expected at most 16 levels of nesting' "select licet_outcome((repeat('[', 40) || repeat(']', 40))::jsonb)"
refused "too many values are refused" 'expected at most 65536 values' "select licet_outcome(to_jsonb(array_fill(1, array[70000])))"
refused "too large a text is refused" 'expected at most 1048576 bytes' "select licet_outcome(jsonb_build_object('id', repeat('x', 1100000)))"
refused "a number of many digits is refused" 'total_ige: found 10+…, expected a smaller amount' \
  "set licet.policies = '$work/first'; select licet_outcome('{\"policy\":\"EX-7\",\"line\":\"commercial\",\"drug\":\"examplimab\",\"kind\":\"initial\",\"received\":\"2026-03-02\",\"facts\":{\"total_ige\":1e300}}')"
is "a large request out of line is decided" "approve" "create temporary table large as select j || jsonb_build_object('id', (select string_agg(md5(i::text), '') from generate_series(1, 9000) i)) as j from request where j->>'id' = 'O-001' limit 1;
   select licet_outcome(j) from large"
is "a request with errors can be passed over" "refused" "select case when licet_errors('{}') is null then licet_outcome('{}') else 'refused' end"
# The README says so: jsonb has forgotten all but the last of two equal keys before the request is read.
twice='{"payer":"Nobody","line":"x","line":"medicaid","drug":"d","kind":"initial","received":"2026-01-01"}'
if [[ $("$LICET" decide --policies policies --json - <<<"$twice" 2>&1) == *'each key once'* ]]; then pass; else fail "the command refuses a key given twice"; fi
is "of a key given twice jsonb keeps the last" "no_policy" "select licet_outcome('$twice')"

plain='{"payer":"OHSU Health Services","line":"medicaid","drug":"blinatumomab","kind":"initial","received":"2026-01-05","facts":{"cycles_received":18}}'
exponent=${plain/18/1.8e1}
if [[ $("$LICET" decide --policies policies --json - <<<"$exponent" 2>&1) == *'without an exponent'* ]]; then pass; else fail "the command refuses a number with an exponent"; fi
is "of a number with an exponent jsonb keeps the number" "$("$LICET" decide --policies policies --json - <<<"$plain" | jq -r .outcome)" "select licet_outcome('$exponent')"

# ---- which policy

example='{"line":"commercial","drug":"examplimab","kind":"initial","received":"2026-03-02","facts":{"birth_date":"2001-05-17","severe_asthma":{"value":true,"document":"d"},"allergic":{"value":true,"document":"d"},"total_ige":{"value":210,"document":"d"},"prior_therapies":[{"agent":"budesonide","outcome":"not_controlled","document":"d"}]}}'
use() { echo "set licet.policies = '$work/$1';"; }
is "a policy can be named beside the request" "approve" "$(use first) select licet_outcome('$example', 'EX-7')"
is "it stands over the one in the request" "approve" "$(use first) select licet_decide('$example'::jsonb || '{\"policy\": \"other\"}', 'EX-7')->>'outcome'"
is "row by row" "approve refused approve" "$(use first) select string_agg(case when licet_errors('$example', p) is null then licet_outcome('$example', p) else 'refused' end, ' ' order by n) from (values (1, 'EX-7'), (2, null), (3, 'EX-7')) v(n, p)"
is "licet_answer takes a policy too, row by row" "approve - approve" "$(use first) select string_agg(coalesce(outcome, '-'), ' ' order by n) from (values (1, 'EX-7'), (2, null), (3, 'EX-7')) v(n, p), licet_answer('$example', p)"
refused "to which a policy that is not there is an error too" 'ERROR:  42704: unknown policy "EX-8"' "$(use first) select * from licet_answer('$example', 'EX-8')"
refused "a policy that is not there is an error that names those that are" 'ERROR:  42704: unknown policy "EX-8".*DETAIL:  The policies in ".*/first" are: EX-7' "$(use first) select licet_outcome('$example', 'EX-8')"
is "a name of ten megabytes is cut before it reaches the server's log" "yes" "$(use first) do \$\$ begin perform licet_outcome('{}', repeat('x', 10000000)); exception when undefined_object then
  if length(sqlerrm) < 200 then perform set_config('test.cut', 'yes', false); end if; end \$\$; select current_setting('test.cut', true)"
is "a request to a payer without policies is none" "no_policy" "select licet_outcome(j || '{\"payer\": \"Nobody\"}') from request where j->>'id' = 'O-001' limit 1"

# ---- a regimen of another drug

regimen() { echo "select coalesce(outcome, errors->'errors'->0->>'field') from request, licet_answer(jsonb_set(j, '{facts,dose_regimen}', '\"$1\"')) where j->>'id' = 'O-001' limit 1"; }
is "a regimen of the drug requested is decided" "approve" "$(regimen blinatumomab_relapsed)"
is "one of another drug is refused in place as in the text" "dose_regimen" "$(regimen inotuzumab_course)"

# ---- what jsonb keeps in a form of its own, read in place, as the command reads its text

sql <<END
create table odd (n serial, j jsonb);
alter table odd alter j set storage external;
create function with_ige(value jsonb) returns jsonb language sql as \$\$
  select jsonb_set('$example'::jsonb || '{"policy": "EX-7"}', '{facts,total_ige}', value) \$\$;
insert into odd (j) select with_ige(number::jsonb) from string_to_table('0 -0 0.0 1 7 10 29 30 31 99 100 999 1000 1001 9999 10000 10001 99999 20000000 '
  '123456789 1e1 3e1 1e3 1e4 1e300 300e-1 30.0 30.5 0.5 1e-5 -1 -30 -10000 123456789012345678901234567890 true null "30" "30x" [] {}', ' ') number;
insert into odd (j) select with_ige(jsonb_build_object('value', n, 'document', 'd')) from generate_series(0, 40, 5) n;
insert into odd (j) select with_ige(jsonb_agg(n)) from generate_series(9950, 10050) n;
insert into odd (j) select with_ige('30') || jsonb_build_object('id', repeat('é', n)) from unnest('{1,62,63,64,2000,20000,60000,70000}'::int[]) n;
insert into odd (j) select with_ige((repeat('[', n) || repeat(']', n))::jsonb) from generate_series(1, 20) n;
insert into odd (j) select with_ige('30') || jsonb_build_object('facts', (select jsonb_object_agg('x' || i, i) from generate_series(1, n) i)) from unnest('{1,15,16,17,31,32,33,100}'::int[]) n;
END
sql -c "select j from odd order by n" >"$work/odd.ndjson"
told='if .errors then "errors " + ([.errors[] | .pointer + " " + .found + " " + .expected] | sort | join(", ")) else .outcome end'
"$LICET" decide --policies "$work/first" --ndjson --json "$work/odd.ndjson" | jq -r "$told" >"$work/odd.command"
sql -c "$(use first)" -c "select coalesce(errors, jsonb_build_object('outcome', outcome)) from odd cross join licet_answer(j) order by n" | jq -r "$told" >"$work/odd.database"
if [[ $(sort -u "$work/odd.command" | wc -l) -gt 20 ]] && cmp -s "$work/odd.command" "$work/odd.database"; then pass; else
  fail "numbers, long texts, depth and many keys are read in place as in the text" "$(diff "$work/odd.command" "$work/odd.database")"
fi

# ---- the folder

refused "without a folder there is an error that says how to set one" 'ERROR:  F0000: licet.policies is not set.*HINT:  SET licet.policies' "set licet.policies = ''; select licet_outcome('$example', 'EX-7')"
refused "a folder that is not there is an error" 'cannot be opened.*DETAIL:  .*error.L504.: no such file or folder' "$(use nowhere) select licet_outcome('$example', 'EX-7')"
refused "so is one without policies" 'cannot be opened.*DETAIL:  .*there is no .licet file in this folder' "$(use empty) select licet_outcome('$example', 'EX-7')"
refused "policies with errors are told as the compiler tells them" 'DETAIL:  .*broken/.*error\[L[0-9]+\].*severe_astma' "$(use broken) select licet_outcome('$example', 'EX-7')"
is "another folder, another policy, and back" "approve
refer
approve" "$(use first) select licet_outcome('$example', 'EX-7'); $(use strict) select licet_outcome('$example', 'EX-7'); $(use first) select licet_outcome('$example', 'EX-7')"
is "a setting that is rolled back has changed nothing" "approve
refer
approve" "$(use first) select licet_outcome('$example', 'EX-7'); begin; set local licet.policies = '$work/strict'; select licet_outcome('$example', 'EX-7'); rollback; select licet_outcome('$example', 'EX-7')"
got=$(sql -v ON_ERROR_STOP=0 2>&1 <<END
$(use first)
select licet_outcome('$example', 'EX-7');
$(use broken)
select licet_outcome('$example', 'EX-7');
$(use first)
select licet_outcome('$example', 'EX-7');
END
)
if [[ $got =~ ^approve.*cannot\ be\ opened.*approve$ ]]; then pass; else fail "after a folder with errors the one before serves again" "$got"; fi
got=$(sql <<END
$(use edited)
select licet_outcome('$example', 'EX-7');
\\! sed -i 's/total_ige >= 30/total_ige >= 300/' $work/edited/*.licet
select licet_outcome('$example', 'EX-7');
select licet_reload();
select licet_outcome('$example', 'EX-7');
END
)
if [[ $got == $'approve\napprove\n1\nrefer' ]]; then pass; else fail "an edited policy holds after a reload, not before" "$got"; fi
sql -c "create role clerk login; grant select on request to clerk"
refused "an ordinary user may not choose the folder" 'ERROR:  42501: permission denied to set parameter' "select licet_version(); set role clerk; $(use first)"
is "nor by choosing it before licet is there" "OHSU-0382" "set client_min_messages = error; set role clerk; $(use first) select licet_decide(j)->'policy'->>'id' from request where j->>'id' = 'O-001' limit 1"
is "but may decide" "approve" "set role clerk; select licet_outcome(j) from request where j->>'id' = 'O-001' limit 1"
refused "a misspelt setting is refused" 'invalid configuration parameter name "licet.polices"' "select licet_version(); set licet.polices = 'x'"

# ---- many rows, several processes

sql -c "create table many as select r.j from request r join answer a using (n), generate_series(1, 400) where a.j ? 'outcome'; analyze many"
parallel="set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2;"
tally="select string_agg(o || ' ' || n, ', ' order by o) from (select licet_outcome(j) o, count(*) n from many group by 1) t"
alone=$(sql -c "set max_parallel_workers_per_gather = 0; $tally")
expected=$(jq -r '.outcome // empty' "$work/answers.ndjson" | sort | uniq -c | awk '{ printf "%s%s %d", (NR > 1 ? ", " : ""), $2, $1 * 400 }')
if [[ $alone == "$expected" ]]; then pass; else fail "many rows are decided as one" "$expected" "$alone"; fi
is "by several workers as by one" "$alone" "$parallel $tally"
workers=$(sql -c "$parallel explain (analyze, costs off, timing off, summary off) select count(*) from many where licet_outcome(j) = 'approve'")
if [[ $workers =~ "Workers Launched: 2" ]]; then pass; else fail "workers were started" "$workers"; fi
bad="create table mixed as select j from many union all select '{\"drug\": 3}'::jsonb from generate_series(1, 5); analyze mixed"
sql -c "$bad"
is "a bad row does not end a statement of licet_answer, in one process or several" "$expected; faulty 5
$expected; faulty 5" "set max_parallel_workers_per_gather = 0; create table alone as select outcome, reason, errors from mixed cross join licet_answer(j);
  $parallel create table together as select outcome, reason, errors from mixed cross join licet_answer(j);
  select string_agg(o || ' ' || n, ', ' order by o) || '; faulty ' || (select count(errors) from alone) from (select outcome o, count(*) n from alone where outcome is not null group by 1) t;
  select string_agg(o || ' ' || n, ', ' order by o) || '; faulty ' || (select count(errors) from together) from (select outcome o, count(*) n from together where outcome is not null group by 1) t"
workers=$(sql -c "$parallel explain (analyze, costs off, timing off, summary off) create table planned as select outcome, reason, errors from mixed cross join licet_answer(j)")
if [[ $workers =~ "Workers Launched: 2" ]]; then pass; else fail "a table of answers is made by several workers" "$workers"; fi
is "workers decide by the setting of who asks" "approve 2000" "$(use first) create table same as select '$example'::jsonb as j from generate_series(1, 2000); analyze same; $parallel
  select licet_outcome(j, 'EX-7') || ' ' || count(*) from same group by licet_outcome(j, 'EX-7')"
refused "a worker's error is told" 'the request cannot be decided' "$parallel select count(*) from many where licet_outcome(j || '{\"line\": \"x\"}') = 'approve'"
is "memory does not grow with the rows" "t" "do \$\$ begin perform count(licet_decide(j)) from (select j from many limit 500) m; end \$\$;
  create temporary table held as select sum(total_bytes) as bytes from pg_backend_memory_contexts;
  do \$\$ begin perform count(licet_decide(j)), count(licet_outcome(j)) from (select j from many limit 20000) m;
    perform count(outcome), count(errors) from (select j from mixed limit 20000) m, licet_answer(j); end \$\$;
  select sum(total_bytes) < (select bytes from held) + 1000000 from pg_backend_memory_contexts"
refused "a statement can be cancelled" 'ERROR:  57014: canceling statement due to statement timeout' "set statement_timeout = '50ms'; select count(licet_decide(a.j)) from many a, many b"
is "and the backend goes on" "approve" "select licet_outcome(j) from request where j->>'id' = 'O-001' limit 1"
got=$(sql -v ON_ERROR_STOP=0 2>&1 <<END
set statement_timeout = '20ms';
select count(licet_decide(a.j)) from many a, many b;
reset statement_timeout;
select licet_outcome(j) from request where j->>'id' = 'O-001' limit 1;
END
)
if [[ $got == *approve ]]; then pass; else fail "so does the session that was interrupted" "$got"; fi

# ---- encodings

sql -c "create database latin template template0 encoding latin1 locale 'C'"
sql -c "create database bytes template template0 encoding sql_ascii locale 'C'"
spoken='{"id":"caf\u00e9","payer":"Nobody","line":"medicaid","drug":"d","kind":"initial","received":"2026-01-01"}'
for DATABASE in latin postgres; do
  sql -c "create extension if not exists licet" 2>/dev/null
  is "what is not ASCII is read and told in the encoding of $DATABASE" "café no_policy" \
    "set client_encoding = utf8; select (licet_decide('$spoken')->>'request') || ' ' || licet_outcome('$spoken')"
done
DATABASE=bytes
sql -c "create extension licet"
is "a database without an encoding has UTF-8 decided" "no_policy" "select licet_outcome('{\"id\":\"café\",\"payer\":\"Nobody\",\"line\":\"medicaid\",\"drug\":\"d\",\"kind\":\"initial\",\"received\":\"2026-01-01\"}')"
unset DATABASE

sql -c "create database turkish template template0 locale 'tr_TR.UTF-8'"
DATABASE=turkish
is "a database where the capital of i is not I" "tr_TR.UTF-8 false" "select datctype || ' ' || ('I' ilike 'i') from pg_database where datname = 'turkish'"
sql -c "create extension licet; create table request (n serial, j jsonb); create table answer (n serial, j jsonb)"
lines "$work/requests.ndjson" request
lines "$work/answers.ndjson" answer
is "decides every request of the cases as the command does, in place and as a text" "0 0" \
  "select count(*) filter (where (o.outcome, o.reason) is distinct from (a.j->>'outcome', a.j->>'reason')) || ' ' ||
     count(*) filter (where o.errors is null and licet_decide(r.j) <> jsonb_set(a.j, '{provenance,request_digest}', 'null')) from request r join answer a using (n) cross join licet_answer(r.j) o"
is "and agents in whatever case" "0" "select count(*) from request r cross join lateral (select replace(replace(r.j::text, 'imatinib', 'IMATINIB'), 'ponatinib', 'Ponatinib')::jsonb) u(j)
   where (select outcome from licet_answer(r.j)) is distinct from (select outcome from licet_answer(u.j))"
unset DATABASE

# ---- one statement, one set of policies

cat >"$work/edit" <<END # folder, from, to
sed -i "s/total_ige >= \$2/total_ige >= \$3/" "$work/\$1"/*.licet
END
same="drop table if exists same; create table same as select '$example'::jsonb as j from generate_series(1, 2000); analyze same;"
tally_same="select string_agg(o || ' ' || n, ', ') from (select licet_outcome(j, 'EX-7') o, count(*) n from same group by 1) t"
one_statement() { # in a folder of this name, in the server as it was started
  local folder=$1
  folder "$folder"
  chmod -R a+rX "$work/$folder"
  is "workers decide by the texts that their leader read, not by the edited folder ($folder)" "approve
approve 2000" "$(use "$folder") $parallel $same select licet_outcome('$example', 'EX-7');
\\! bash $work/edit $folder 30 300
$tally_same"
  is "by the edited one after a reload ($folder)" "approve 2000
1
refer 2000" "$(use "$folder") $parallel
\\! bash $work/edit $folder 300 30
$tally_same;
\\! bash $work/edit $folder 30 300
select licet_reload();
$tally_same"
  is "the folder may be edited while they decide ($folder)" "refer 2000" "$(use "$folder") $parallel
\\! bash -c '(sleep 0.2; bash $work/edit $folder 300 30) >/dev/null 2>&1 &'
select string_agg(o || ' ' || n, ', ') from (select licet_outcome(j, 'EX-7') o, count(*) n from same where pg_sleep(0.0005) is not null group by 1) t"
  is "or vanish ($folder)" "approve
approve 2000" "$(use "$folder") $parallel select licet_outcome('$example', 'EX-7');
\\! mv $work/$folder $work/away
$tally_same;
\\! mv $work/away $work/$folder"
  is "a reload reaches every other session, at its next statement ($folder)" "approve
1
refer 2000" "$(use "$folder") $parallel select licet_outcome('$example', 'EX-7');
\\! bash $work/edit $folder 30 300
\\! psql -X -q -A -t -h $server/socket -U licet -d postgres -c \"set licet.policies = '$work/$folder'\" -c 'select licet_reload()'
$tally_same"
  is "a statement that reloads ends as it began; so does a cursor; the next begins with what was read ($folder)" "refer
refer 1 refer
refer
approve" "$(use "$folder") begin; declare answers cursor for select licet_outcome(j, 'EX-7') from same; fetch 1 from answers;
\\! bash $work/edit $folder 300 30
select licet_outcome('$example', 'EX-7') || ' ' || licet_reload() || ' ' || licet_outcome('$example', 'EX-7');
fetch 1 from answers; commit;
select licet_outcome('$example', 'EX-7')"
  refused "a folder that lost its policies ends a reload ($folder)" 'cannot be opened' "$(use "$folder") select licet_outcome('$example', 'EX-7');
\\! mv $work/$folder $work/away
select licet_reload()"
  mv "$work/away" "$work/$folder"
  is "of whom it does, within another function too ($folder)" "approve 2000" \
    "select licet_version() is null \\g /dev/null
     $(use "$folder") set parallel_leader_participation = off; $parallel select wrapped(j) || ' ' || count(*) from same group by wrapped(j)"
}
sql -c "create function wrapped(j jsonb) returns text language plpgsql parallel safe as \$\$ begin return licet_outcome(j, 'EX-7'); end \$\$"
one_statement alone
refused "workers of whom the leader knows nothing decide nothing" 'were not open when this parallel statement began.*HINT:  Run the statement again' \
  "set licet.policies = '$work/alone'; set parallel_leader_participation = off; $parallel select wrapped(j) || ' ' || count(*) from same group by wrapped(j)"
refused "what licet hands to its workers is set by nobody else" 'licet.leader" is set by licet alone' "select licet_version(); set licet.leader = '1'"
refused "not everybody may have all backends read their policies again" 'permission denied for function licet_reload' "set role clerk; select licet_reload()"

# ---- one library for the whole server

stop_server
rm -rf "$work/data" "$work/tree" "$work/socket"
start_server "$work" "-c licet.policies=$work/first -c shared_preload_libraries=licet" || fail "a server that loads licet at its start starts"
mv "$work/first" "$work/moved"
is "a library opened at the server's start needs its folder no more" "approve" "create extension licet; select licet_outcome('$example', 'EX-7')"
is "nor do workers" "approve 2000" "create table same as select '$example'::jsonb as j from generate_series(1, 2000); analyze same; $parallel
  select licet_outcome(j, 'EX-7') || ' ' || count(*) from same group by licet_outcome(j, 'EX-7')"
is "another folder can still be chosen" "refer" "$(use strict) select licet_outcome('$example', 'EX-7')"
sql -c "create function wrapped(j jsonb) returns text language plpgsql parallel safe as \$\$ begin return licet_outcome(j, 'EX-7'); end \$\$"
one_statement inherited
