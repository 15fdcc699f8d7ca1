# Bash completion for greffe and all of its verbs. What can be completed is asked of the programs themselves
# (their --help), so it is never older than they are.

# The options that --help of a program (and verb) names, and the words of choices such as "burn|track|none".
_greffe_options() {
  "$@" --help 2>/dev/null | grep -oE '(^|[ ,])--?[a-zA-Z][a-zA-Z-]*' | tr -d ' ,' | sort -u
}

# The verbs of a program such as greffe-catalog, or below a verb such as greffe-retain rules.
_greffe_verbs() {
  "$@" --help 2>/dev/null | awk '/^(Verbs|Subcommands):/ { on = 1; next } /^[^ ]/ { on = 0 } on && /^  [a-z]/ { print $1 }'
}

# The words that an option takes, as --help spells them: --layout grid|speaker.
_greffe_words_of() {
  local option=$1
  shift
  "$@" --help 2>/dev/null | grep -oE -- "$option [a-z0-9]+(\|[a-z0-9]+)+" | head -n 1 | cut -d' ' -f2 | tr '|' '\n'
}

_greffe() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} at=1
  local program=("${COMP_WORDS[0]}") verb
  COMPREPLY=()

  # "greffe VERB" is the program greffe-VERB; some programs have verbs of their own.
  while verb=${COMP_WORDS[at]} && [ "$at" -lt "$COMP_CWORD" ]; do
    [[ $verb == -* ]] && break
    if [ ${#program[@]} -eq 1 ] && [[ ${program[0]} == *greffe ]]; then
      program=("${program[0]}-$verb")
    elif _greffe_verbs "${program[@]}" | grep -qx -- "$verb"; then
      program+=("$verb")
    else
      break
    fi
    at=$((at + 1))
  done

  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_greffe_options "${program[@]}")" -- "$current")
    return
  fi
  if [[ $previous == --* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_greffe_words_of "$previous" "${program[@]}")" -- "$current")
    [ ${#COMPREPLY[@]} -gt 0 ] && return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$(_greffe_verbs "${program[@]}")" -- "$current")
  [ ${#COMPREPLY[@]} -gt 0 ] && return
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

complete -F _greffe greffe greffe-{probe,ingest,plan,compose,caption,catalog,hold,retain,verify}
