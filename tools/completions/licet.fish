# fish completion for licet. It asks the command what there is (`licet help --list`), so it cannot fall behind it.

function __licet_policies
    licet policies --json 2>/dev/null | sed -n 's/^\[\{0,1\}{"id":"\([^"]*\)".*/\1/p'
end

# What stands for what an option takes, or a command works on.
function __licet_offer
    switch "$argv[1]"
        case '*POLICY*' ID
            __licet_policies
        case FOLDER
            __fish_complete_directories (commandline -ct)
        case '*FILE*'
            __fish_complete_path (commandline -ct)
        case '*COMMAND*'
            __licet_commands
        case KIND
            printf '%s\n' initial continuation
        case LINE
            printf '%s\n' commercial exchange medicaid medicare
    end
end

function __licet_commands
    licet help --list 2>/dev/null | awk -F'\t' '$1 !~ /[ -]/ {print $1 "\t" $3}'
end

function __licet_complete
    set --local words (commandline -opc)
    set --local current (commandline -ct)
    if test (count $words) -eq 1
        __licet_commands
        return
    end
    set --local command $words[2]
    set --local takes (licet help --list 2>/dev/null | awk -F'\t' -v entry="$command $words[-1]" '$1 == entry {print $2}')
    if string match -q -- '--*' $words[-1]; and test -n "$takes"
        __licet_offer "$takes"
    else if string match -q -- '-*' $current
        licet help --list 2>/dev/null | awk -F'\t' -v command="$command " 'index($1, command) == 1 {sub(command, "", $1); print $1 "\t" $3}'
    else
        __licet_offer (licet help --list 2>/dev/null | awk -F'\t' -v entry="$command" '$1 == entry {print $2}')
    end
end

complete -c licet -f -a '(__licet_complete)'
