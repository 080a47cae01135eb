#compdef tool

_tool() {
  local -a commands
  commands=(
    'curve:Curves'
    'fail:Fail'
  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    return
  fi
  local name=$words[2]
  shift words
  ((CURRENT--))
  case $name in
    curve) _tool_curve ;;
    fail) _tool_fail ;;
  esac
}

_tool_curve() {
  local -a commands
  commands=(
    'show:Show something'
    'list:List everything'
  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    return
  fi
  local name=$words[2]
  shift words
  ((CURRENT--))
  case $name in
    show) _tool_curve_show ;;
    list) _tool_curve_list ;;
  esac
}

_tool_curve_show() {
  _arguments -S \
    '--steps=[updates of the run]:N: ' \
    '--rate=[learning rate]:RATE: ' \
    '--offset=[a number of either sign]:X: ' \
    '--seed=[seed of the run]:S: ' \
    '--kind=[curve]:K:(linear cosine)' \
    '-o[where to write]:FILE:_files' \
    '--output=[where to write]:FILE:_files' \
    '*--tag=[a label]:WORD: ' \
    '--json[print one JSON value]' \
    '(- *)-h[print the help page]' \
    '(- *)--help[print the help page]' \
    '*:WORD: '
}

_tool_curve_list() {
  _arguments -S \
    '(- *)-h[print the help page]' \
    '(- *)--help[print the help page]' \
    '::FILTER: '
}

_tool_fail() {
  _arguments -S \
    '(- *)-h[print the help page]' \
    '(- *)--help[print the help page]'
}

if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
  _tool "$@"
else
  compdef _tool tool
fi
