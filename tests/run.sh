#!/bin/bash
# Everything that must hold, from a bare Debian 12 to the last test: packages, builds, tests, format, lint, fuzz.
# Safe to repeat; builds go to build/. The last line is "N passed, N failed"; the exit code is 0 when nothing failed.
#
#   tests/run.sh          all of it
#   tests/run.sh --quick  without sanitizers, lint and fuzz
#
#   SECONDS_EACH=1        how long each fuzz target runs
#   FAULT_EVERY=12        at every how many calls the fault tests let one fail; 1 is all there is
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
export LC_ALL=C.UTF-8 TZ=UTC FAULT_EVERY=${FAULT_EVERY:-12}
jobs=$(nproc)
quick=no
[ "${1:-}" = --quick ] && quick=yes
passed=0
failed=0
failures=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# step TITLE COMMAND…: runs it and counts it; its output is shown as it comes.
step() {
  local title=$1 begun=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  if "$@" </dev/null; then
    passed=$((passed + 1))
    printf -- '-- %s: passed (%d s)\n' "$title" $((SECONDS - begun))
  else
    failed=$((failed + 1))
    failures+=("$title")
    printf -- '-- %s: FAILED (%d s)\n' "$title" $((SECONDS - begun))
    return 1
  fi
}

# A step without which the others make no sense.
need() { step "$@" || finish; }

finish() {
  [ ${#failures[@]} -eq 0 ] || printf '\nfailed: %s\n' "${failures[@]}"
  printf '\n%d s\n%d passed, %d failed\n' "$SECONDS" "$passed" "$failed"
  [ "$failed" -eq 0 ] || exit 1
  exit 0
}

# Sixteen sources at a time and headers parsed once, which takes half the time; who works on greffe does without both.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" -DCMAKE_UNITY_BUILD=ON -DGREFFE_PRECOMPILE=ON "$@" >"$log" || { cat "$log"; return 1; }
  cmake --build --preset "$preset" -j "$jobs" >"$log" || { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)' "$log"; return 1; }
}

# Each test counts for itself, also of those that share a program (unit_ROOM_SHARE).
run_ctest() {
  local folder=$1 total bad shares units begun=$SECONDS
  shift
  printf '\n== tests in %s\n' "$folder"
  ctest --test-dir "$folder" -j "$jobs" --output-on-failure "$@" </dev/null >"$log" 2>&1
  grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' "$log"
  read -r bad total < <(sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1 \2/p' "$log")
  if [ -z "${total:-}" ]; then
    failed=$((failed + 1))
    failures+=("tests in $folder: ctest did not run")
    return
  fi
  shares=$(grep -cE ' Test +#[0-9]+: unit_[a-z_0-9]+ \.+ +Passed ' "$log")
  units=$(sed -nE 's/^\[  PASSED  \] ([0-9]+) tests?\.$/\1/p' "$folder/Testing/Temporary/LastTest.log" | awk '{sum += $1} END {print sum + 0}')
  [ "$shares" -eq 0 ] || total=$((total - shares + units))
  passed=$((passed + total - bad))
  failed=$((failed + bad))
  [ "$bad" -eq 0 ] || failures+=("$bad tests in $folder")
  printf -- '-- tests in %s: %d passed, %d failed (%d s)\n' "$folder" $((total - bad)) "$bad" $((SECONDS - begun))
}

need "Debian packages" tests/install-packages.sh build run test
step "clang-format" tests/house/format.sh
# Unit tests run once, with assertions and sanitizers; what users run is tried as they would.
need "build release" build release -DGREFFE_UNIT_TESTS="$quick"
run_ctest build/release
printf -- '-- runs with a fault in them: %d\n' \
  "$(grep -hE ': [0-9]+ runs, 0 not whole$' build/release/Testing/Temporary/LastTest.log | grep -oE '[0-9]+ runs' | awk '{sum += $1} END {print sum + 0}')"
if [ "$quick" = no ]; then
  need "build sanitize" build sanitize -DGREFFE_TESTS_TOGETHER=ON
  run_ctest build/sanitize -LE 'house|fault'  # no fault is let in where a sanitizer is
  step "clang-tidy" tests/house/tidy.sh
  [ ! -x tests/fuzz/run.sh ] || SECONDS_EACH=${SECONDS_EACH:-1} step "fuzz" tests/fuzz/run.sh
fi
finish
