#!/bin/bash
# Frames of VP9 and AV1 in the tracks equal those that another reader puts together from the same dumps: bit for bit
# for VP9 (every layer's frame, with the superframe index around several), OBU by OBU for AV1.
set -eu
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin="$GREFFE_BUILD/bin"
samples=$(samples_with svc) || exit 77
[ -x "$bin/greffe-ingest" ] && command -v ffprobe >/dev/null || exit 77

# SAMPLE CODEC DUMP TRACK FRAMES
while read -r sample codec dump track frames; do
  [ -d "$work/$sample" ] ||
    "$bin/greffe-ingest" -q --archive "$work/$sample" --create "$samples/$sample/meeting.json" >/dev/null 2>&1 || [ $? = 3 ]
  "$GREFFE_SOURCE/tests/support/rtp_frames.py" "$codec" "$samples/$sample/"$dump | cut -d' ' -f1 >"$work/wanted"
  ffprobe -v error -select_streams v -show_packets -show_data_hash sha256 -show_entries packet=data_hash -of csv=p=0 \
    "$work/$sample"/meetings/*/*/*/*/tracks/"$track.mkv" | sed 's/^SHA256://' >"$work/found"
  [ "$(wc -l <"$work/wanted")" = "$frames" ] || fail "$track: $(wc -l <"$work/wanted") frames in the dump, not $frames"
  cmp "$work/wanted" "$work/found" || fail "$track differs from its dump"
done <<EOF
codecs vp9 *user-101*video-1.mjr rosa-camera-1 393
svc vp9 *user-101*video-1.mjr edda-camera-1 297
svc vp9 *user-102*video-1.mjr faisal-camera-1 296
renego vp9 *video-2.mjr ines-camera-2 247
av1 av1 *user-101*video-1.mjr celia-camera-1 301
av1 av1 *user-102*video-1.mjr dario-camera-1 302
EOF
