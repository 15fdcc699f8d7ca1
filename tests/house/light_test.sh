#!/bin/bash
# Programs that handle no media load none of its libraries: they start in a few milliseconds, ten times faster, which
# who calls them in a loop feels. Where this fails, a room that they link calls what needs these libraries, or shares an
# object with what does (a unity build without ALONE in CMakeLists.txt).
set -uo pipefail
failed=0
for program in greffe-caption greffe-catalog greffe-export greffe-hold greffe-retain; do
  found=$(readelf -d "$GREFFE_BUILD/bin/$program" | grep NEEDED | grep -oE 'lib(av|sw|opencv|ass|vpx|opus|pcap|ebur)[a-z_]*' | sort -u)
  [ -z "$found" ] && continue
  echo "$program loads" $found
  failed=1
done
exit $failed
