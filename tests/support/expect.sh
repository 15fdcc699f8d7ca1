# For tests/tools/*_test.sh: source "$GREFFE_SOURCE/tests/support/expect.sh"; ends with: exit $failed
# Wants $work, a folder of the test's own.
# shellcheck shell=bash
failed=0
# expect CODE COMMAND…: runs it with its output in $out and $err.
expect() {
  local wanted=$1
  shift
  "$@" >"$work/out" 2>"$work/err" </dev/null
  local code=$?
  out=$(cat "$work/out")
  err=$(cat "$work/err")
  if [ $code -ne "$wanted" ]; then
    echo "FAIL: exit $code, not $wanted: $*"
    echo "$out$err" | head -20
    failed=1
  fi
}
# holds CLAIM COMMAND…: a condition with its claim.
holds() {
  local claim=$1
  shift
  "$@" || { echo "FAIL: $claim"; failed=1; }
}
has() { [[ $1 == *"$2"* ]]; }
same() { [ "$1" = "$2" ]; }
