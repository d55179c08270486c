# bash completion for licet. Complete by tests/suites/41-documented.sh: every command and option of `licet help --list` stands here.

# The ids of the policies in force today, from the folder the line names.
_licet_policies() {
  local folder=() i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == --policies ]] && folder=(--policies "${COMP_WORDS[i + 1]}")
  done
  licet policies --json "${folder[@]}" 2>/dev/null | sed -n 's/^\[\{0,1\}{"id":"\([^"]*\)".*/\1/p'
}

_licet() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} options=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W 'decide check compare diff fmt test show policies facts help --help --version' -- "$current")
    return
  fi
  case $previous in
    --policies | --witnesses) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return ;;
    --kind) mapfile -t COMPREPLY < <(compgen -W 'initial continuation' -- "$current") && return ;;
    --policy) mapfile -t COMPREPLY < <(compgen -W "$(_licet_policies)" -- "$current") && return ;;
    --on | --from | --to | --literally) return ;;
  esac
  case $command in
    decide) options='--ndjson --tree --json --literally --policies --ascii --help' ;;
    check) options='--prove --witnesses --json --policies --ascii --help' ;;
    compare) options='--witnesses --json --policies --ascii --help' ;;
    diff) options='--from --to --witnesses --json --policies --ascii --help' ;;
    fmt) options='--check --help' ;;
    test) options='--literally --policies --ascii --help' ;;
    show) options='--html --on --kind --policies --ascii --help' ;;
    policies) options='--json --on --policies --ascii --help' ;;
    facts) options='--json --policy --policies --ascii --help' ;;
    help) options='--list --help' ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    return
  fi
  case $command in
    decide | check | fmt | test) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    show | compare | diff) mapfile -t COMPREPLY < <(compgen -W "$(_licet_policies)" -- "$current") ;;
    help) mapfile -t COMPREPLY < <(compgen -W 'decide check compare diff fmt test show policies facts help' -- "$current") ;;
  esac
}

complete -o filenames -F _licet licet
