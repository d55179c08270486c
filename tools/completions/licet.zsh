#compdef licet
# zsh completion for licet; installed as _licet. Complete by tests/suites/41-documented.sh: every command and option of `licet help --list` stands here.

# The ids of the policies in force today, from the folder the line names.
_licet_policies() {
  local -a folder ids
  (( ${+opt_args[--policies]} )) && folder=(--policies ${(Q)opt_args[--policies]})
  ids=(${(f)"$(licet policies --json $folder 2>/dev/null | sed -n 's/^\[\{0,1\}{"id":"\([^"]*\)".*/\1/p')"})
  _describe 'policy' ids
}

_licet_commands() {
  local -a commands=(
    'decide:decide requests'
    'check:find the faults of policy files'
    'compare:compare two policies'
    'diff:tell what changed between two versions of a policy'
    'fmt:format policy files'
    'test:run the cases of policies'
    'show:show a policy as its outline'
    'policies:list the policies in force'
    'facts:list the facts a request may state'
    'help:tell how a command is used'
  )
  _describe 'command' commands
}

_licet() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local help='(- *)--help[tell how the command is used]'
  local folder='--policies[the folder of policies]:folder:_directories'
  local ascii='--ascii[write ASCII only]'
  local literally='*--literally[compile this reading by its literal wording]:reading: '
  local on='--on[as in force on DATE]:date (YYYY-MM-DD): '
  local witnesses='--witnesses[write each witness into FOLDER]:folder:_directories'
  local json='--json[write JSON, also on a terminal]'

  _arguments -C '(- *)--help[tell how the command is used]' '(- *)--version[tell the version]' '1:command:_licet_commands' '*::word:->words'
  [[ $state == words ]] || return
  case $line[1] in
    decide) _arguments $help $folder $ascii $literally '(--tree)'$json '--ndjson[each line of the input is a request]' \
      '(--json)--tree[write a tree for people]' '*:request:_files' ;;
    check) _arguments $help $folder $ascii $json $witnesses '--prove[examine what the policies imply]' '*:policy file:_files' ;;
    compare) _arguments $help $folder $ascii $json $witnesses '1:policy:_licet_policies' '2:policy:_licet_policies' ;;
    diff) _arguments $help $folder $ascii $json $witnesses '--from[the version in force on DATE]:date (YYYY-MM-DD): ' \
      '--to[the version in force on DATE]:date (YYYY-MM-DD): ' '1:policy:_licet_policies' ;;
    fmt) _arguments $help '--check[change nothing, list the files that would change]' '*:policy file:_files' ;;
    test) _arguments $help $folder $ascii $literally '*:cases:_files' ;;
    show) _arguments $help $folder $ascii $on '--html[write one self-contained HTML page]' \
      '--kind[only what concerns one kind of request]:kind:(initial continuation)' '1:policy:_licet_policies' ;;
    policies) _arguments $help $folder $ascii $on $json ;;
    facts) _arguments $help $folder $ascii $json '--policy[only the facts that the policy reads]:policy:_licet_policies' ;;
    help) _arguments $help '--list[list every command and option]' '1:command:_licet_commands' ;;
  esac
}

_licet "$@"
