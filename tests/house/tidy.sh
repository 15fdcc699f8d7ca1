#!/bin/bash
# tidy.sh [FILE…]: clang-tidy over lib/ and tools/ as the unity build of preset sanitize compiles them (most of a run
# goes to the headers of libraries, so that sixteen files cost little more than one), or over the files named. What
# passed is not looked at again until a source of its room, a header of ours or .clang-tidy changes: build/tidy/
# remembers.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# clang's own compile commands: of sixteen sources at a time, or of each for files that are named
commands=build/sanitize
if [ $# -eq 0 ]; then
  cmake --preset sanitize >/dev/null
else
  commands=build/lint
  cmake --preset sanitize -B $commands -DCMAKE_UNITY_BUILD=OFF >/dev/null
fi
mkdir -p build/tidy

common=$(find lib -name '*.h' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum .clang-tidy | sha256sum | cut -c1-16)
check() {
  local stamp
  stamp=build/tidy/$common-$(sed -nE 's/^#include "(.*\.cpp)"$/\1/p' "$1" | xargs cat "$1" | sha256sum | cut -c1-16)
  [ -e "$stamp" ] && return
  clang-tidy -p $commands --quiet "$1" 2>/dev/null || { echo "clang-tidy: $1"; return 1; }
  touch "$stamp"
}
export -f check
export common commands

if [ $# -eq 0 ]; then
  mapfile -t files < <(sed -nE 's/^ *"file": "(.*)",?$/\1/p' build/sanitize/compile_commands.json | LC_ALL=C sort -u |
    grep -E "^$PWD/(lib|tools)/|/build/sanitize/CMakeFiles/")
  set -- "${files[@]}"
fi
printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I{} bash -c 'check "$1"' _ {}
echo "$# sources are free of what .clang-tidy lists"
