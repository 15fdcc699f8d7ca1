#!/bin/bash
# Two senders on one SSRC in one recording, known by their numbers alone (R12): each is a track of its own that equals the
# one of its recording, and the report says so.
set -eu
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin="$GREFFE_BUILD/bin"
samples=$(samples_with council) || exit 77
[ -x "$bin/greffe-ingest" ] && command -v ffprobe >/dev/null || exit 77
cd "$work"
recording() { ls "$samples"/council/*-user-"$1"-*-"$2".mjr; }

ingest() { # NAME FILE ROLE EXIT
  mkdir "$1"
  printf '{"title": "t", "participants": [{"id": "ann", "tracks": [{"file": "%s", "role": "%s"}]}]}' "$2" "$3" >"$1/meeting.json"
  code=0; "$bin/greffe-ingest" -q --archive "$1/archive" --create "$1/meeting.json" >/dev/null 2>"$1/err" || code=$?
  [ "$code" = "$4" ] || { cat "$1/err" >&2; fail "$1: exit $code instead of $4"; }
}
frames() { # NAME TRACK
  ffprobe -v error -show_packets -show_data_hash sha256 -show_entries packet=data_hash -of csv=p=0 \
    "$1"/archive/meetings/*/*/*/*/tracks/"$2".mkv
}

for kind in audio-0:microphone video-1:camera; do
  file=${kind%:*} role=${kind#*:}
  "$GREFFE_SOURCE/tests/support/merge_mjr.py" "$(recording 101 "$file")" "$(recording 102 "$file")" both-$file.mjr
  ingest "one-$file" "$(recording 101 "$file")" "$role" 0
  ingest "other-$file" "$(recording 102 "$file")" "$role" 0
  ingest "both-$file" "$work/both-$file.mjr" "$role" 3
  grep -q several-senders both-$file/archive/meetings/*/*/*/*/reports/damage.json || fail "$file: nothing is said of it"
  for number in 1 2; do frames both-$file ann-$role-$number | sha256sum; done | sort >made
  for name in one other; do frames $name-$file ann-$role-1 | sha256sum; done | sort >wanted
  cmp made wanted || fail "$file: the tracks differ from those of the recordings"
  code=0; "$bin/greffe-probe" --json both-$file.mjr >probe.json || code=$?
  [ "$(grep -o '"ssrc"' probe.json | wc -l)" = 2 ] || fail "$file: probe shows no two tracks"
done
