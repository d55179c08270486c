# bash completion for licet. It asks the command what there is (`licet help --list`), so it cannot fall behind it.

# The entries of `licet help --list`: "command --option", what it takes, what it does, a tab between.
_licet_list() { licet help --list 2>/dev/null; }

# The ids of the policies in force today, from the folder the line names.
_licet_policies() {
  local folder=() i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == --policies ]] && folder=(--policies "${COMP_WORDS[i + 1]}")
  done
  licet policies --json "${folder[@]}" 2>/dev/null | sed -n 's/^\[\{0,1\}{"id":"\([^"]*\)".*/\1/p'
}

# What stands for what an option takes, or a command works on.
_licet_offer() { # what it takes, the word so far
  case $1 in
    *POLICY* | ID) compgen -W "$(_licet_policies)" -- "$2" ;;
    FOLDER) compgen -d -- "$2" ;;
    *FILE*) compgen -f -- "$2" ;;
    *COMMAND*) compgen -W "$(_licet_list | awk '$1 !~ /^-/ {print $1}' | sort -u)" -- "$2" ;;
    KIND) compgen -W 'initial continuation' -- "$2" ;;
    LINE) compgen -W 'commercial exchange medicaid medicare' -- "$2" ;;
  esac
}

_licet() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} takes
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$(_licet_list | awk '{print $1}' | sort -u)" -- "$current")
    return
  fi
  if [[ $previous == --* ]]; then
    takes=$(_licet_list | awk -F'\t' -v entry="$command $previous" '$1 == entry {print $2}')
    if [[ -n $takes ]]; then
      mapfile -t COMPREPLY < <(_licet_offer "$takes" "$current")
      return
    fi
  fi
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_licet_list | awk -v command="$command" '$1 == command && $2 ~ /^--/ {print $2}')" -- "$current")
    return
  fi
  mapfile -t COMPREPLY < <(_licet_offer "$(_licet_list | awk -F'\t' -v entry="$command" '$1 == entry {print $2}')" "$current")
}

complete -o filenames -F _licet licet
