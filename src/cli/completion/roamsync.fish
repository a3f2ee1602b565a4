# Completion of the roamsync command for fish. It asks the command's own --help, so it knows what that version knows.

function __roamsync_commands
    awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && /^  [a-z]/ { name = $1; $1 = ""; sub(/^ /, ""); print name "\t" $0 }'
end

# The command line so far without its options: "roamsync preview logoff".
function __roamsync_chain
    set -l chain roamsync
    set -l names (command roamsync --help 2>/dev/null | __roamsync_commands | string split -f 1 \t)
    for word in (commandline -opc)[2..]
        if contains -- $word $names
            set -a chain $word
            set names (command $chain --help 2>/dev/null | __roamsync_commands | string split -f 1 \t)
        end
    end
    printf '%s\n' $chain
end

function __roamsync_complete
    set -l chain (__roamsync_chain)
    set -l help (command $chain --help 2>/dev/null)
    or return
    set -l previous (commandline -opc)[-1]
    set -l current (commandline -ct)
    set -l value (printf '%s\n' $help | awk -v option="$previous" '/^  -/ {
        found = 0
        for (i = 1; i <= NF; ++i) {
            name = $i; sub(/,$/, "", name)
            if (name !~ /^-/) break
            if (name == option) found = 1
        }
        if (found) { if ($i ~ /^[A-Z]+(…)?$|\|/) print $i; exit }
    }')
    if string match -q -- '*|*' "$value"
        string split '|' -- $value
    else if contains -- "$value" DIR URL
        __fish_complete_directories $current
    else if string match -q -- 'FILE*' "$value"
        __fish_complete_path $current
    else if test -n "$value"
        return
    else if string match -q -- '-*' "$current"
        printf '%s\n' $help | string match -r '^  (?:-[a-z], )?--[a-z-]+' | string match -r -- '--[a-z-]+'
    else
        set -l names (printf '%s\n' $help | __roamsync_commands)
        if test -n "$names"
            printf '%s\n' $names
        else
            __fish_complete_path $current
        end
    end
end

complete -c roamsync -f -a '(__roamsync_complete)'
