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
    'bulk:decide many requests at once'
    'pack:pack requests into a column file'
    'check:find the faults of policy files'
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
  local json='--json[write JSON, also on a terminal]'

  local from='--from[what the input is]:format:(ndjson csv columns)'
  local output='--output[write to FILE]:file:_files'
  local rejects='--rejects[write bad requests to FILE]:file:_files'
  local strict='--strict[stop at the first bad request]'

  _arguments -C '(- *)--help[tell how the command is used]' '(- *)--version[tell the version]' '1:command:_licet_commands' '*::word:->words'
  [[ $state == words ]] || return
  case $line[1] in
    decide) _arguments $help $folder $ascii $literally '(--tree)'$json '--ndjson[each line of the input is a request]' \
      '(--json)--tree[write a tree for people]' '*:request:_files' ;;
    bulk) _arguments $help $folder $literally $from $output $rejects $strict '*--by[decide by this policy (ID or ID@DATE)]:policy:_licet_policies' \
      '--against[compare with this policy (ID or ID@DATE)]:policy:_licet_policies' '--to[what to write]:format:(ndjson csv)' \
      '--summary[write the summary as JSON to FILE]:file:_files' '--criteria[count which criterion alone stands in the way]' \
      '--missing[count which facts are missing]' '--threads[work with N threads]:number: ' '--checkpoint[remember in FILE how far the run came]:file:_files' \
      '--resume[go on where the checkpoint says]' '--registers[use no wider registers]:name:(portable avx2 avx512)' '1:requests:_files' ;;
    pack) _arguments $help $folder $from $output $rejects $strict '1:requests:_files' ;;
    check) _arguments $help $folder '*:policy file:_files' ;;
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
