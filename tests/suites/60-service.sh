#!/bin/bash
# service: licetd, driven as an office, a physician and a program drive it: a whole life of a request over HTTP, what is refused to whom, what
# stays when the server is killed, what the database refuses to a client that goes past the program, and what the verification finds.
#
# Also in MODE=asan and coverage, against that build's licetd.
set -uo pipefail
case $MODE in release | asan | coverage) ;; *) echo "0 passed, 0 failed"; exit 0 ;; esac

. tests/checks
check_proof=$PWD/tests/service/check_proof.py
licetd=$PWD/$BUILD/licetd
policies=$PWD/policies
examples=$PWD/examples/requests.ndjson
work=$(mktemp -d)
server=
stop_server() { [[ -z $server ]] || kill -9 "$server" 2>/dev/null; }
trap 'stop_server; rm -rf "$work"' EXIT
cd "$work" || exit 1
unset LICET_POLICIES STATE_DIRECTORY
password='a long password'
organization=1234567893 other=1245319599

# ---- the server

start() { # folder of policies: waits until it listens
  "$licetd" serve --store sqlite:cases.db --policies "$1" --listen 127.0.0.1:0 >address 2>complaints &
  server=$!
  for _ in $(seq 200); do
    grep -q http address && break
    kill -0 $server 2>/dev/null || break
    sleep 0.05
  done
  url=$(sed -n 's/.*\(http:.*\)/\1/p' address)
  [[ -n $url ]] || cat complaints
}
add() { echo "$password" | "$licetd" account add "$@" --store sqlite:cases.db; }

# ---- talking to it: the status in $status, the body in $work/body, the headers in $work/headers

call() { # method, path, curl's arguments
  local method=$1 path=$2
  shift 2
  status=$(curl -s -o body -D headers -w '%{http_code}' -X "$method" "$url$path" "$@")
}
sign_in() {
  call POST /api/v1/session -c "$1.jar" -H 'Content-Type: application/json' -d "{\"name\":\"$1\",\"password\":\"$password\"}"
  jq -r .csrf body >"$1.csrf"
}
as() { # account, method, path, curl's arguments
  local who=$1 method=$2 path=$3
  shift 3
  call "$method" "$path" -b "$who.jar" -H "X-CSRF-Token: $(cat "$who.csrf")" -H 'Content-Type: application/json' "$@"
}
act() { # account, number seen, type, payload: an event on $case
  as "$1" POST "/api/v1/cases/$case/events" -H "If-Match: \"$2\"" -d "{\"type\":\"$3\",\"payload\":$4}"
}
field() { jq -r "$1" body; }
submission() { # request of the examples, its new id
  jq -c --arg id "$2" --arg o $organization "select(.id == \"$1\") | del(.received) | .id = \$id |
    { request: ., member: { id: \"M-1\", name: \"A Member\" }, requester: { organization: \$o, prescriber: { npi: \"1234567893\", name: \"Dr. Roe\" } },
      benefit: \"medical\", channel: \"portal\" }" "$examples"
}

# ---- one name, one function

# The service links the library's archive: a function of its own under the name of one of the library's would be called in its place.
functions() { nm "$@" 2>/dev/null | awk '$2 == "T" && $3 != "main" { print $3 }' | sort -u; }
check "no function of the service hides one of the library" is "" "$(cd "$OLDPWD/$BUILD" && comm -12 <(functions liblicet.a) <(functions src/{clocks,store,accounts,cases,serve,daemon}/*.o | grep -v '_test$'))"

# ---- accounts and the command line

add office --role requester --organization $organization
add elsewhere --role requester --organization $other
add dr-lee --role physician --specialty oncology --license OR:1
add dr-kim --role physician --specialty oncology --license OR:2
add dr-low --role physician --specialty oncology --reports-to dr-lee
add a-nurse --role nurse
add an-admin --role admin
token=$("$licetd" token add portal --role program --organization $organization --days 1 --store sqlite:cases.db)
check "a token is printed once" is 43 "${#token}"
check "no command is a usage error" exits 2 "$licetd"
check "an unknown command is a usage error" exits 2 "$licetd" sreve
check "an unknown option is a usage error" exits 2 "$licetd" serve --prot 1
check "a command without its operand is a usage error" exits 2 "$licetd" account add
check "an option without its argument is a usage error" exits 2 "$licetd" serve --listen
check "help is fine" exits 0 "$licetd" help
short_password() { echo short | "$licetd" account add x --role nurse --store sqlite:cases.db; }
check "a short password is refused" exits 2 short_password
mixed() { add x --role nurse,admin; }
check "an admin is no nurse" exits 2 mixed
again() { add office --role requester --organization $organization; }
check "a name is given once" exits 3 again
check "a store that cannot be opened is exit 3" exits 3 "$licetd" audit verify --store sqlite:/no/such/folder/x
check "beyond loopback it does not listen without TLS" exits 2 "$licetd" serve --listen 0.0.0.0:0 --store sqlite:cases.db --policies "$policies"
check "without policies it does not serve" exits 3 "$licetd" serve --listen 127.0.0.1:0 --store sqlite:cases.db --policies "$work/none"
check "a token's number of days is checked" exits 2 "$licetd" token add x --role program --organization $organization --days 0 --store sqlite:cases.db
check "a token belongs to an organization" exits 2 "$licetd" token add x --role program --store sqlite:cases.db

start "$policies"
for name in office elsewhere dr-lee dr-kim dr-low a-nurse an-admin; do
  sign_in $name
  check "$name signs in" is 200 "$status"
done

# ---- a whole life

submission A-125 L-1 >life.json
as office POST /api/v1/cases -d @life.json
case=$(field .id)
check "a submission makes a case" is 201 "$status"
check "the case has its address" grep -q "^Location: /api/v1/cases/$case" headers
check "the engine asks for what is missing" is "information_requested requester supply" "$(field '"\(.state) \(.next.who) \(.next.what)"')"
check "ETag is the number of the last event" grep -q '^ETag: "2"' headers
as office POST /api/v1/cases -d @life.json
check "the same submission is the same case" is "200 $case" "$status $(field .id)"
jq -c '.request.start = "2026-12-24" | .member.name = "B"' life.json >differs.json
as office POST /api/v1/cases -d @differs.json
check "another under the same id names what differs" is '409 ["/member/name","/request/start"]' "$status $(field '[.errors[].pointer] | sort | tostring')"

act office 1 facts_supplied '{"facts":{"mrd":"negative"}}'
check "an event on an old state is refused" is 412 "$status"
act office 2 facts_supplied '{"facts":{"mrd":{"value":"negative","source":"reviewer"}}}'
check "an office does not state a reviewer's facts" is "422 /payload/facts/mrd/source" "$status $(field '.errors[0].pointer')"
act office 2 facts_supplied '{"facts":{"mdr":"negative"}}'
check "a fact that is none is refused with the nearest" is "422 /payload/facts/mdr mrd" "$status $(field '.errors[0] | "\(.pointer) \(.nearest)"')"
act office 2 facts_supplied '{"facts":{"candidate_for_multiagent_chemotherapy":true,"mrd":"negative","induction_regimen":"other"}}'
check "facts are decided on at once" is "200 4 information_requested mrd_persistent_or_rising" "$status $(field '"\(.seq) \(.state) \(.determination.missing[0][0])"')"
act office 4 denied '{"criterion":"adult.A1","reason":"x","evidence":["x"],"would_change":"x"}'
check "an office denies nothing" is 403 "$status"
act a-nurse 4 denied '{"criterion":"adult.A1","reason":"x","evidence":["x"],"would_change":"x"}'
check "nor does a nurse" is 403 "$status"
act dr-lee 4 decided '{"determination":{"outcome":"approve"},"engine":"licet"}'
check "nobody but the engine decides as the engine" is 403 "$status"
act a-nurse 4 approved '{"authorization":{"start":"2026-12-01"},"criteria":["adult.A1"]}'
check "a nurse does not approve what the policy does not" is 403 "$status"
act dr-lee 4 denied '{"criterion":"adult.A1"}'
check "a denial says why, on what, and what would change it" is \
  '422 ["/payload/evidence","/payload/reason","/payload/would_change"]' "$status $(field '[.errors[].pointer] | sort | tostring')"
act dr-lee 4 denied '{"criterion":"adult.A1","reason":"Not in a covered use.","evidence":["chart"],"would_change":"Rising residual disease."}'
check "a physician denies a case that only software had pended" is "200 denied" "$status $(field .state)"
act dr-lee 5 denied '{"criterion":"adult.A1","reason":"x","evidence":["x"],"would_change":"x"}'
check "what is denied is not denied again" is 409 "$status"

kill -9 $server
wait $server 2>/dev/null
start "$policies"
as office GET "/api/v1/cases/$case"
check "after kill -9 the denial is there, and the session" is "200 denied 5" "$status $(field '"\(.state) \(.seq)"')"

act office 5 appealed '{"level":1,"appellant":"prescriber","urgency":"standard","arguments":"Residual disease is rising."}'
check "the office appeals" is "200 appealed" "$status $(field .state)"
act dr-lee 6 overturned '{"authorization":{"start":"2026-12-01","weeks":30},"reason":"x"}'
check "who denied does not decide the appeal" is 403 "$status"
act dr-low 6 upheld '{"criterion":"adult.A1","reason":"x","evidence":["x"],"would_change":"x"}'
check "nor who reports to who denied" is 403 "$status"
act dr-kim 6 overturned '{"authorization":{"start":"2026-12-01","number":"A-1"},"reason":"x"}'
check "nobody but the service gives a number" is "422 /payload/authorization/number" "$status $(field '.errors[0].pointer')"
act dr-kim 6 overturned '{"authorization":{"start":"2026-12-01","weeks":30},"reason":"Residual disease is rising."}'
check "another physician overturns" is "200 approved" "$status $(field .state)"
check "the approval has a number" grep -q '"number":"A-[0-9A-Z]\{10\}"' body
act dr-kim 7 noted '{"text":"Called the office."}'
act office 8 message_sent '{"text":"Thank you."}'
act dr-kim 9 reopened '{"reason":"new_evidence","explanation":"x"}'
check "an approval is not reopened for just any reason" is "422 /payload/reason" "$status $(field '.errors[0].pointer')"
act office 9 withdrawn '{}'
check "an approved case is not withdrawn" is 409 "$status"

as office GET "/api/v1/cases/$case/events"
check "the office reads the history, without the plan's notes" is \
  "submitted decided facts_supplied decided denied appealed overturned message_sent" "$(field '[.events[].type] | join(" ")')"
as dr-kim GET "/api/v1/cases/$case/events"
check "the plan reads all of it" is 9 "$(field '.events | length')"
check "each with who and in which role" is "dr-lee physician" "$(field '.events[4] | "\(.actor) \(.role)"')"
by_hand() { # the chain, with jq and sha256sum alone
  local previous=null event payload digest
  while read -r event; do
    payload=$(jq -cSj .payload <<<"$event" | sha256sum | cut -d' ' -f1)
    digest=$(jq -cSj --arg c "$case" --arg p "$payload" --argjson b "$previous" \
      '{actor, case: $c, instant, number, payload: $p, previous: $b, role, type}' <<<"$event" | sha256sum | cut -d' ' -f1)
    [[ $digest == "$(jq -r .digest <<<"$event")" ]] || return 1
    previous="\"$digest\""
  done < <(jq -c '.events[]' body)
}
check "a stranger verifies the chain with jq and sha256sum" by_hand

# ---- drafts, approval by the engine, judgments

jq -c '{draft: true, requester, request: {id: "L-2", drug: "blinatumomab"}} | .requester |= {organization}' life.json >draft.json
as office POST /api/v1/cases -d @draft.json
case=$(field .id)
check "a draft is a draft, without a clock or a decision" is "201 draft null null" "$status $(field '"\(.state) \(.received) \(.determination)"')"
act office 1 submitted "{\"submission\":$(submission O-001 L-2)}"
check "submitted, the engine approves it" is "200 approved" "$status $(field .state)"
check "with its number and dates" is "true 2026-11-09" "$(field '"\(.authorization.number | startswith("A-")) \(.authorization.start)"')"
as office POST /api/v1/cases -d "$(submission H-007 L-3)"
case=$(field .id)
check "what hangs on a judgment goes to review" is "201 in_review" "$status $(field .state)"
act a-nurse 2 assigned '{"account":"office"}'
check "work is given to a clinician" is "422 /payload/account" "$status $(field '.errors[0].pointer')"
act a-nurse 2 assigned '{"account":"a-nurse"}'
check "a nurse takes the case" is "200 a-nurse" "$status $(field .assigned_to)"
act a-nurse 3 facts_supplied '{"facts":{"dose_supported":true}}'
check "her judgment counts, and the engine approves" is "200 approved" "$status $(field .state)"
as office GET "/api/v1/cases/$case"
check "the office does not see who works on it" is false "$(field 'has("assigned_to")')"
as office POST /api/v1/cases -d "$(submission A-125 L-4)"
case=$(field .id)
act dr-lee 2 information_requested '{"asked":[{"fact":"mrd"}],"due":"2026-12-01"}'
check "information is asked for in review alone" is 409 "$status"
act office 2 withdrawn '{}'
check "an office withdraws" is "200 withdrawn" "$status $(field .state)"
as office POST /api/v1/cases -d "$(submission A-125 L-5)"
first=$(field .id)
as office POST /api/v1/cases -d "$(submission A-125 L-6)"
check "two open cases for one member and drug name each other" is "$first" "$(field '.possible_duplicates[0]')"

# ---- who may not

as elsewhere GET "/api/v1/cases/$case"
check "another organization finds no such case" is 404 "$status"
cp body hidden
as elsewhere GET /api/v1/cases/c-0000000000000000
check "as if it did not exist" cmp -s hidden body
as elsewhere POST "/api/v1/cases/$case/events" -H 'If-Match: "3"' -d '{"type":"noted","payload":{"text":"x"}}'
check "nor can it act on it" is 404 "$status"
as elsewhere GET /api/v1/cases
check "its worklist is empty" is "200 0" "$status $(field '.cases | length')"
as elsewhere POST /api/v1/cases -d @life.json
check "it does not submit for another" is "422 /requester/organization" "$status $(field '.errors[0].pointer')"
as an-admin GET "/api/v1/cases/$case"
check "an admin sees no case" is 404 "$status"
as an-admin POST /api/v1/cases -d @life.json
check "an admin submits none" is 403 "$status"
for route in 'GET /api/v1/cases' 'POST /api/v1/cases' "GET /api/v1/cases/$case" "GET /api/v1/cases/$case/events" "POST /api/v1/cases/$case/events" 'DELETE /api/v1/session'; do
  call ${route% *} "${route#* }"
  check "$route needs an account" is 401 "$status"
  call ${route% *} "${route#* }" -H 'Authorization: Bearer xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
  check "$route needs a token that is one" is 401 "$status"
done
call POST /api/v1/cases -b office.jar -H 'Content-Type: application/json' -d @life.json
check "a change needs the session's CSRF token" is 403 "$status"
call POST /api/v1/session -H 'Content-Type: application/json' -d '{"name":"office","password":"another password"}'
check "a wrong password is refused" is 401 "$status"
check "the cookie is out of reach of scripts and other sites" grep -q 'HttpOnly; SameSite=Strict' <(curl -s -D- -o /dev/null "$url/api/v1/session" \
  -H 'Content-Type: application/json' -d "{\"name\":\"office\",\"password\":\"$password\"}")

# ---- what is no request

call POST /api/v1/cases -H "Authorization: Bearer $token" -H 'Content-Type: text/plain' -d @life.json
check "a body is JSON" is 415 "$status"
call POST /api/v1/cases -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"request":'
check "and well-formed" is 400 "$status"
check "problems are of the type for them" grep -qi '^Content-Type: application/problem+json' headers
{ printf '{"x":"' && head -c 2000000 /dev/zero | tr '\0' x && printf '"}'; } >large.json
call POST /api/v1/cases -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d @large.json
check "and no larger than the limit" is 413 "$status"
call POST /api/v1/cases -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"request":{},"request":{}}'
check "a key given twice is refused" is 422 "$status"
call POST /api/v1/cases -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{}'
check "every part that is missing is named" is '["/benefit","/channel","/member","/request","/requester"]' \
  "$(field '[.errors[].pointer | select(test("^/[a-z]+$"))] | unique | tostring')"
jq -c '.request.id = "L-9" | .requester.prescriber.npi = "1234567890" | .request.received = "2026-01-01T00:00:00Z" | .channel = "fax" | .program = "x"' life.json >wrong.json
call POST /api/v1/cases -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d @wrong.json
check "so is everything that is wrong" is '["/channel","/program","/request/received","/requester/prescriber/npi"]' "$(field '[.errors[].pointer] | sort | tostring')"
as office POST "/api/v1/cases/$case/events" -d '{"type":"noted","payload":{"text":"x"}}'
check "an event says which state was seen" is 428 "$status"
act office 3 nonsense '{}'
check "an event is one of the table" is "422 /type" "$status $(field '.errors[0].pointer')"
call GET /api/v1/nothing
check "an address that is none" is 404 "$status"
call PUT /api/v1/cases
check "a method that is none" is 405 "$status"
as office GET '/api/v1/cases?limit=0'
check "a limit is a number" is 422 "$status"
as office GET '/api/v1/cases?due_before=tomorrow'
check "a due time is an instant" is 422 "$status"
call GET /healthz
check "it is up" is "200 up" "$status $(field .status)"
call GET /readyz
check "it is ready" is "200 ready" "$status $(field .status)"
as office GET '/api/v1/cases?limit=2'
after=$(field .after)
as office GET "/api/v1/cases?limit=100&after=$after"
check "pages follow one another" is "200 4" "$status $(field '.cases | length')"
as office GET '/api/v1/cases?state=approved&drug=blinatumomab'
check "the worklist is filtered" is "200 2" "$status $(field '.cases | length')"

# ---- clocks

add clerk --role clerk
sign_in clerk
faxed() { # id, program, how long ago it came: on standard output
  submission A-125 "$1" | jq -c --arg p "$2" --arg r "$(date -u -d "$3" +%FT%T.%3NZ)" '.program = $p | .request.received = $r | .received_reason = "x" | .channel = "fax"'
}
types() { as clerk GET "/api/v1/cases/$case/events" && jq -r '[.events[].type] | join(" ")' body; }
missed() { # waits for it
  for _ in $(seq 200); do
    [[ $(types) == *deadline_missed* ]] && return
    sleep 0.1
  done
  return 1
}
check "the file of clocks passes its check" exits 0 "$licetd" clocks check "$policies/plan.clocks"
sed 's/2026-06-30/2026-06-29/' "$policies/plan.clocks" >gap.clocks
check "a file with a gap does not" exits 1 "$licetd" clocks check gap.clocks
check "and says which case has no rule, and when" grep -q 'L606.*program exchange.*from 2026-06-30 to 2026-06-30' out
check "nothing is served by it" exits 3 "$licetd" serve --listen 127.0.0.1:0 --store sqlite:cases.db --policies "$policies" --clocks gap.clocks
as office POST /api/v1/cases -d "$(submission A-125 T-1 | jq -c '.program = "employer_erisa" | .member.state = "OR"')"
case=$(field .id)
check "a case shows its clock, its rule and the source" is \
  "erisa-standard 29 CFR 2560.503-1(f)(2)(iii), (l) true" "$(field '"\(.next.rule) \(.next.source) \(.next.due | startswith("20"))"')"
due=$(field .next.due)
as clerk GET "/api/v1/cases?due_before=$due&drug=blinatumomab"
check "the worklist has its due time" is "$due" "$(as clerk GET "/api/v1/cases?limit=500" && jq -r --arg c "$case" '.cases[] | select(.id == $c) | .due' body)"
act office 2 extended '{"days":1,"reason":"x"}'
check "an office extends nothing" is 403 "$status"
act clerk 2 extended '{"days":16,"reason":"x"}'
check "nothing is extended by more than the rule allows" is "422 /payload/days" "$status $(field '.errors[0].pointer')"
act clerk 2 extended '{"days":15,"reason":"x"}'
check "staff extends it" is "200 true" "$status $(jq --arg d "$due" '.next.due > $d' body)"
act clerk 3 extended '{"days":1,"reason":"x"}'
check "once" is 409 "$status"
act office 3 urgency_changed '{"urgency":"expedited","reason":"worse","clock":{"due":"2099-01-01T00:00:00Z"}}'
check "nobody but the service states a clock" is "422 /payload/clock" "$status $(field '.errors[0].pointer')"
act office 3 urgency_changed '{"urgency":"expedited","reason":"worse"}'
check "expediting starts the other clock" is "200 erisa-expedited" "$status $(field .next.rule)"
as office POST /api/v1/cases -d "$(submission A-125 T-2 | jq -c '.member.state = "Oregon"')"
check "a state is a postal code" is "422 /member/state" "$status $(field '.errors[0].pointer')"

as clerk POST /api/v1/cases -d "$(faxed T-3 medicare_advantage '72 hours ago 2 seconds')"
case=$(field .id)
check "what is not yet late is open" is "201 information_requested" "$status $(field .state)"
check "a deadline fires by itself" missed
check "by the clock, and as what the law makes of it" is "deadline_missed clock clock deemed_denied" "$(jq -r '.events[] | select(.type == "deadline_missed") | "\(.type) \(.actor) \(.role) \(.payload.consequence)"' body)"
as clerk GET "/api/v1/cases/$case"
check "the case is denied, and may be appealed" is "denied may_appeal null" "$(field '"\(.state) \(.next.what) \(.next.due)"')"
as office GET "/api/v1/cases/$case/events"
check "an office does not see the plan's reminders" is "" "$(jq -r '.events[] | select(.type == "reminded") | .type' body)"
as clerk POST /api/v1/cases -d "$(faxed T-4 medicaid_fee_for_service '24 hours ago 3 seconds')"
case=$(field .id)
kill -9 $server
wait $server 2>/dev/null
sleep 3.5
start "$policies"
check "what was missed while the server was down fires when it is back" missed
kill -9 $server
wait $server 2>/dev/null
start "$policies"
sleep 1
check "once, whatever is killed" is 1 "$(types | grep -o deadline_missed | wc -l)"
as clerk GET "/api/v1/cases/$case"
check "where the rule says escalate the case stays open, and overdue" is "information_requested medicaid-state" "$(field '"\(.state) \(.next.rule)"')"
"$licetd" serve --store sqlite:cases.db --policies "$policies" --listen 127.0.0.1:0 >second.address 2>second.complaints &
second=$!
as clerk POST /api/v1/cases -d "$(faxed T-5 medicaid_fee_for_service '24 hours ago 2 seconds')"
case=$(field .id)
missed
sleep 0.5
check "two servers over one store fire it once" is 1 "$(types | grep -o deadline_missed | wc -l)"
kill $second
wait $second

# ---- a case keeps its policy

as office POST /api/v1/cases -d "$(submission A-125 P-1)"
case=$(field .id)
pinned=$(field .determination.policy.digest)
kill $server
wait $server
check "it stops when it is told to, and finishes" is 0 $?
cp -R "$policies" changed
sed -i 's/28 vials every 42 days/29 vials every 42 days/' changed/aspirus-blincyto.licet
start changed
act office 2 facts_supplied '{"facts":{"candidate_for_multiagent_chemotherapy":true}}'
check "new facts are decided by the policy of the day of receipt" is "200 $pinned" "$status $(field .determination.policy.digest)"
as office POST /api/v1/cases -d "$(submission A-125 P-2)"
check "a new case by the new one" test "$pinned" != "$(field .determination.policy.digest)"

# ---- nothing acknowledged is lost

submit_many() { # name of the worker: submits until the server is gone, and keeps what was acknowledged
  local i id
  for ((i = 0; ; i++)); do
    id=$(submission A-125 "K-$1-$i" | curl -s -m 10 -X POST "$url/api/v1/cases" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d @- |
      jq -r '.id // empty') || break
    [[ -n $id ]] || break
    echo "$id" >>"acknowledged.$1"
  done
}
for round in 1 2 3; do
  for worker in 1 2 3 4; do submit_many "$round-$worker" & workers[worker]=$!; done
  for _ in $(seq 200); do compgen -G "acknowledged.$round-*" >there && break; sleep 0.1; done # on a busy machine the first takes long
  sleep 0.$((RANDOM % 5 + 5))
  kill -9 $server
  wait $server "${workers[@]}" 2>/dev/null
  start changed
done
all_there() {
  local id
  sort -u acknowledged.* >acknowledged
  sqlite3 cases.db 'select distinct case_id from event' | sort >there
  [[ -s acknowledged ]] && [[ -z $(comm -23 acknowledged there) ]]
}
check "after three kills under load every acknowledged case is there" all_there
check "the ledger verifies while the server runs" exits 0 "$licetd" audit verify --store sqlite:cases.db
check "with as many events as there are" grep -q "events $(sqlite3 cases.db 'select count(*) from event')," out
check "every case has its row, as its events tell" is 0 "$(sqlite3 cases.db 'select count(*) from (select case_id, max(number) as n from event group by case_id) e
  left join case_row r on r.id = e.case_id where r.seq is not e.n')"
kill $server
wait $server
server=

# ---- checkpoints, proofs, deciding again

audit() { "$licetd" audit "$@" --store sqlite:cases.db; }
events=$(sqlite3 cases.db 'select count(*) from event')
check "a service that stops has signed a checkpoint over all events" is "$events" "$(sqlite3 cases.db 'select max(size) from checkpoint')"
check "the key is its owner's alone" is 600 "$(stat -c %a licetd.key)"
check "a checkpoint is printed" exits 0 audit checkpoint
cp out kept
check "it names the ledger and counts its events" is "licet-ledger $events" "$(head -n 2 kept | sed 's/-[0-9a-f]*$//' | tr '\n' ' ' | sed 's/ $//')"
check "what verifies it is printed" exits 0 audit key
check "and has its name" grep -q "^$(head -n 1 kept)+" out
check "the ledger verifies against it" exits 0 audit verify --since kept
check "a case is proved" exits 0 audit prove "$case"
cp out proof.json
check "a stranger can check the proof" exits 0 python3 "$check_proof" proof.json
check "and finds all its events" grep -q "^$(sqlite3 cases.db "select count(*) from event where case_id = '$case'") events" out
for change in '.events[2].payload.facts.mrd = "positive"' '.events[1].actor = "dr-lee"' '.events |= .[1:]' '.events[0].path[0] |= sub("^."; "f")' '.events[0].index += 1' \
  '.checkpoint |= sub("instant 2"; "instant 3")' '.checkpoint |= sub("\n[0-9]+\n"; "\n9\n")'; do
  jq -c "$change" proof.json >forged.json
  cmp -s <(jq -c . proof.json) forged.json && jq -c '.events[0].path[0] |= sub("^."; "e")' proof.json >forged.json
  check "who changes $change proves nothing" exits 1 python3 "$check_proof" forged.json
done
check "a case that is none is not proved" exits 1 audit prove c-none
check "everything that the engine decided is decided again, alike" exits 0 audit replay
check "each of them" grep -q "decided again $(sqlite3 cases.db "select count(*) from event where type = 'decided' and payload like '%\"policy\":\"sha256:%'"), differ 0" out
check "one case alone" exits 0 audit replay "$case"
check "a case that is none is not" exits 3 audit replay c-none
check "the worklist is as the ledger tells" exits 0 audit rebuild --check
sqlite3 cases.db "update case_row set state = 'approved' where state = 'denied'; delete from case_row where id = '$case'"
check "a worklist that is not is found" exits 1 audit rebuild --check
check "with where" grep -q "case $case: everything differs" out
check "and put right" exits 0 audit rebuild
check "so that nothing differs" exits 0 audit rebuild --check
check "a file that is no checkpoint is a usage error" exits 2 audit verify --since licetd.key
sed '2s/.*/999999/' kept >later
check "a ledger that is shorter than a checkpoint is found" exits 1 audit verify --since later
check "with both lengths" grep -q "holds 999999 events, the ledger only $events" out
cut_off() { # a copy whose last events are gone, with checkpoints and triggers as an intruder would leave them
  cp cases.db cut.db
  sqlite3 cut.db "drop trigger event_is_kept; drop trigger checkpoint_is_kept; delete from event where position > $((events - 2)); delete from checkpoint where size > $((events - 2))"
  ! "$licetd" audit verify --store sqlite:cut.db --since kept >out && grep -q 'the ledger only' out
}
check "who cuts the end off is found by a checkpoint that was kept" cut_off
rewritten() { # a copy in which one event is another, its digest and those behind it made to fit: here the last of its case
  cp cases.db new.db
  "$licetd" audit verify --store sqlite:new.db >before
  sqlite3 new.db "drop trigger event_stays; update event set digest = randomblob(32) where position = 3"
  ! "$licetd" audit verify --store sqlite:new.db --since kept >out
}
check "who rewrites an event is found" rewritten
echo 'PRIVATE+KEY+nonsense' >bad.key
check "a key that is none is refused" exits 3 audit checkpoint --key bad.key
contents() {
  cp cases.db text.db
  sqlite3 text.db "drop trigger content_stays; update content set bytes = bytes || x'0a' where digest = (select min(digest) from content)"
  ! "$licetd" audit verify --store sqlite:text.db >out && grep -q '^content .* is not what its digest says' out
}
check "a policy text that was changed is found" contents

# ---- past the program

sql() { sqlite3 -bail cases.db "$1" >sql.out 2>&1; }
forbidden() { ! sql "$2" && grep -q "licet: $1" sql.out || { echo "  $(cat sql.out)" && return 1; }; }
next="select case_id, number + 1, instant"
columns="insert into event (case_id, number, instant, type, actor, role, account, payload, previous, digest)"
last="digest, randomblob(32) from event where case_id = '$case' order by number desc limit 1"
check "a checkpoint is not removed" forbidden 'a checkpoint is never removed' 'delete from checkpoint'
check "an event is not removed" forbidden 'an event is never removed' 'delete from event'
check "nor changed" forbidden 'an event is never changed' "update event set type = 'approved'"
check "a number has no gap" forbidden 'a number is missing' "$columns select case_id, number + 2, instant, 'noted', 'a-nurse', 'nurse', (select id from account where name = 'a-nurse'), '{}', $last"
check "an instant does not go back" forbidden 'it does not continue' \
  "$columns select case_id, number + 1, instant - 1, 'noted', 'a-nurse', 'nurse', (select id from account where name = 'a-nurse'), '{}', $last"
check "an office does not deny" forbidden 'the role may not cause it' "$columns $next, 'denied', 'office', 'requester', (select id from account where name = 'office'), '{}', $last"
check "nor under a role it does not have" forbidden 'the account does not have the role' \
  "$columns $next, 'denied', 'office', 'physician', (select id from account where name = 'office'), '{}', $last"
check "nor the engine" forbidden 'the role may not cause it' "$columns $next, 'denied', 'engine', 'engine', null, '{}', $last"
check "nor a program" forbidden 'only a clinician may decide against' "insert into account_role select id, 'physician' from account where name = 'portal';
  $columns $next, 'denied', 'portal', 'physician', (select id from account where name = 'portal'), '{}', $last"
check "the rules are not changed" forbidden 'the rules are' "insert into permission values ('denied', 'engine')"
sql "drop trigger event_stays; update event set payload = replace(payload, 'prescriber', 'presriber') where number = 6 and type = 'appealed'"
check "who removes a trigger and changes a payload is found" exits 1 "$licetd" audit verify --store sqlite:cases.db
check "with where and what" grep -q "event 6: its digest is not that of its contents" out

echo "$passed passed, $failed failed"
((failed == 0))
