#compdef licet
# zsh completion for licet; installed as _licet. It asks the command what there is (`licet help --list`), so it cannot fall behind it.

# The ids of the policies in force today.
_licet_policies() {
  local -a ids
  ids=(${(f)"$(licet policies --json 2>/dev/null | sed -n 's/^\[\{0,1\}{"id":"\([^"]*\)".*/\1/p')"})
  _describe 'policy' ids
}

# What stands for what an option takes, or a command works on.
_licet_offer() {
  case $1 in
    *POLICY* | ID) _licet_policies ;;
    FOLDER) _directories ;;
    *FILE*) _files ;;
    *COMMAND*) _licet_commands ;;
    KIND) compadd initial continuation ;;
    LINE) compadd commercial exchange medicaid medicare ;;
  esac
}

_licet_commands() {
  local -a entries
  entries=(${(f)"$(licet help --list 2>/dev/null | awk -F'\t' '$1 !~ /[ -]/ {print $1 ":" $3}')"})
  _describe 'command' entries
}

_licet() {
  local command=$words[2] previous=$words[CURRENT-1] takes
  local -a entries
  if (( CURRENT == 2 )); then
    _licet_commands
    return
  fi
  takes=$(licet help --list 2>/dev/null | awk -F'\t' -v entry="$command $previous" '$1 == entry {print $2}')
  if [[ $previous == --* && -n $takes ]]; then
    _licet_offer $takes
  elif [[ $words[CURRENT] == -* ]]; then
    entries=(${(f)"$(licet help --list 2>/dev/null | awk -F'\t' -v command="$command " 'index($1, command) == 1 {sub(command, "", $1); gsub(":", "\\:", $3); print $1 ":" $3}')"})
    _describe 'option' entries
  else
    _licet_offer "$(licet help --list 2>/dev/null | awk -F'\t' -v entry="$command" '$1 == entry {print $2}')"
  fi
}

_licet "$@"
