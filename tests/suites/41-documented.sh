#!/usr/bin/env bash
# Every command and option the command has (`licet help --list`, made from src/cli/*.def) stands in its man page and in each shell's completion, and man
# pages and bash completion name no option that is not there.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
licet=$(realpath "${LICET:-$here/build/release/licet}")
passed=0 failed=0

check() { # what is claimed, then the command that shows it
  local claim=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    echo "FAIL $claim"
    failed=$((failed + 1))
  fi
}

man_page() { if [ -z "$1" ] || [ "$1" = help ]; then echo "$here/docs/man/licet.1"; else echo "$here/docs/man/licet-$1.1"; fi; }
man_has() { grep -Eqs -- "(^|[ .])Fl -${2#--}( |\$)" "$(man_page "$1")"; }
# The line of a case: `  decide) …`, with the lines it goes on with.
case_of() { sed -n "/^    $2) .*options=/p;/^    $2) _arguments/,/;;/p" "$here/tools/completions/$1"; }
bash_has() { if [ -z "$1" ]; then grep -q -- "help --help --version" "$here/tools/completions/licet.bash"; else case_of licet.bash "$1" | grep -Eq -- "$2( |')"; fi; }
# In zsh, options that several commands share stand in variables of their names.
zsh_has() {
  local file=$here/tools/completions/licet.zsh
  [ -n "$1" ] || { grep -q -- "$2\\[" "$file" && return; }
  case_of licet.zsh "$1" | grep -Eq -- "$2\\[|\\\$($(grep -E -- "^  local [a-z]+='.*$2\\[" "$file" | sed -E 's/^  local ([a-z]+)=.*/\1/' | paste -sd '|'))( |\$)"
}
fish_has() {
  local file=$here/tools/completions/licet.fish
  [ "$2" = --help ] || [ -z "$1" ] && { grep -Eq -- "^complete -c licet .*-l ${2#--} " "$file" && return; }
  grep -Eq -- "__fish_seen_subcommand_from[a-z ]* $1[a-z ]*' -l ${2#--} " "$file"
}
names_command() { grep -Eq -- "(^|[ ':(])$2([ :')]|\$)" "$here/tools/completions/licet.$1"; }

# Which options man page and bash completion name that the command does not have.
unknown_in_man() {
  local command=$1 option
  for option in $(grep -Eo -- 'Fl -[a-z][a-z-]*' "$(man_page "$command")" | sed 's/Fl -/--/' | sort -u); do
    "$licet" help --list | grep -qxE -- "($command |[a-z]+ )?$option" || { echo "licet-$command.1: $option" && return 0; }
  done
  return 1
}
unknown_in_bash() {
  local option
  for option in $(case_of licet.bash "$1" | grep -Eo -- '--[a-z][a-z-]*' | sort -u); do
    "$licet" help --list | grep -qx -- "$1 $option" || { echo "licet.bash: $1 $option" && return 0; }
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
      for shell in bash zsh fish; do check "$command is completed by $shell" names_command "$shell" "$command"; done
      check "the man page of $command names only options there are" lacks unknown_in_man "$command"
      check "bash completes only options of $command there are" lacks unknown_in_bash "$command"
      continue ;;
  esac
  check "licet $entry stands in its man page" man_has "$command" "$option"
  for shell in bash zsh fish; do check "licet $entry is completed by $shell" "${shell}_has" "$command" "$option"; done
done < <("$licet" help --list)
if command -v mandoc >/dev/null; then
  for page in "$here"/docs/man/*.1; do
    check "$(basename "$page") has no errors" mandoc -T lint -W error "$page"
  done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
