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
meeting '{"file":"cut.webm","role":"camera"},{"file":"cut.webm","role":"microphone"}'
expect 3 greffe-ingest --archive twice --create meeting.json
holds "a file that both tracks are of is cut once: $err" test "$(grep -c 'file-cut.*earlier than its head says$' <<<"$err")" = 1
# A live recording and Ogg without its last page have no length at their head.
make -i both.webm -c copy -live 1 -f webm live.webm
python3 - <<'PY'
live, voice = open("live.webm", "rb").read(), open("voice.ogg", "rb").read()
open("live.webm", "wb").write(live[:-100])
open("paged.ogg", "wb").write(voice[:voice.rindex(b"OggS")])
PY
meeting '{"file":"live.webm","role":"room","started_at":"2026-11-20T10:00:00Z"},{"file":"paged.ogg","role":"screen-audio","started_at":"2026-11-20T10:00:00Z"}'
expect 3 greffe-ingest --archive other meeting.json
holds "a live file that is cut is told: $err" has "$err" "goes on behind the end of the file"
holds "and a page that is missing: $err" has "$err" "its last page is not marked as its last"

# Pictures are turned as their file says. One corner is white; ffmpeg turns as players do.
corners() { ffmpeg -v error -i "$1" -frames:v 1 -vf scale=2:2:flags=area,format=gray -f rawvideo - | python3 -c "import sys; print(*(int(b > 60) for b in sys.stdin.buffer.read()))"; }
make -f lavfi -i "color=black:size=160x160:rate=25:duration=1,drawbox=w=80:h=80:color=white:t=fill" -c:v libx264 -bf 0 -g 25 -metadata creation_time=2026-11-20T10:00:00Z upright.mp4
matrices=("0 1 -1 0" "0 1 1 0" "-1 0 0 -1" "0 -1 1 0" "-1 0 0 1" "1 0 0 -1" "0 -1 -1 0")
[ -z "$GREFFE_SANITIZE" ] || matrices=("${matrices[@]:0:2}") # a turn, and one of a mirrored picture
for matrix in "${matrices[@]}"; do
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

# What an edit list cuts away is neither seen nor heard: a red second and its tone, before two blue silent ones.
make -f lavfi -i "color=red:size=160x90:rate=25:duration=1" -f lavfi -i "color=blue:size=160x90:rate=25:duration=2" \
  -f lavfi -i "aevalsrc='if(lt(t,1),0.5*sin(2*PI*1000*t),0)':s=48000:d=3" -filter_complex "[0][1]concat" -map 2:a -c:v libx264 -g 50 -c:a aac full.mp4
make -ss 1.2 -i full.mp4 -c copy trimmed.mp4
make -f lavfi -i anullsrc=r=48000:d=5 -c:a libopus still.ogg
meeting '{"file":"still.ogg","role":"screen-audio","started_at":"2026-11-20T10:00:00Z"},
         {"file":"trimmed.mp4","role":"camera","started_at":"2026-11-20T10:00:02Z"},{"file":"trimmed.mp4","role":"microphone","started_at":"2026-11-20T10:00:02Z"}'
expect 0 greffe-ingest --archive trimmed --create meeting.json
holds "the camera begins where the cut is" test "$(start_ms "$(folder_of "$out" trimmed)" a-camera-1)" = 2000
expect 0 greffe-compose --archive trimmed --quiet --size 160x90 --video vp8 --captions none --loudness off -o trimmed.webm "$out"
holds "nothing red is shown" python3 - <<'PY'
import subprocess, sys
film = subprocess.run("ffmpeg -v error -i trimmed.webm -vf scale=1:1:flags=area,format=rgb24 -f rawvideo -".split(), capture_output=True).stdout
sys.exit(not film or max(red - blue for red, _, blue in zip(*[iter(film)] * 3)) > 60)
PY
holds "nothing is heard of it" python3 - <<'PY'
import array, subprocess, sys
sound = array.array("h", subprocess.run("ffmpeg -v error -i trimmed.webm -f s16le -ac 1 -ar 48000 -".split(), capture_output=True).stdout)
sys.exit(max(map(abs, sound[:48000 * 19 // 10])) > 100)
PY

# A camera that changes its size in mid-file has its parameter sets in the file's head alone.
for size in 160x90 320x180; do
  make -f lavfi -i "testsrc=size=$size:rate=25:duration=1" -c:v libx264 -pix_fmt yuv420p -bf 0 -g 10 -video_track_timescale 12800 "of-$size.mp4"
done
python3 "$GREFFE_SOURCE/tests/support/join_mp4.py" of-160x90.mp4 of-320x180.mp4 joined.mp4
meeting '{"file":"joined.mp4","role":"camera","started_at":"2026-11-20T10:00:00Z"}'
expect 0 greffe-ingest --archive joined --create meeting.json
decoded() { ffmpeg -nostdin -v error -i "$1" -autoscale 0 -f framemd5 - 2>&1 | grep -v '^#' | cut -d, -f5,6; }
holds "both halves are whole" cmp <(decoded of-160x90.mp4 && decoded of-320x180.mp4) <(decoded "$(folder_of "$out" joined)/tracks/a-camera-1.mkv")

# A file that was overwritten in its middle, chains of Ogg, and telephone sound that no telephone sends.
make -f lavfi -i "testsrc=size=320x180:rate=25:duration=4" -c:v libvpx -b:v 800k -cluster_time_limit 500 -metadata creation_time=2026-11-20T10:00:00Z holed.webm
dd if=/dev/zero of=holed.webm bs=1000 seek=$(($(stat -c %s holed.webm) / 2000)) count=20 conv=notrunc status=none
meeting '{"file":"holed.webm","role":"camera"}'
expect 3 greffe-ingest --archive holed --create meeting.json
holds "the hole is told" has "$err" "octets of it hold no frame that can be read, in 1 place(s)"
make -f lavfi -i "sine=duration=2" -c:a libopus -page_duration 20000 link.ogg
cat link.ogg link.ogg >chain.ogg
make -f lavfi -i "sine=duration=0.4" -c:a libopus short.ogg
cat short.ogg short.ogg short.ogg >short_chain.ogg
meeting '{"file":"chain.ogg","role":"microphone","started_at":"2026-11-20T10:00:00Z"},{"file":"short_chain.ogg","role":"screen-audio","started_at":"2026-11-20T10:00:00Z"}'
expect 0 greffe-ingest --archive chains --create meeting.json
holds "the second link lies behind the first" test "$(python3 -c "import json,sys; t = json.load(open(sys.argv[1])); print((t['end_ns'] - t['start_ns']) // 100000000)" "$(folder_of "$out" chains)/tracks/a-microphone-1.track.json")" = 40
holds "so do short ones" test "$(python3 -c "import json,sys; t = json.load(open(sys.argv[1])); print((t['end_ns'] - t['start_ns']) // 100000000)" "$(folder_of "$out" chains)/tracks/a-screen-audio-1.track.json")" = 12
# Between large frames may lie what is no hole: the second picture of a film with alpha.
make -f lavfi -i "color=size=640x480:rate=5:duration=0.8,format=yuva420p,geq=lum='random(1)*255':cb=128:cr=128:a='random(2)*255'" -c:v libvpx -auto-alt-ref 0 -b:v 20M -qmax 8 -metadata creation_time=2026-11-20T10:00:00Z alpha.webm
meeting '{"file":"alpha.webm","role":"camera"}'
expect 0 greffe-ingest --archive alpha --create meeting.json
# An edit list that begins late and cuts a beginning away at once, and sound that goes on beside pictures that end.
make -f lavfi -i "testsrc=size=160x90:rate=25:duration=4" -f lavfi -i "sine=duration=4" -c:v libx264 -g 250 -c:a aac -metadata creation_time=2026-11-20T10:00:00Z edited.mp4
edit() { # HALVES: the edit list of the pictures, as duration and start in each; in the place of the old one
  python3 - "$@" <<'PY'
import struct, sys
data = bytearray(open("edited.mp4", "rb").read())
at = data.index(b"elst") - 4
start = struct.unpack_from(">i", data, at + 20)[0]
edits = [tuple(map(int, word.split(","))) for word in sys.argv[1:]]
new = struct.pack(">I4sII", 16 + 12 * len(edits), b"elst", 0, len(edits))
new += b"".join(struct.pack(">IiI", length, at_ if at_ < 0 else start + at_, 0x10000) for length, at_ in edits)
more = len(new) - struct.unpack_from(">I", data, at)[0]
data[at:at + len(new) - more] = new
for box in (b"moov", b"trak", b"edts"):
    place = data.index(box) - 4
    struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + more)
open("edit.mp4", "wb").write(data)
PY
}
edit 1000,-1 2000,12800
meeting '{"file":"edit.mp4","role":"camera"},{"file":"edit.mp4","role":"microphone"}'
expect 0 greffe-ingest --archive edits --create meeting.json
holds "it begins where the list says" test "$(start_ms "$(folder_of "$out" edits)" a-camera-1)" = 1000
edit 1000,0 1000,38400
expect 3 greffe-ingest --archive edits meeting.json
holds "pieces cut out of the middle are told" has "$err" "an edit list cuts pieces out of the middle of stream 0"
holds "of the pictures alone" test "$(grep -c breaks-off <<<"$err")" = 1
holds "the sound goes on" test "$(python3 -c "import json,sys; print(json.load(open(sys.argv[1]))['end_ns'] // 100000000)" "$(folder_of "$out" edits)/tracks/a-microphone-1.track.json")" -ge 40

# Covers are passed over, subtitles told; neither they nor the last slide make a whole file a cut one.
make -f lavfi -i "color=green:size=64x64:duration=0.04" -frames:v 1 cover.png
printf '1\n00:00:00,500 --> 00:00:09,000\nOn and on\n' >words.srt
make "${sound[@]}" -i cover.png -i words.srt -map 0 -map 1 -map 2 -c:a aac -c:v copy -c:s mov_text -disposition:v attached_pic -metadata creation_time=2026-11-20T10:00:00Z covered.mp4
make -f lavfi -i "testsrc=size=64x64:rate=1/3:duration=12" -c:v libvpx -metadata creation_time=2026-11-20T10:00:00Z slides.webm
meeting '{"file":"covered.mp4","role":"microphone"},{"file":"slides.webm","role":"screen"}'
expect 3 greffe-ingest --archive covered --create meeting.json
holds "subtitles are told, and nothing else: $err" same "$(wc -l <<<"$err") $(grep -c "covered.mp4: stream 1 is subtitles, which are taken from" <<<"$err")" "1 1"
# Sound as loud as its head says (RFC 7845 §5.1: 20 dB lower), channels that nothing places, and what is no recording.
python3 - <<'PY'
import struct
data = bytearray(open("link.ogg", "rb").read())
at = data.index(b"OpusHead")
data[at + 16:at + 18] = struct.pack("<h", -20 * 256)
end, crc = 27 + data[26] + sum(data[27:27 + data[26]]), 0
data[22:26] = bytes(4)
for byte in data[:end]:
    crc ^= byte << 24
    for _ in range(8):
        crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
data[22:26] = struct.pack("<I", crc)
open("low.ogg", "wb").write(data)
PY
peak() { ffmpeg -nostdin -v error -i "$1" -f s16le -ac 1 - | python3 -c "import array, sys; print(max(map(abs, array.array('h', sys.stdin.buffer.read()))) // 100)"; }
meeting '{"file":"low.ogg","role":"microphone","started_at":"2026-11-20T10:00:00Z"}'
expect 0 greffe-ingest --archive low --create meeting.json
holds "the track is as loud as the file" same "$(peak "$(folder_of "$out" low)/tracks/a-microphone-1.mkv")" "$(peak low.ogg)"
expect 0 greffe-compose --archive low --quiet --size 64x64 --fps 1 --video vp8 --captions none --loudness off -o low.webm "$out"
holds "and so is the film: $(peak low.webm), not $(peak low.ogg)" test "$(($(peak low.webm) - $(peak low.ogg)))" -le 1
make -f lavfi -i "aevalsrc=0.1|0.1|0.1:d=1" -c:a libopus -mapping_family 255 unplaced.ogg
meeting '{"file":"unplaced.ogg","role":"microphone","started_at":"2026-11-20T10:00:00Z"}'
expect 1 greffe-ingest --archive low meeting.json
holds "channels that nothing places are refused" has "$err" "nothing says where the 3 channels of its Opus are heard"
meeting '{"file":"words.srt","role":"microphone"}'
expect 1 greffe-ingest --archive low meeting.json
holds "what would be taken is named" has "$err" "may also name WebM, Matroska, Ogg and MP4 files"
make -f lavfi -i "sine=duration=1" -ar 16000 -c:a pcm_mulaw wide.mkv
meeting '{"file":"wide.mkv","role":"microphone","started_at":"2026-11-20T10:00:00Z"}'
expect 1 greffe-ingest --archive wide --create meeting.json
holds "G.711 of another rate is refused" has "$err" "greffe makes no track of pcm_mulaw of 16000 Hz and 1 channel(s), only of 8000 Hz and one"
exit $failed
