# fish completion for licet. Complete by tests/suites/41-documented.sh: every command and option of `licet help --list` stands here.

# The ids of the policies in force today.
function __licet_policies
    licet policies --json 2>/dev/null | string match --regex --groups-only '"id":"([^"]*)"'
end

set --local commands decide check compare diff fmt test show policies facts help

complete -c licet -f
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a decide -d 'decide requests'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a check -d 'find the faults of policy files'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a compare -d 'compare two policies'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a diff -d 'tell what changed between two versions of a policy'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a fmt -d 'format policy files'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a test -d 'run the cases of policies'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a show -d 'show a policy as its outline'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a policies -d 'list the policies in force'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a facts -d 'list the facts a request may state'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a help -d 'tell how a command is used'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -l version -d 'tell the version'
complete -c licet -l help -d 'tell how the command is used'

complete -c licet -n '__fish_seen_subcommand_from decide check fmt test' -F
complete -c licet -n '__fish_seen_subcommand_from decide' -l ndjson -d 'each line of the input is a request'
complete -c licet -n '__fish_seen_subcommand_from decide' -l tree -d 'write a tree for people'
complete -c licet -n '__fish_seen_subcommand_from fmt' -l check -d 'change nothing, list the files that would change'
complete -c licet -n '__fish_seen_subcommand_from show' -l html -d 'write one self-contained HTML page'
complete -c licet -n '__fish_seen_subcommand_from show' -l kind -x -a 'initial continuation' -d 'only what concerns one kind of request'
complete -c licet -n '__fish_seen_subcommand_from check' -l prove -d 'examine what the policies imply'
complete -c licet -n '__fish_seen_subcommand_from check compare diff' -l witnesses -x -a '(__fish_complete_directories)' -d 'write each witness into FOLDER'
complete -c licet -n '__fish_seen_subcommand_from diff' -l from -x -d 'the version in force on DATE'
complete -c licet -n '__fish_seen_subcommand_from diff' -l to -x -d 'the version in force on DATE'
complete -c licet -n '__fish_seen_subcommand_from compare diff' -a '(__licet_policies)'
complete -c licet -n '__fish_seen_subcommand_from show' -a '(__licet_policies)'
complete -c licet -n '__fish_seen_subcommand_from facts' -l policy -x -a '(__licet_policies)' -d 'only the facts that the policy reads'
complete -c licet -n '__fish_seen_subcommand_from help' -l list -d 'list every command and option'
complete -c licet -n '__fish_seen_subcommand_from help' -a "$commands"
complete -c licet -n '__fish_seen_subcommand_from decide check compare diff policies facts' -l json -d 'write JSON, also on a terminal'
complete -c licet -n '__fish_seen_subcommand_from show policies' -l on -x -d 'as in force on DATE'
complete -c licet -n '__fish_seen_subcommand_from decide test' -l literally -x -d 'compile this reading by its literal wording'
complete -c licet -n '__fish_seen_subcommand_from decide check compare diff test show policies facts' -l policies -x -a '(__fish_complete_directories)' -d 'the folder of policies'
complete -c licet -n '__fish_seen_subcommand_from decide check compare diff test show policies facts' -l ascii -d 'write ASCII only'
