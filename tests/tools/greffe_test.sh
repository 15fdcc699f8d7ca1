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
  holds "greffe-$verb --version works" exits 0 "$program" --version
  greffe help "$verb" >"$work/by-greffe"
  "$program" --help >"$work/by-itself"
  holds "greffe help $verb is its --help" cmp "$work/by-greffe" "$work/by-itself"
done

# What cannot be written is told where it can be, and ends no program by a signal.
for help in help --help; do
  code=0
  greffe "$help" >/dev/full 2>"$work/err" || code=$?
  holds "greffe $help on a full disk fails" same $code 1
  holds "and says so" grep -qx "standard output: write failed" "$work/err"
done
for program in "$GREFFE_BUILD"/bin/greffe "$GREFFE_BUILD"/bin/greffe-*; do
  code=0
  "$program" --no-such-option >/dev/full 2>&1 || code=$?
  holds "${program##*/} makes a mistake without standard error" same $code 2
  code=0
  "$program" --help >/dev/full 2>&1 || code=$?
  holds "${program##*/} --help fails without any output" same $code 1
done
if [ -x "$GREFFE_BUILD/bin/greffe-caption" ]; then
  code=0
  greffe-caption --check "$work/none.vtt" 2>/dev/full || code=$?
  holds "a failure that cannot be told is one" same $code 1
  : >"$work/empty.vtt"
  code=0
  greffe-caption --check "$work/empty.vtt" --progress json 2>/dev/full || code=$?
  [ "$code" -lt 128 ] || holds "nor does what is told of the work end it" false
fi

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
