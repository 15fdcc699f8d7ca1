#!/bin/bash
# The night job of examples/cron: takes what is new, goes on after a failure, ends with the worst code, does nothing twice.
set -euo pipefail
. "$GREFFE_SOURCE/tests/support/expect.sh"
for tool in greffe greffe-ingest greffe-compose; do [ -x "$GREFFE_BUILD/bin/$tool" ] || exit 77; done
export GREFFE_COMPOSE="--size 320x180 --fps 10 --video vp8" GREFFE_SETTLE=0s
mkdir "$work/inbox"
cp -r "$GREFFE_SOURCE/tests/data/council_short" "$work/inbox/monday's council"

# night EXIT: one night that ends with that code.
night() {
  local got=0
  "$GREFFE_SOURCE/examples/cron/greffe-night" "$work/inbox" "$work/archive" >"$work/out" 2>"$work/log" </dev/null || got=$?
  [ "$got" -eq "$1" ] || { echo "exit $got, not $1:"; cat "$work/log"; failed=1; }
}
says() { grep -qF -- "$1" "$work/log" || { echo "the log does not say: $1"; cat "$work/log"; failed=1; }; }
films() { find "$work/archive/meetings" -path '*/renders/*.webm' | wc -l; }

night 0
says "ingested 1, composed 1, exit 0"
[ "$(films)" -eq 1 ] || { echo "$(films) films after the first night"; failed=1; }

night 0
says "ingested 0, composed 0, exit 0"

# A folder that is no meeting comes before a good one.
mkdir "$work/inbox/broken" "$work/inbox/tuesday"
echo "not a dump" >"$work/inbox/broken/notes.mjr"
cp "$GREFFE_SOURCE"/tests/data/council_short/* "$work/inbox/tuesday"
rm "$work/inbox/tuesday/bruno-video.mjr"
sed -i '/bruno-video/d; s/"role": "microphone"},/"role": "microphone"}/' "$work/inbox/tuesday/meeting.json"
night 1
says "ingested 1, composed 1, exit 1"
says "broken"
[ "$(films)" -eq 2 ] || { echo "$(films) films after the third night"; failed=1; }

# What failed is tried again, what went well is not.
night 1
says "ingested 0, composed 0, exit 1"
rm -r "$work/inbox/broken"
night 0

# More is missing than the operator puts up with: the film is made all the same, and the night says so.
mkdir "$work/inbox/wednesday"
cp "$GREFFE_SOURCE"/tests/data/council_short/* "$work/inbox/wednesday"
python3 "$GREFFE_SOURCE/tests/support/lose_packets.py" "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr" \
  "$work/inbox/wednesday/bruno-audio.mjr" 0.1 1 1 >/dev/null
GREFFE_LIMITS="--max-loss 5" night 4
says "bruno-microphone-1: loss"
says "ingested 1, composed 1, exit 4"

# Two nights at once: the second does nothing.
exec 8>"$work/archive.night/lock"
flock 8
night 6
exec 8>&-

[ ! -s "$work/out" ] || { echo "something on standard output: $(cat "$work/out")"; failed=1; }
exit $failed
