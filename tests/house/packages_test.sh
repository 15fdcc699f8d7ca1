#!/bin/bash
# The group "run" of debian-packages.txt holds every library the programs load, and nothing comes from elsewhere.
set -euo pipefail
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77
command -v dpkg-query >/dev/null || exit 77
list=$GREFFE_SOURCE/tests/debian-packages.txt
status=0
mapfile -t needed < <(readelf -d "$GREFFE_BUILD"/bin/greffe* | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' | sort -u)
for library in "${needed[@]}"; do
  case $library in libc.so.6 | libm.so.6 | libgcc_s.so.1 | ld-linux*) continue ;; esac
  package=$(dpkg-query -S "*/$library" 2>/dev/null | head -n 1 | cut -d: -f1)
  if ! grep -qx "run $package" "$list"; then
    echo "$library is in the package \"$package\", which $list does not have in the group run"
    status=1
  fi
done
# Names once, in order, in known groups.
if ! grep -vE '^(#|$|(build|run|test) [a-z0-9.+-]+$)' "$list"; then :; else status=1; fi
dups=$(grep -vE '^(#|$)' "$list" | sort | uniq -d)
[ -z "$dups" ] || { echo "twice: $dups"; status=1; }
exit $status
