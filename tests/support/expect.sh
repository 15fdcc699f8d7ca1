# What the scripts in tests/tools have in common: . "$GREFFE_SOURCE/tests/support/expect.sh" at the start, exit $failed at
# the end. The programs are in PATH, $work is a folder of the test's own.
# shellcheck shell=bash
PATH=$GREFFE_BUILD/bin:$PATH
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
failed=0
# exits CODE COMMAND…: runs it with its output in $work/out and $work/err.
exits() {
  local wanted=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
  [ $code -eq "$wanted" ] || { echo "FAIL: exit $code, not $wanted: $*"; head -20 "$work/out" "$work/err"; return 1; }
}
# expect CODE COMMAND…: so it must; the output is in $out and $err as well.
expect() {
  exits "$@" || failed=1
  out=$(cat "$work/out")
  err=$(cat "$work/err")
}
# holds CLAIM COMMAND…: a condition with its claim.
holds() {
  local claim=$1
  shift
  "$@" || { echo "FAIL: $claim"; failed=1; }
}
# fail CLAIM: what follows makes no sense any more.
fail() { echo "FAIL: $*"; exit 1; }
has() { [[ $1 == *"$2"* ]]; }
same() { [ "$1" = "$2" ]; }
# samples_with NAME: the folder of samples that has NAME; the test is skipped where there is none.
samples_with() {
  local place
  for place in "$GREFFE_SOURCE/examples/samples" "$GREFFE_SOURCE/../shared/samples"; do
    [ ! -d "$place/$1" ] || { echo "$place"; return; }
  done
  echo "no sample $1: skipped" >&2
  return 1
}
