#!/bin/bash
# Every header of lib/ compiles alone: its own .cpp includes it first, or there is none and it is compiled here.
set -euo pipefail
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77
cd "$GREFFE_SOURCE/lib"
status=0
while read -r source; do
  header=${source%.cpp}.h
  [ -e "$header" ] || continue
  [ "$(grep -m 1 '^#include' "$source")" = "#include \"$header\"" ] || { echo "lib/$source does not include $header first"; status=1; }
done < <(find . -name '*.cpp' -printf '%P\n')
cmake --build "$GREFFE_BUILD" --target headers_alone || status=1
exit $status
