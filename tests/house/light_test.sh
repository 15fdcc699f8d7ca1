#!/bin/bash
# Programs that handle no media load none of its libraries: they start in a few milliseconds, ten times faster, which
# who calls them in a loop feels. Where this fails, a source that they now link is missing in LIGHT of CMakeLists.txt,
# or one of LIGHT calls what needs these libraries.
set -uo pipefail
failed=0
for program in greffe-caption greffe-catalog greffe-export greffe-hold greffe-retain; do
  found=$(readelf -d "$GREFFE_BUILD/bin/$program" | grep NEEDED | grep -oE 'lib(av|sw|opencv|ass|vpx|opus|pcap|ebur)[a-z_]*' | sort -u)
  [ -z "$found" ] && continue
  echo "$program loads" $found
  failed=1
done
exit $failed
