#!/bin/bash
# greffe runs its verbs, and the completion knows them.
set -euo pipefail
export PATH=$GREFFE_BUILD/bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
# check CLAIM COMMAND…
check() {
  local claim=$1
  shift
  "$@" || { echo "not so: $claim"; status=1; }
}
exits() {
  local wanted=$1 got=0
  shift
  "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit $got, not $wanted: $*: $(cat "$work/err")"; return 1; }
}

check "without a verb it is a mistake" exits 2 greffe
check "an unknown verb is a mistake" exits 2 greffe prune
check "and the message names it" grep -q '"prune"' "$work/err"
check "a verb is a name, not a path" exits 2 greffe ../../bin/true
check "--version works" exits 0 greffe --version
check "and begins with greffe" grep -qE '^greffe [0-9]+\.[0-9]+' "$work/out"
check "help works" exits 0 greffe help
greffe -h >"$work/-h"
greffe --help >"$work/--help"
check "-h is the same" cmp "$work/out" "$work/-h"
check "so is --help" cmp "$work/out" "$work/--help"

# A verb of one's own in $PATH gets the arguments as they are, and its exit code is greffe's.
printf '#!/bin/sh\nprintf "<%%s>" "$@"\nexit 7\n' >"$work/greffe-mine"
chmod +x "$work/greffe-mine"
check "verbs are found in PATH" exits 7 env PATH="$work:$PATH" greffe mine 'a  b' '' --x
check "with their arguments" grep -qx '<a  b><><--x>' "$work/out"

# Each program in the build folder is a verb that help names.
for program in "$GREFFE_BUILD"/bin/greffe-*; do
  [ -x "$program" ] || continue
  verb=${program##*/greffe-}
  check "help names $verb" grep -qE "^  $verb " "$work/--help"
  greffe help "$verb" >"$work/by-greffe"
  "$program" --help >"$work/by-itself"
  check "greffe help $verb is its --help" cmp "$work/by-greffe" "$work/by-itself"
done

# completes WORD LINE…: the completion of the line offers the word.
completes() {
  local wanted=$1
  shift
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _greffe; printf "%s\n" "${COMPREPLY[@]}"' \
    _ "$GREFFE_SOURCE/tools/completion/greffe.bash" "$@" >"$work/offered"
  grep -qx -- "$wanted" "$work/offered"
}
has() { [ -x "$GREFFE_BUILD/bin/greffe-$1" ]; }
if has ingest; then
  check "completes a verb" completes ingest greffe in
  check "completes options of a verb" completes --create greffe ingest --cr
  check "completes options of a program" completes --create greffe-ingest --cr
fi
if has compose; then check "completes words of a choice" completes grid greffe-compose --layout gr; fi
if has catalog; then check "completes verbs of a program" completes search greffe catalog se; fi
exit $status
