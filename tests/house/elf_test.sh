#!/bin/bash
# The programs are hardened as SAFETY S15 asks: PIE, all relocations done at start and read-only, no executable
# stack, CET marks, no search path of their own.
set -euo pipefail
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77
grep -q 'CMAKE_BUILD_TYPE:STRING=Rel' "$GREFFE_BUILD/CMakeCache.txt" || exit 77
status=0
for program in "$GREFFE_BUILD"/bin/greffe*; do
  has() { [ "$(readelf -W "$1" "$program" | grep -cE "$2")" -gt 0 ] || { echo "$(basename "$program"): no $3"; status=1; }; }
  has -h 'Type: +DYN' "PIE"
  has -d 'FLAGS_1.*PIE' "PIE flag"
  has -d 'FLAGS.*BIND_NOW|FLAGS_1.*NOW' "BIND_NOW"
  has -l 'GNU_RELRO' "RELRO"
  has -l 'GNU_STACK.* RW ' "NX stack"
  has --dyn-syms '__stack_chk_fail' "stack protector"
  [ "$(uname -m)" != x86_64 ] || has -n 'SHSTK' "CET mark"
  if readelf -d "$program" | grep -E 'RPATH|RUNPATH'; then
    echo "$(basename "$program"): has a search path"
    status=1
  fi
done
exit $status
