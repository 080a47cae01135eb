# fish completion for tool
function __tool_at
    # Whether the words before the cursor lead to the command given.
    set -l path tool
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" 'tool curve' 'tool curve show' 'tool curve list' 'tool fail'
            set path "$path $word"
        end
    end
    test "$path" = "$argv"
end
complete -c tool -f
complete -c tool -n '__tool_at tool' -a curve -d 'Curves'
complete -c tool -n '__tool_at tool' -a fail -d 'Fail'
complete -c tool -n '__tool_at tool' -s h -l help -d 'print the help page'
complete -c tool -n '__tool_at tool' -l version -d 'print the version'
complete -c tool -n '__tool_at tool curve' -a show -d 'Show something'
complete -c tool -n '__tool_at tool curve' -a list -d 'List everything'
complete -c tool -n '__tool_at tool curve' -s h -l help -d 'print the help page'
complete -c tool -n '__tool_at tool curve show' -l steps -x -d 'updates of the run'
complete -c tool -n '__tool_at tool curve show' -l rate -x -d 'learning rate'
complete -c tool -n '__tool_at tool curve show' -l offset -x -d 'a number of either sign'
complete -c tool -n '__tool_at tool curve show' -l seed -x -d 'seed of the run'
complete -c tool -n '__tool_at tool curve show' -l kind -x -a 'linear cosine' -d 'curve'
complete -c tool -n '__tool_at tool curve show' -s o -l output -r -F -d 'where to write'
complete -c tool -n '__tool_at tool curve show' -l tag -x -d 'a label'
complete -c tool -n '__tool_at tool curve show' -l json -d 'print one JSON value'
complete -c tool -n '__tool_at tool curve show' -s h -l help -d 'print the help page'
complete -c tool -n '__tool_at tool curve list' -s h -l help -d 'print the help page'
complete -c tool -n '__tool_at tool fail' -s h -l help -d 'print the help page'
