#!/bin/bash
# Files of other platforms in a meeting: copied bit for bit, placed by their own time, composed beside each other.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work" || exit 1
make() { ffmpeg -v error -y "$@" </dev/null || { echo "FAIL: ffmpeg $*"; exit 1; }; }

# Two seconds that are white and beep in the second one.
picture=(-f lavfi -i "color=black:size=160x90:rate=25:duration=2,drawbox=color=white:t=fill:enable='gte(t,1)'")
sound=(-f lavfi -i "aevalsrc='if(gte(t,1),0.5*sin(2*PI*1000*t),0)':s=48000:d=2")
make "${picture[@]}" "${sound[@]}" -c:v libvpx -c:a libopus -metadata creation_time=2026-11-20T10:00:00Z both.webm
make "${picture[@]}" -c:v libx264 -bf 0 -g 25 -metadata creation_time=2026-11-20T10:00:02Z camera.mp4
make "${sound[@]}" -c:a libopus voice.ogg
make "${sound[@]}" -c:a ac3 voice.mp4
head -c $(($(stat -c %s both.webm) / 3)) both.webm >cut.webm

# meeting TRACKS: a description of one participant with these tracks.
meeting() { printf '{"title":"T","participants":[{"id":"a","name":"A","tracks":[%s]}]}' "$1" >meeting.json; }
folder_of() { find "${2:-archive}/meetings" -type d -name "$1"; }  # MEETING [ARCHIVE]
# packets FILE STREAM: what is in it, without times.
packets() { ffmpeg -v error -i "$1" -map "0:$2" -c copy -f framemd5 - | grep -v '^#' | cut -d, -f5,6; }
# start_ms FOLDER TRACK
start_ms() { python3 -c "import json,sys; print(json.load(open(sys.argv[1]))['start_ns'] // 1000000)" "$1/tracks/$2.track.json"; }

meeting '{"file":"both.webm","role":"camera"},{"file":"both.webm","role":"microphone"},{"file":"camera.mp4","role":"screen"},
         {"file":"voice.ogg","role":"screen-audio","started_at":"2026-11-20T10:00:02Z"}'
holds "the description is as its schema says" python3 -W ignore -m jsonschema -i meeting.json "$GREFFE_SOURCE/schemas/description.schema.json"
expect 0 greffe-ingest --archive archive --create meeting.json
folder=$(folder_of "$out")
id=$out
holds "the meeting starts with the first file" has "$id" "20261120-100000Z-"
holds "pictures of WebM are copied" cmp <(packets both.webm 0) <(packets "$folder/tracks/a-camera-1.mkv" 0)
holds "sound of WebM is copied" cmp <(packets both.webm 1) <(packets "$folder/tracks/a-microphone-1.mkv" 0)
holds "pictures of MP4 are copied" cmp <(packets camera.mp4 0) <(packets "$folder/tracks/a-screen-1.mkv" 0)
holds "sound of Ogg is copied" cmp <(packets voice.ogg 0) <(packets "$folder/tracks/a-screen-audio-1.mkv" 0)
holds "a file lies where its date says" test "$(start_ms "$folder" a-screen-1)" = 2000
holds "a file lies where the description says" test "$(start_ms "$folder" a-screen-audio-1)" = 2000
holds "the witness is named" grep -q '"witness": "container"' "$folder/tracks/a-camera-1.track.json"
for track in "$folder"/tracks/*.track.json; do
  holds "$(basename "$track") is as its schema says" python3 -W ignore -m jsonschema -i "$track" "$GREFFE_SOURCE/schemas/track.schema.json"
done
expect 0 greffe-ingest --archive archive meeting.json
holds "the same files are the same meeting" test "$out" = "$id"

# The beep is where the picture turns white, in the film as in the file.
expect 0 greffe-compose --archive archive --quiet --size 320x180 --video vp8 --captions none -o film.webm "$id"
beep=$(ffmpeg -v error -i film.webm -map 0:a -ac 1 -af aresample=48000:async=1:first_pts=0 -f f32le - |
  python3 -c "import array, sys; print(next(i for i, s in enumerate(array.array('f', sys.stdin.buffer.read())) if abs(s) > 0.1) // 48)")
holds "sound is heard when it was ($beep ms)" test "$beep" -ge 995 -a "$beep" -le 1005

meeting '{"file":"voice.ogg","role":"microphone"}'
expect 3 greffe-ingest --archive other --create meeting.json
holds "who does not say when is asked" has "$err" "better give --start"
meeting '{"file":"voice.ogg","role":"microphone"},{"file":"both.webm","role":"camera"}'
expect 3 greffe-ingest --archive other --create meeting.json
holds "or taken to begin with the meeting, which is told" has "$err" "taken to begin with the meeting"
meeting '{"file":"voice.mp4","role":"microphone"},{"file":"both.webm","role":"camera"}'
expect 3 greffe-ingest --archive other meeting.json
holds "what cannot be a track is named" has "$err" "greffe makes no track of ac3 yet"
meeting '{"file":"both.webm","role":"camera","stream":1},{"file":"camera.mp4","role":"screen"}'
expect 3 greffe-ingest --archive other meeting.json
holds "and a stream of the wrong kind" has "$err" "stream 1 is audio, a camera is video"
meeting '{"file":"cut.webm","role":"camera"}'
expect 3 greffe-ingest --archive other meeting.json
holds "a file that breaks off is told" has "$err" "earlier than its head says"
expect 3 greffe-probe --archive other --missing --json "$out"
holds "and its track is cut" has "$out" '"truncated":true'

# Pictures are turned as their file says. One corner is white; ffmpeg turns as players do.
corners() { ffmpeg -v error -i "$1" -frames:v 1 -vf scale=2:2:flags=area,format=gray -f rawvideo - | python3 -c "import sys; print(*(int(b > 60) for b in sys.stdin.buffer.read()))"; }
make -f lavfi -i "color=black:size=160x160:rate=25:duration=1,drawbox=w=80:h=80:color=white:t=fill" -c:v libx264 -bf 0 -g 25 -metadata creation_time=2026-11-20T10:00:00Z upright.mp4
for matrix in "0 1 -1 0" "-1 0 0 -1" "0 -1 1 0" "-1 0 0 1" "1 0 0 -1" "0 1 1 0" "0 -1 -1 0"; do
  python3 - $matrix <<'PY'
import struct, sys
a, b, c, d = (int(word) << 16 for word in sys.argv[1:])
data = bytearray(open("upright.mp4", "rb").read())
at = data.index(b"tkhd") + 44
data[at:at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
open("turned.mp4", "wb").write(data)
PY
  meeting '{"file":"turned.mp4","role":"camera"}'
  expect 0 greffe-ingest --archive turned --create meeting.json
  track=$(folder_of "$out" turned)/tracks/a-camera-1.track.json
  holds "$matrix: the sidecar is as its schema says" python3 -W ignore -m jsonschema -i "$track" "$GREFFE_SOURCE/schemas/track.schema.json"
  expect 0 greffe-compose --archive turned --quiet --size 160x160 --video vp8 --captions none -o turned.webm "$out"
  holds "$matrix: upright in the film" same "$(corners turned.webm)" "$(corners turned.mp4)"
  rm -rf turned turned.webm*
done

# Pixels that are no squares: 180x180 is shown as 320x180, and fills the film.
make -f lavfi -i "color=white:size=180x180:rate=25:duration=1,setsar=16/9" -c:v libx264 -bf 0 -g 25 -metadata creation_time=2026-11-20T10:00:00Z long.mp4
meeting '{"file":"long.mp4","role":"camera"}'
expect 0 greffe-ingest --archive long --create meeting.json
track=$(folder_of "$out" long)/tracks/a-camera-1.track.json
holds "the sidecar has the shape of a pixel" python3 -W ignore -m jsonschema -i "$track" "$GREFFE_SOURCE/schemas/track.schema.json"
holds "as the file says it" grep -q '"width": 16' "$track"
plan=$(greffe-plan --quiet --archive long --size 320x180 "$out")
holds "the picture is planned in its shape" python3 - "$plan" <<'PY'
import json, sys
[tile] = json.loads(sys.argv[1])["scenes"][0]["tiles"]
sys.exit(tile["picture"] != {"x": 0, "y": 0, "width": 320, "height": 180})
PY
expect 0 greffe-compose --archive long --quiet --size 320x180 --video vp8 --captions none -o long.webm "$out"
holds "and drawn in it" same "$(corners long.webm)" "1 1 1 1"

# A room is seen and heard.
meeting '{"file":"both.webm","role":"room"}'
expect 0 greffe-ingest --archive room --create meeting.json
holds "of a room both are taken" same "$(cd "$(folder_of "$out" room)/tracks" && echo *.mkv)" "a-room-1.mkv a-room-2.mkv"
make -i both.webm -i voice.ogg -map 0 -map 1 -c copy -metadata creation_time=2026-11-20T10:00:00Z three.mkv
meeting '{"file":"three.mkv","role":"room"}'
expect 3 greffe-ingest --archive room meeting.json
holds "and what is left aside is told" has "$err" 'stream 2 is sound that no track of the description means; a track with "stream": 2 takes it'
meeting '{"file":"both.webm","role":"camera"}'
expect 3 greffe-ingest --archive camera --create meeting.json
holds "so is the sound of a file that is named as a camera alone" has "$err" "stream 1 is sound that no track"
meeting '{"file":"both.webm","role":"camera"},{"file":"both.webm","role":"microphone"}'
expect 0 greffe-ingest --archive whole --create meeting.json
meeting '{"file":"both.webm","role":"camera","stream":0}'
expect 0 greffe-ingest --archive numbered --create meeting.json
make -i both.webm -i voice.mp4 -map 0:v -map 1 -c copy -f matroska -metadata creation_time=2026-11-20T10:00:00Z mute.mkv
meeting '{"file":"mute.mkv","role":"room"}'
expect 3 greffe-ingest --archive room meeting.json
holds "a kind that greffe cannot read does not take the other along" has "$err" "greffe makes no track of ac3 yet"
exit $failed
