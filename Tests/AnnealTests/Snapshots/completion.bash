# bash completion for tool; load it with: source <(tool completions bash)
_tool() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="" command=tool index
  COMPREPLY=()
  ((COMP_CWORD > 0)) && previous="${COMP_WORDS[COMP_CWORD-1]}"
  # --option=value reaches the function as three words.
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" ]]; then
    previous="${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command ${COMP_WORDS[index]}" in
      "tool curve" | \
      "tool curve show" | \
      "tool curve list" | \
      "tool fail") command="$command ${COMP_WORDS[index]}" ;;
    esac
  done
  local words="" paths=""
  case "$command $previous" in
    "tool curve show --steps") return ;;
    "tool curve show --rate") return ;;
    "tool curve show --offset") return ;;
    "tool curve show --seed") return ;;
    "tool curve show --kind") words="linear cosine" ;;
    "tool curve show -o" | "tool curve show --output") paths=-f ;;
    "tool curve show --tag") return ;;
    *)
      case "$command" in
        "tool") words="curve fail --help --version" ;;
        "tool curve") words="show list --help" ;;
        "tool curve show") words="--steps --rate --offset --seed --kind --output --tag --json --help" ;;
        "tool curve list") words="--help" ;;
        "tool fail") words="--help" ;;
      esac
      ;;
  esac
  local IFS=$'\n'
  [[ -n $words ]] && COMPREPLY+=($(compgen -W "${words// /$'\n'}" -- "$current"))
  if [[ -n $paths ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen "$paths" -- "$current"))
  fi
}
complete -F _tool tool
