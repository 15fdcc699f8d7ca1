#!/bin/bash
# greffe-verify beside somebody who edits: work in progress is no finding.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
export GREFFE_ARCHIVE=$work/archive
expect 0 greffe-ingest -q --create "$GREFFE_SOURCE/tests/data/council_short"
id=$out
(
  for number in $(seq 60); do greffe-catalog edit "$id" --title "Title $number" >/dev/null 2>>"$work/edits"; done
  touch "$work/over"
) &
rounds=0
while [ ! -e "$work/over" ] && [ $rounds -lt 200 ] && [ $failed -eq 0 ]; do
  expect 0 greffe-verify files --jobs 2
  expect 0 greffe-verify catalog
  rounds=$((rounds + 1))
done
wait
echo "$rounds rounds"
holds "no edit was refused" [ ! -s "$work/edits" ]
exit $failed
