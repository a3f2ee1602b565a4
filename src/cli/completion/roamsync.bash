# Completion of the roamsync command for bash. It asks the command's own --help, so it knows what that version knows.

# The words under "Commands:" of a help text.
_roamsync_commands() {
  awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && /^  [a-z]/ { print $1 }' <<<"$1"
}

# What follows an option in a help text: "DIR", "base|nt4|windows2000", or nothing.
_roamsync_value() {
  awk -v option="$2" '/^  -/ {
    for (i = 1; i <= NF; ++i) {
      name = $i; sub(/,$/, "", name)
      if (name !~ /^-/) break
      if (name == option) found = 1
    }
    if (found) { if ($i ~ /^[A-Z]+(…)?$|\|/) print $i; exit }
  }' <<<"$1"
}

_roamsync() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local -a command=("${COMP_WORDS[0]}")
  local help word value
  help=$("${command[@]}" --help 2>/dev/null) || return
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if grep -qxF -- "$word" <<<"$(_roamsync_commands "$help")"; then
      command+=("$word")
      help=$("${command[@]}" --help 2>/dev/null) || return
    fi
  done

  COMPREPLY=()
  value=
  [[ $previous == -* ]] && value=$(_roamsync_value "$help" "$previous")
  case $value in
    *'|'*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$current") ;;
    DIR | URL) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    FILE*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    ?*) ;;
    *)
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(grep -oE '^  (-[a-z], )?--[a-z-]+' <<<"$help" | grep -oE -- '--[a-z-]+')" -- "$current")
      elif word=$(_roamsync_commands "$help"); [[ -n $word ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
      else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      fi
      ;;
  esac
}

complete -F _roamsync roamsync
