#!/usr/bin/env bash
# The documentation is true: every block of commands in it prints what it says, every policy it shows is one, every link leads somewhere, and
# the tables of diagnostics and of findings are the engine's own lists.
#
#     46-documentation.sh [--update] [FILE...]       FILE: a document, from the top of the repository; all without
#
# In a document, a fenced block is
#
#     ```licet PATH     a file (likewise ```json PATH, ```c PATH …): written to PATH, a later one of the same PATH replacing it;
#                       a *.licet file must stand as `licet fmt` lays it out
#     ```               that begins with `$ `: commands with what they print, standard output and standard error together; `[exit N]` behind
#                       a command that does not end with 0
#
# and everything else is text. The blocks of one document run in order in a fresh folder that holds copies of policies/, examples/ and docs/, with
# `licet`, `licetd` and the installed library at hand. Digests are compared, and may be written, as sha256:… --update writes what the commands print now
# into the documents: the diff is the review. A folder of docs/examples/ is what the document that writes files there ends with.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
licet=$(realpath "${LICET:-$here/build/release/licet}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 update=
unset LICET_POLICIES NO_COLOR COLUMNS
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)) && echo "FAIL $1"; }
digests() { sed -E 's/sha256:[0-9a-f]{64}/sha256:…/g'; }

# A prefix with the library, for programs that documents show. Only the release is built to be linked with.
if [ "${MODE:-release}" = release ]; then
  make --no-print-directory -s -C "$here" install PREFIX="$work/prefix" >"$work/log" 2>&1 || { cat "$work/log" && fail "make install"; }
  export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig LD_LIBRARY_PATH=$work/prefix/lib
fi
mkdir -p "$work/bin"
# Copied, so that the policies it was installed with are those of the folder it runs in.
cp "$licet" "$work/bin/licet" && ln -s folder/policies "$work/policies"
ln -s "$(dirname "$licet")/licetd" "$work/bin/licetd"

# Runs the commands of the block in file $1, printing the block as it comes out now.
replay() {
  local line status
  while IFS= read -r line; do
    case $line in
      '$ '*)
        printf '%s\n' "$line"
        (cd "$work/folder" && PATH="$work/bin:$PATH" bash -c "${line#\$ }") >"$work/output" 2>&1 </dev/null
        status=$?
        digests <"$work/output"
        [ ! -s "$work/output" ] || [ -z "$(tail -c 1 "$work/output")" ] || echo
        [ "$status" -eq 0 ] || echo "[exit $status]" ;;
    esac
  done <"$1"
}

# One fenced block of document $1: its info string $2, its text in $work/block. Prints the block's text as it is to stand.
block() {
  local document=$1 language=${2%% *} path=${2#* }
  if [ "$path" != "$2" ]; then
    mkdir -p "$work/folder/$(dirname "$path")"
    cp "$work/block" "$work/folder/$path"
    cat "$work/block"
    case $path in
      *.licet) if "$licet" fmt --check "$work/folder/$path" >&3 2>&3; then pass; else fail "$document: $path is not formatted" >&3; fi ;;
    esac
  elif [ "$language" = licet ]; then
    cat "$work/block"
    fail "$document: a policy without a name" >&3
  elif [ -z "$language" ] && [[ $(head -n 1 "$work/block") == '$ '* ]]; then
    replay "$work/block" >"$work/now"
    if digests <"$work/block" | cmp -s - "$work/now"; then
      cat "$work/block"
      pass
    elif [ -n "$update" ]; then
      cat "$work/now"
      echo "updated $document" >&3
      pass
    else
      cat "$work/block"
      fail "$document: expected (-) and printed (+)" >&3
      diff -u --label "$document" --label 'printed now' <(digests <"$work/block") "$work/now" >&3
    fi
  else
    cat "$work/block"
  fi
}

check_blocks() { # writes the document as it is to stand
  local line info='' inside=
  while IFS= read -r line || [ -n "$line" ]; do
    if [ -z "$inside" ] && [[ $line == '```'* ]]; then
      info=${line#'```'} inside=1
      printf '%s\n' "$line"
      : >"$work/block"
    elif [ -n "$inside" ] && [ "$line" = '```' ]; then
      block "$1" "$info"
      printf '%s\n' "$line"
      inside=
    elif [ -n "$inside" ]; then
      printf '%s\n' "$line" >>"$work/block"
    else
      printf '%s\n' "$line"
    fi
  done <"$here/$1"
  [ -z "$inside" ] || fail "$1: a block is not closed" >&3
}

check_links() {
  local target
  for target in $(grep -oE '\]\([^)#]+' "$here/$1" | sed 's/^](//' | grep -vE '^[a-z]+:'); do
    if [ -e "$here/$(dirname "$1")/$target" ]; then pass; else fail "$1: no $target"; fi
  done
}

check_examples() {
  local example
  for example in "$here"/docs/examples/*/; do
    example=$(basename "$example")
    [ -d "$work/folder/$example" ] || continue
    if diff -r "$here/docs/examples/$example" "$work/folder/$example"; then pass; else fail "$1 ends with another docs/examples/$example"; fi
  done
}

check_document() {
  rm -rf "$work/folder" && mkdir -p "$work/folder"
  cp -R "$here/policies" "$here/examples" "$here/docs" "$work/folder/"
  check_blocks "$1" >"$work/document"
  if [ -n "$update" ]; then cmp -s "$work/document" "$here/$1" || cp "$work/document" "$here/$1"; fi
  check_examples "$1"
  check_links "$1"
  # A server that a document started and, since a block before failed, did not stop.
  [ ! -s "$work/folder/licetd.pid" ] || kill -9 "$(cat "$work/folder/licetd.pid")" 2>/dev/null || true
}

if [ "${1-}" = --update ]; then update=1 && shift; fi
if [ ! -x "$licet" ]; then echo "no command at $licet; 'make' builds it" >&2 && exit 1; fi
cd "$here" || exit 1
exec 3>&1
if [ $# -eq 0 ]; then
  set -- ./*.md docs/*.md examples/*.md policies/*.md bench/*.md bench/*/README.md extensions/*.md tests/*.md src/*/README.md include/*/*.md
fi
for document; do
  document=${document#./}
  [ -e "$document" ] || continue # a pattern that met nothing
  # Programs are linked with the release.
  [ "$document" != docs/embedding.md ] || [ "${MODE:-release}" = release ] || continue
  check_document "$document"
done
if [ -n "$update" ]; then
  tools/diagnostic-table >docs/diagnostics.md
  tools/finding-table docs/dosing.md >"$work/dosing.md" && cp "$work/dosing.md" docs/dosing.md
  tools/request-error-table docs/determination.md >"$work/errors.md" && cp "$work/errors.md" docs/determination.md
fi
if tools/diagnostic-table | cmp -s - docs/diagnostics.md; then pass; else fail "docs/diagnostics.md is not what tools/diagnostic-table writes"; fi
if tools/finding-table docs/dosing.md | cmp -s - docs/dosing.md; then pass; else fail "docs/dosing.md has other findings than tools/finding-table writes"; fi
if tools/request-error-table docs/determination.md | cmp -s - docs/determination.md; then pass; else fail "docs/determination.md has other codes than tools/request-error-table writes"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
