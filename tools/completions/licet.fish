# fish completion for licet. Complete by tests/suites/41-documented.sh: every command and option of `licet help --list` stands here.

# The ids of the policies in force today.
function __licet_policies
    licet policies --json 2>/dev/null | string match --regex --groups-only '"id":"([^"]*)"'
end

set --local commands decide dose check fmt test show policies facts help

complete -c licet -f
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a decide -d 'decide requests'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a dose -d 'compute doses, bags, vials and billing units'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a check -d 'find the faults of policy files'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a fmt -d 'format policy files'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a test -d 'run the cases of policies'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a show -d 'show a policy as its outline'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a policies -d 'list the policies in force'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a facts -d 'list the facts a request may state'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -a help -d 'tell how a command is used'
complete -c licet -n "not __fish_seen_subcommand_from $commands" -l version -d 'tell the version'
complete -c licet -l help -d 'tell how the command is used'

complete -c licet -n '__fish_seen_subcommand_from decide dose check fmt test' -F
complete -c licet -n '__fish_seen_subcommand_from decide' -l ndjson -d 'each line of the input is a request'
complete -c licet -n '__fish_seen_subcommand_from decide' -l tree -d 'write a tree for people'
complete -c licet -n '__fish_seen_subcommand_from dose' -l html -d 'write one self-contained HTML page'
complete -c licet -n '__fish_seen_subcommand_from dose' -l svg -d 'write the calendar as an SVG picture'
complete -c licet -n '__fish_seen_subcommand_from dose' -l ical -d 'write the days as iCalendar events'
complete -c licet -n '__fish_seen_subcommand_from dose' -l compare -d 'the preparations side by side'
complete -c licet -n '__fish_seen_subcommand_from dose' -l regimen -x -d 'this regimen, whatever the request says'
complete -c licet -n '__fish_seen_subcommand_from dose' -l preparation -x -d 'this preparation, whatever the request says'
complete -c licet -n '__fish_seen_subcommand_from dose' -l formula -x -a 'mosteller dubois haycock gehan_george' -d 'how body surface is computed'
complete -c licet -n '__fish_seen_subcommand_from fmt' -l check -d 'change nothing, list the files that would change'
complete -c licet -n '__fish_seen_subcommand_from show' -l html -d 'write one self-contained HTML page'
complete -c licet -n '__fish_seen_subcommand_from show' -l kind -x -a 'initial continuation' -d 'only what concerns one kind of request'
complete -c licet -n '__fish_seen_subcommand_from show' -a '(__licet_policies)'
complete -c licet -n '__fish_seen_subcommand_from facts' -l policy -x -a '(__licet_policies)' -d 'only the facts that the policy reads'
complete -c licet -n '__fish_seen_subcommand_from help' -l list -d 'list every command and option'
complete -c licet -n '__fish_seen_subcommand_from help' -a "$commands"
complete -c licet -n '__fish_seen_subcommand_from decide dose policies facts' -l json -d 'write JSON, also on a terminal'
complete -c licet -n '__fish_seen_subcommand_from show policies' -l on -x -d 'as in force on DATE'
complete -c licet -n '__fish_seen_subcommand_from decide test' -l literally -x -d 'compile this reading by its literal wording'
complete -c licet -n '__fish_seen_subcommand_from decide dose check test show policies facts' -l policies -x -a '(__fish_complete_directories)' -d 'the folder of policies'
complete -c licet -n '__fish_seen_subcommand_from decide dose test show policies facts' -l ascii -d 'write ASCII only'
