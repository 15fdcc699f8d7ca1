#!/bin/bash
# Sound that only files of other platforms hold: AAC and Vorbis. Copied packet by packet, and heard when it was, whatever
# delay its encoder has and however the file rounds its times.
set -u
PATH=$GREFFE_BUILD/bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work" || exit 1

packets() { ffmpeg -v error -i "$1" -map 0:a -c copy -f framemd5 - | grep -v '^#' | cut -d, -f5,6; }
# beep FILE: in microseconds, where in the file's own time 1 kHz is first and last heard.
beep() {
  ffmpeg -v error -i "$1" -map 0:a -ac 1 -af aresample=48000:async=1:first_pts=0 -f f32le - | python3 -c "
import array, sys
on = [i for i, s in enumerate(array.array('f', sys.stdin.buffer.read())) if abs(s) > 0.1]
print(on[0] * 1000 // 48, on[-1] * 1000 // 48)"
}
near() { python3 -c "import sys; a, b, c, d = map(int, sys.argv[1:]); sys.exit(max(abs(a - c), abs(b - d)) > 1000)" $1 $2; }

# coded FILE RATE ENCODER-ARGUMENT…
coded() {
  local file=$1 rate=$2
  shift 2
  ffmpeg -v error -y -f lavfi -i "aevalsrc='if(between(t,1,1.5),0.5*sin(2*PI*1000*t),0)':s=$rate:d=2:c=stereo" "$@" "$file" </dev/null ||
    { echo "FAIL: ffmpeg $*"; exit 1; }
}
# heard NAME FILE [RATE ENCODER-ARGUMENT…]
heard() {
  local name=$1 file=$2
  shift 2
  [ $# -eq 0 ] || coded "$file" "$@"
  printf '{"title":"T","participants":[{"id":"a","name":"A","tracks":[{"file":"%s","role":"microphone","started_at":"2026-11-20T10:00:00Z"}]}]}' "$file" >meeting.json
  rm -rf archive
  expect 0 greffe-ingest --archive archive --create meeting.json
  local id=$out track
  track=$(find archive -name a-microphone-1.mkv)
  holds "$name: packets are copied" cmp <(packets "$file") <(packets "$track")
  holds "$name: the sidecar is as its schema says" python3 -W ignore -m jsonschema -i "${track%.mkv}.track.json" "$GREFFE_SOURCE/schemas/track.schema.json"
  holds "$name: has no holes" grep -q '"gaps": \[\]' "${track%.mkv}.track.json"
  expect 0 greffe-compose --archive archive --quiet --size 160x90 --captions none -o film.webm "$id"
  local was is
  was=$(beep "$file")
  is=$(beep film.webm)
  holds "$name: is heard when it was ($is us, not $was)" near "$was" "$is"
}

heard aac aac.m4a 48000 -c:a aac
heard aac-44100 aac44.mp4 44100 -c:a aac
heard aac-matroska aac.mka 48000 -c:a aac
heard aac-5.1 six.mp4 48000 -c:a aac -ac 6
heard vorbis vorbis.ogg 48000 -c:a libvorbis
heard vorbis-webm vorbis.webm 44100 -c:a libvorbis
# AAC that makes twice the rate that its file names (SBR), and says so in its packets alone.
for channels in 1 2; do
  coded plain.aac 24000 -c:a aac -ac $channels
  "$GREFFE_SOURCE/tests/support/add_sbr.py" plain.aac high.aac
  for file in high.m4a high.mka; do
    ffmpeg -v error -y -i high.aac -c copy $file </dev/null || { echo "FAIL: ffmpeg $file"; exit 1; }
    heard he-$channels-$file $file
    holds "he-$channels-$file: at the rate that is made" grep -q '"clock_rate_hz": 48000' "$(find archive -name a-microphone-1.track.json)"
  done
done
exit $failed
