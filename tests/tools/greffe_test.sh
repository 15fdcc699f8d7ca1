#!/bin/bash
# greffe runs its verbs, and the completion knows them.
set -euo pipefail
. "$GREFFE_SOURCE/tests/support/expect.sh"

holds "without a verb it is a mistake" exits 2 greffe
holds "an unknown verb is a mistake" exits 2 greffe prune
holds "and the message names it" grep -q '"prune"' "$work/err"
holds "a verb is a name, not a path" exits 2 greffe ../../bin/true
holds "--version works" exits 0 greffe --version
holds "and begins with greffe" grep -qE '^greffe [0-9]+\.[0-9]+' "$work/out"
holds "help works" exits 0 greffe help
greffe -h >"$work/-h"
greffe --help >"$work/--help"
holds "-h is the same" cmp "$work/out" "$work/-h"
holds "so is --help" cmp "$work/out" "$work/--help"

# A verb of one's own in $PATH gets the arguments as they are, and its exit code is greffe's.
printf '#!/bin/sh\nprintf "<%%s>" "$@"\nexit 7\n' >"$work/greffe-mine"
chmod +x "$work/greffe-mine"
holds "verbs are found in PATH" exits 7 env PATH="$work:$PATH" greffe mine 'a  b' '' --x
holds "with their arguments" grep -qx '<a  b><><--x>' "$work/out"

# Each program in the build folder is a verb that help names.
for program in "$GREFFE_BUILD"/bin/greffe-*; do
  [ -x "$program" ] || continue
  verb=${program##*/greffe-}
  holds "help names $verb" grep -qE "^  $verb " "$work/--help"
  greffe help "$verb" >"$work/by-greffe"
  "$program" --help >"$work/by-itself"
  holds "greffe help $verb is its --help" cmp "$work/by-greffe" "$work/by-itself"
done

# completes WORD LINE…: the completion of the line offers the word.
completes() {
  local wanted=$1
  shift
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _greffe; printf "%s\n" "${COMPREPLY[@]}"' \
    _ "$GREFFE_SOURCE/tools/completion/greffe.bash" "$@" >"$work/offered"
  grep -qx -- "$wanted" "$work/offered"
}
is_built() { [ -x "$GREFFE_BUILD/bin/greffe-$1" ]; }
if is_built ingest; then
  holds "completes a verb" completes ingest greffe in
  holds "completes options of a verb" completes --create greffe ingest --cr
  holds "completes options of a program" completes --create greffe-ingest --cr
fi
if is_built compose; then holds "completes words of a choice" completes grid greffe-compose --layout gr; fi
if is_built catalog; then holds "completes verbs of a program" completes search greffe catalog se; fi
if is_built retain; then holds "completes verbs of verbs" completes activate greffe retain rules ac; fi
exit $failed
