#!/bin/bash
# tidy.sh [FILE…]: clang-tidy over lib/ and tools/, or over the files named. A file that passed is not looked at
# again until it, a header of ours or .clang-tidy changes: build/tidy/ remembers.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
cmake --preset sanitize >/dev/null  # clang's own compile commands
mkdir -p build/tidy

common=$(find lib -name '*.h' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum .clang-tidy | sha256sum | cut -c1-16)
check() {
  local stamp
  stamp=build/tidy/$common-$(sha256sum "$1" | cut -c1-16)
  [ -e "$stamp" ] && return
  clang-tidy -p build/sanitize --quiet "$1" 2>/dev/null || { echo "clang-tidy: $1"; return 1; }
  touch "$stamp"
}
export -f check
export common

if [ $# -eq 0 ]; then
  mapfile -t files < <(find lib tools -name '*.cpp' | LC_ALL=C sort)
  set -- "${files[@]}"
fi
printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I{} bash -c 'check "$1"' _ {}
echo "$# files are free of what .clang-tidy lists"
