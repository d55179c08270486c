#!/usr/bin/env bash
# Every command and option the command has (`licet help --list`, made from src/cli/*.def) stands in its man page and is completed;
# man pages name no option that is not there.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
licet=$(realpath "${LICET:-$here/build/release/licet}")
. "$here/tests/checks"

man_page() { if [ -z "$1" ] || [ "$1" = help ]; then echo "$here/docs/man/licet.1"; else echo "$here/docs/man/licet-$1.1"; fi; }
man_has() { grep -Eqs -- "(^|[ .])Fl -${2#--}( |\$)" "$(man_page "$1")"; }
listed() { "$licet" help --list | cut -f1; }
# What bash offers after these words, the last being the one begun.
bash_offers() {
  PATH=$(dirname "$licet"):$PATH COMP_LINE="$*" bash -c '
    source "$0" && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) && _licet && printf "%s\n" "${COMPREPLY[@]}"' \
    "$here/tools/completions/licet.bash" "$@" 2>/dev/null
}
bash_has() { bash_offers licet $1 "$2" | grep -qx -- "$2"; }

# Which options the man page names that the command does not have.
unknown_in_man() {
  local command=$1 option
  for option in $(grep -Eo -- 'Fl -[a-z][a-z-]*' "$(man_page "$command")" | sed 's/Fl -/--/' | sort -u); do
    listed | grep -qxE -- "($command |[a-z]+ )?$option" || { echo "licet-$command.1: $option" && return 0; }
  done
  return 1
}
lacks() { ! "$@"; }

if [ ! -x "$licet" ]; then echo "no command at $licet; 'make' builds it" >&2 && exit 1; fi
while IFS= read -r entry; do
  command=${entry%% *} option=${entry#* }
  case $entry in
    --*) command='' ;;
    *' '*) ;;
    *) # a command's own line
      check "$command has its man page" test -s "$(man_page "$command")"
      check "bash completes $command" bash_has "" "$command"
      check "the man page of $command names only options there are" lacks unknown_in_man "$command"
      continue ;;
  esac
  check "licet $entry stands in its man page" man_has "$command" "$option"
  check "bash completes licet $entry" bash_has "$command" "$option"
done < <(listed)
for shell in zsh fish; do check "the completion of $shell asks the command" grep -q 'licet help --list' "$here/tools/completions/licet.$shell"; done
check "bash offers policies where one is wanted" bash_has show OHSU-0382
check "bash offers kinds where one is wanted" bash_has 'show --kind' continuation
check "bash offers commands to help with" bash_has help facts
if command -v zsh >/dev/null; then check "zsh reads its completion" zsh -n "$here/tools/completions/licet.zsh"; fi
if command -v fish >/dev/null; then check "fish reads its completion" fish --no-execute "$here/tools/completions/licet.fish"; fi
if command -v mandoc >/dev/null; then
  for page in "$here"/docs/man/*.1; do
    check "$(basename "$page") has no errors" mandoc -T lint -W error "$page"
  done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
