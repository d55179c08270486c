# fish completion for licet. Complete by tests/suites/41-documented.sh: every command and option of `licet help --list` stands here.

# The ids of the policies in force today.
function __licet_policies
    licet policies --json 2>/dev/null | string match --regex --groups-only '"id":"([^"]*)"'
end

set --local commands decide bulk pack check fmt test show policies facts help

complete -c licet -f
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a decide -d 'decide requests'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a bulk -d 'decide many requests at once'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a pack -d 'pack requests into a column file'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a check -d 'find the faults of policy files'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a fmt -d 'format policy files'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a test -d 'run the cases of policies'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a show -d 'show a policy as its outline'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a policies -d 'list the policies in force'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a facts -d 'list the facts a request may state'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a help -d 'tell how a command is used'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -l version -d 'tell the version'
complete -c licet -l help -d 'tell how the command is used'

complete -c licet -n '__fish_seen_subcommand_from decide bulk pack check fmt test' -F
complete -c licet -n '__fish_seen_subcommand_from decide' -l ndjson -d 'each line of the input is a request'
complete -c licet -n '__fish_seen_subcommand_from decide' -l tree -d 'write a tree for people'
complete -c licet -n '__fish_seen_subcommand_from fmt' -l check -d 'change nothing, list the files that would change'
complete -c licet -n '__fish_seen_subcommand_from show' -l html -d 'write one self-contained HTML page'
complete -c licet -n '__fish_seen_subcommand_from show' -l kind -x -a 'initial continuation' -d 'only what concerns one kind of request'
complete -c licet -n '__fish_seen_subcommand_from show' -a '(__licet_policies)'
complete -c licet -n '__fish_seen_subcommand_from facts' -l policy -x -a '(__licet_policies)' -d 'only the facts that the policy reads'
complete -c licet -n '__fish_seen_subcommand_from help' -l list -d 'list every command and option'
complete -c licet -n '__fish_seen_subcommand_from help' -a "$commands"
complete -c licet -n '__fish_seen_subcommand_from decide policies facts' -l json -d 'write JSON, also on a terminal'
complete -c licet -n '__fish_seen_subcommand_from show policies' -l on -x -d 'as in force on DATE'
complete -c licet -n '__fish_seen_subcommand_from decide bulk test' -l literally -x -d 'compile this reading by its literal wording'
complete -c licet -n '__fish_seen_subcommand_from decide bulk pack check test show policies facts' -l policies -x -a '(__fish_complete_directories)' -d 'the folder of policies'
complete -c licet -n '__fish_seen_subcommand_from decide test show policies facts' -l ascii -d 'write ASCII only'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l by -x -a '(__licet_policies)' -d 'decide by this policy (ID or ID@DATE)'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l against -x -a '(__licet_policies)' -d 'compare with this policy (ID or ID@DATE)'
complete -c licet -n '__fish_seen_subcommand_from bulk pack' -l from -x -a 'ndjson csv columns' -d 'what the input is'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l to -x -a 'ndjson csv' -d 'what to write'
complete -c licet -n '__fish_seen_subcommand_from bulk pack' -l output -r -F -d 'write to FILE'
complete -c licet -n '__fish_seen_subcommand_from bulk pack' -l rejects -r -F -d 'write bad requests to FILE'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l summary -r -F -d 'write the summary as JSON to FILE'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l criteria -d 'count which criterion alone stands in the way'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l missing -d 'count which facts are missing'
complete -c licet -n '__fish_seen_subcommand_from bulk pack' -l strict -d 'stop at the first bad request'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l threads -x -d 'work with N threads'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l checkpoint -r -F -d 'remember in FILE how far the run came'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l resume -d 'go on where the checkpoint says'
complete -c licet -n '__fish_seen_subcommand_from bulk' -l registers -x -a 'portable avx2 avx512' -d 'use no wider registers'
