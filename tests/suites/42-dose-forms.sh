#!/usr/bin/env bash
# The forms of `licet dose` are what they claim to be: every iCalendar is one (RFC 5545, as far as licet writes it), every SVG picture and HTML page is
# well-formed, and no line of text is wider than 80 columns. Over the example, the requests of the transcripts, every seventh case beside the policies,
# and texts that try to break out of each form.
set -u
cd "$(dirname "$0")/../.." || exit 1
licet=$(realpath "${LICET:-build/release/licet}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/checks
unset LICET_POLICIES NO_COLOR COLUMNS
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb

# Lines end with CRLF and hold at most 75 octets; the calendar and each event have what they must have, once; events have identities of their own and end
# after they start.
is_icalendar() { # file
  [ -s "$1" ] && LC_ALL=C awk '
    function wrong(what) { print FILENAME ":" FNR ": " what; bad = 1 }
    function once(name) { if (seen[name] != 1) wrong(name " stands " seen[name] + 0 " times in " part) }
    !/\r$/ { wrong("no carriage return") }
    { sub(/\r$/, "") }
    /\r/ { wrong("a carriage return within the line") }
    /[\001-\010\013\014\016-\037\177]/ { wrong("a control character") }
    length($0) > 75 { wrong(length($0) " octets") }
    /^$/ { wrong("an empty line") }
    { if (substr($0, 1, 1) == " ") lines[count] = lines[count] substr($0, 2); else lines[++count] = $0 }
    END {
      if (lines[1] != "BEGIN:VCALENDAR" || lines[count] != "END:VCALENDAR") wrong("is no VCALENDAR")
      part = "VCALENDAR"
      for (i = 1; i <= count; i++) {
        colon = index(lines[i], ":")
        name = substr(lines[i], 1, colon - 1); value = substr(lines[i], colon + 1)
        if (name !~ /^[A-Z]+(;VALUE=DATE)?$/) wrong("no property: " lines[i])
        if (lines[i] == "BEGIN:VEVENT") {
          if (events++ == 0) { once("VERSION"); once("PRODID") }
          delete seen; part = "event " events; continue
        }
        seen[name]++
        if (name == "UID" && uids[value]++) wrong("UID twice: " value)
        if (name == "DTSTAMP" && value !~ /^[0-9]+T[0-9]+Z$/) wrong("DTSTAMP: " value)
        if (name == "DTSTART;VALUE=DATE") start = value
        if (name == "DTEND;VALUE=DATE" && (value !~ /^[0-9]+$/ || value <= start)) wrong("ends before it starts: " value)
        if (name ~ /^(SUMMARY|DESCRIPTION)$/) { gsub(/\\[\\,;n]/, "", value); if (value ~ /[\\,;]/) wrong("not escaped: " lines[i]) }
        if (lines[i] == "END:VEVENT") { once("UID"); once("DTSTAMP"); once("DTSTART;VALUE=DATE"); once("DTEND;VALUE=DATE"); once("SUMMARY") }
      }
      if (events == 0) wrong("no events")
      exit bad
    }' "$1"
}

is_svg() { xmllint --noout --nonet "$1" && [ "$(xmllint --xpath 'name(/*)' "$1")" = svg ]; }

# HTML as licet writes it is XML but for its doctype and empty elements.
is_page() { sed -E '1s/^<!DOCTYPE html>//; s/<meta [^>]*>//g' "$1" | xmllint --noout --nonet - && ! grep -qE '<script|src=|href="http|@import' "$1"; }

fits() { ! LC_ALL=C sed 's/[\x80-\xbf]//g' "$1" | grep -nE '.{81}'; }
is_ascii() { ! LC_ALL=C grep -n '[^ -~]' "$1"; }

all_forms() { # name, file, option …
  local name=$1 file=$2
  shift 2
  "$licet" dose "$@" "$file" >"$work/text" 2>"$work/errors"
  [ $? -le 1 ] && [ -s "$work/text" ] || { cat "$work/errors"; check_quietly "$name: there is a plan" false; return; }
  check_quietly "$name: the text fits 80 columns" fits "$work/text"
  "$licet" dose --ascii "$@" "$file" >"$work/text"
  check_quietly "$name: ASCII where ASCII is asked for" is_ascii "$work/text"
  "$licet" dose --json "$@" "$file" >"$work/json"
  check_quietly "$name: JSON" jq -e .drug "$work/json"
  "$licet" dose --compare --json "$@" "$file" >"$work/json"
  check_quietly "$name: the comparison is JSON" jq -e .preparations "$work/json"
  "$licet" dose --svg "$@" "$file" >"$work/picture.svg"
  check_quietly "$name: a well-formed picture" is_svg "$work/picture.svg"
  "$licet" dose --html "$@" "$file" >"$work/page.html"
  check_quietly "$name: a well-formed page that fetches nothing" is_page "$work/page.html"
  "$licet" dose --ical "$@" "$file" >"$work/plan.ics" 2>"$work/errors"
  grep -q 'nothing was calculated' "$work/errors" || check_quietly "$name: an iCalendar" is_icalendar "$work/plan.ics"
}

# The checks themselves can fail.
broken() { # sentence, sed expression
  "$licet" dose --ical examples/dose.json | sed -E "$2" >"$work/broken.ics"
  check_quietly "a calendar $1 is told" eval '! is_icalendar "$work/broken.ics"'
}
broken "without carriage returns" 's/\r$//'
broken "with long lines" 's/^SUMMARY:/SUMMARY:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/'
broken "with one identity for all" 's/^UID:.*\r/UID:same\r/'
broken "without stamps" '/^DTSTAMP/d'
broken "with bare commas" 's/\\,/,/'
broken "that runs backwards" 's/^(DTEND;VALUE=DATE:)..../\11999/'

for request in examples/dose.json tests/cli/dose.json tests/cli/dose-child.json tests/cli/dose-surface.json; do all_forms "$request" "$request"; done
for bag in 24_hours 48_hours 72_hours 96_hours 7_days; do all_forms "a ${bag/_/-} bag" tests/cli/dose.json --preparation "bag_$bag"; done
jq '.id = "<b>&\"'\''\u0001\r\nEND:VEVENT, a;b\\ ü€😀\u202e"' tests/cli/dose.json >"$work/hostile.json"
all_forms "a hostile name" "$work/hostile.json"

number=0
while IFS= read -r request; do
  number=$((number + 1))
  printf '%s\n' "$request" >"$work/request.json"
  all_forms "case $number" "$work/request.json"
done < <(cat policies/*.cases | jq -c 'select(.expect.outcome).request' | awk 'NR % 7 == 1')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
