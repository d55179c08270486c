#!/usr/bin/env bash
# The command line, as transcripts: tests/cli/*.transcript.
#
#     40-transcripts.sh [--update] [NAME...]       NAME: the transcript's file name without its ending; all without
#
# A transcript is commands with what they print, standard output and standard error together, and their exit status:
#
#     # Text before the first command says what is shown.
#     $ licet decide request.json
#     {"request":…}
#     [exit 0]
#
# Each runs in a fresh folder that holds copies of policies/ and of everything in tests/cli/, with `licet` on the PATH. A last line without its line end is
# shown with `\` and a line end behind it, and a digest as sha256:…, since it changes with every file. --update writes what the commands print now into the transcripts: the diff is the review.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
licet=$(realpath "${LICET:-$here/build/release/licet}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 update=

# The transcripts must not depend on who runs them, or where.
unset LICET_POLICIES NO_COLOR COLUMNS
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb

# Runs one command in the current folder and prints its part of the transcript.
run_command() {
  printf '$ %s\n' "$1"
  local status
  bash -c "$1" >"$work/output" 2>&1 </dev/null
  status=$?
  sed -E 's/sha256:[0-9a-f]{64}/sha256:…/g' "$work/output"
  [ ! -s "$work/output" ] || [ -z "$(tail -c 1 "$work/output")" ] || printf '\\\n'
  printf '[exit %d]\n' "$status"
}

# Prints the transcript $1 as it comes out now.
replay() {
  local line inside=
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      '$ '*) run_command "${line#\$ }"; inside=1 ;;
      '[exit '*) inside= ;;
      *) [ -n "$inside" ] || printf '%s\n' "$line" ;; # between commands: text for the reader, kept
    esac
  done <"$1"
}

# The command is copied beside the folders, so that the policies it was installed with are those of the folder it runs in.
mkdir "$work/bin" && cp "$licet" "$work/bin/licet" && ln -s folder/policies "$work/policies" || exit 1

# A fresh folder for each transcript, so that what one writes no other sees.
fresh_folder() {
  rm -rf "$work/folder"
  mkdir -p "$work/folder"
  [ ! -d "$here/policies" ] || cp -R "$here/policies" "$work/folder/policies"
  cp -R "$here/tests/cli/." "$work/folder/"
  rm -f "$work/folder/"*.transcript
}

check() {
  local transcript=$1 name
  name=$(basename "$transcript" .transcript)
  fresh_folder
  (cd "$work/folder" && PATH="$work/bin:$PATH" replay "$transcript") >"$work/now"
  if cmp -s "$transcript" "$work/now"; then
    passed=$((passed + 1))
  elif [ -n "$update" ]; then
    cp "$work/now" "$transcript"
    echo "updated $name"
    passed=$((passed + 1))
  else
    echo "FAIL $name: expected (-) and printed (+)"
    diff -u --label "tests/cli/$name.transcript" --label 'printed now' "$transcript" "$work/now"
    failed=$((failed + 1))
  fi
}

if [ "${1-}" = --update ]; then update=1 && shift; fi
if [ ! -x "$licet" ]; then echo "no command at $licet; 'make' builds it" >&2 && exit 1; fi
if [ $# -gt 0 ]; then
  for name; do check "$here/tests/cli/$name.transcript"; done
else
  for transcript in "$here"/tests/cli/*.transcript; do check "$transcript"; done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
