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
    mapfile -t COMPREPLY < <(compgen -W 'decide bulk pack check fmt test show policies facts help --help --version' -- "$current")
    return
  fi
  case $previous in
    --policies) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return ;;
    --kind) mapfile -t COMPREPLY < <(compgen -W 'initial continuation' -- "$current") && return ;;
    --policy) mapfile -t COMPREPLY < <(compgen -W "$(_licet_policies)" -- "$current") && return ;;
    --from | --to) mapfile -t COMPREPLY < <(compgen -W 'ndjson csv columns' -- "$current") && return ;;
    --registers) mapfile -t COMPREPLY < <(compgen -W 'portable avx2 avx512' -- "$current") && return ;;
    --by | --against) mapfile -t COMPREPLY < <(compgen -W "$(_licet_policies)" -- "$current") && return ;;
    --output | --rejects | --summary | --checkpoint) mapfile -t COMPREPLY < <(compgen -f -- "$current") && return ;;
    --on | --literally | --threads) return ;;
  esac
  case $command in
    decide) options='--ndjson --tree --json --literally --policies --ascii --help' ;;
    bulk) options='--by --against --from --to --output --rejects --summary --criteria --missing --strict --threads --checkpoint --resume --registers --literally --policies --help' ;;
    pack) options='--from --output --rejects --strict --policies --help' ;;
    check) options='--policies --help' ;;
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
    decide | bulk | pack | check | fmt | test) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    show) mapfile -t COMPREPLY < <(compgen -W "$(_licet_policies)" -- "$current") ;;
    help) mapfile -t COMPREPLY < <(compgen -W 'decide bulk pack check fmt test show policies facts help' -- "$current") ;;
  esac
}

complete -o filenames -F _licet licet
