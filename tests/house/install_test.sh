#!/bin/bash
# cmake --install puts programs, man pages, schemas and bash completion in place, and the installed programs run.
set -euo pipefail
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$GREFFE_BUILD" --prefix "$prefix" >"$prefix/log" || { cat "$prefix/log"; exit 1; }
status=0
missing() { echo "not installed: $1"; status=1; }

for source in "$GREFFE_SOURCE"/tools/*.cpp; do
  tool=$(basename "$source" .cpp)
  [ -x "$prefix/bin/$tool" ] || { missing "bin/$tool"; continue; }
  "$prefix/bin/$tool" --version >"$prefix/version" </dev/null || { echo "$tool --version: exit $?"; status=1; }
  grep -q "^$tool [0-9]" "$prefix/version" || { echo "$tool --version says: $(cat "$prefix/version")"; status=1; }
  [ -e "$prefix/share/bash-completion/completions/$tool" ] || missing "bash completion of $tool"
done
for page in "$GREFFE_SOURCE"/man/*.[1-8]; do
  [ -e "$prefix/share/man/man${page##*.}/$(basename "$page")" ] || missing "$(basename "$page")"
done
while read -r schema; do
  [ -e "$prefix/share/greffe/schemas/$schema" ] || missing "schemas/$schema"
done < <(cd "$GREFFE_SOURCE/schemas" && find . -name '*.json' -o -name '*.sql')
for file in LICENSE NOTICE README.md; do
  [ -e "$prefix/share/doc/greffe/$file" ] || missing "$file"
done

# The installed programs look for nothing in the build folder (what debuggers read apart).
for program in "$prefix"/bin/*; do
  if readelf -p .rodata "$program" | grep -F "$GREFFE_BUILD"; then
    echo "$(basename "$program") names the build folder"
    status=1
  fi
done
exit $status
