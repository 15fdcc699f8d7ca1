#!/bin/bash
# Pictures of other encoders than those of browsers: B frames, more than 8 bits, more colour than 4:2:0. From files and
# from RTP, each picture is shown at its own time.
set -u
PATH=$GREFFE_BUILD/bin:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work" || exit 1
make() { ffmpeg -v error -y "$@" </dev/null || { echo "FAIL: ffmpeg $*"; exit 1; }; }

# Two seconds; picture n is grey of 20 + 4n.
make -f lavfi -i "color=black:size=160x90:rate=25:duration=2,format=yuv444p,geq=lum=20+4*N:cb=128:cr=128" -c:v ffv1 grey.mkv
source=(-i grey.mkv)

# meeting FILE [MORE]: MORE is of the track, in place of when it began.
meeting() {
  printf '{"title":"T","participants":[{"id":"a","name":"A","tracks":[{"file":"%s","role":"camera"%s}]}]}' \
    "$1" "${2:-,\"started_at\":\"2026-11-20T10:00:00Z\"}" >meeting.json
}
# shown FILM LATEST: how far the pictures are from what stands at their times, at most; the first LATEST may be missing.
shown() {
  ffmpeg -v error -i "$1" -vf extractplanes=y,crop=1:1:160:50 -f rawvideo - |
    python3 -c "
import sys
grey = sys.stdin.buffer.read()[int(sys.argv[1]):50]
print(max(abs(g - (20 + 4 * (n + int(sys.argv[1])))) for n, g in enumerate(grey)) if len(grey) > 40 - int(sys.argv[1]) else 'nothing')" "$2"
}
# right_times NAME FILE [MORE]: a film of the file shows each picture when it was.
right_times() {
  case "${GREFFE_SANITIZE:+$1}" in '' | b-frames-h264 | b-frames-rtp-h265 | h264-yuv444p10le | h265-yuv420p10le | vp9-rgb) ;; *) return ;; esac
  meeting "$2" "${3-}"
  rm -rf archive
  expect 0 greffe-ingest --archive archive --create meeting.json
  expect 0 greffe-compose --archive archive --quiet --size 320x180 --fps 25 --video vp9 --captions none -o "$1.webm" "$out"
  local off
  off=$(shown "$1.webm" 0)
  holds "$1: every picture is shown at its time (off by $off)" test "$off" -le 2
}

make "${source[@]}" -pix_fmt yuv420p -c:v libx264 -bf 3 -b_strategy 0 -sc_threshold 0 -g 25 h264.mp4
make "${source[@]}" -pix_fmt yuv420p -c:v libx264 -bf 3 -b_strategy 0 -sc_threshold 0 -g 25 -x264-params open-gop=1 open.mp4
make "${source[@]}" -pix_fmt yuv420p -c:v libx265 -x265-params "log-level=none:bframes=3:b-adapt=0:scenecut=0:keyint=25" -tag:v hvc1 h265.mp4
holds "the file has B frames" test "$(ffprobe -v error -show_entries frame=pict_type -of csv=p=0 h264.mp4 | grep -c B)" -gt 10

right_times b-frames-h264 h264.mp4
track=$(find archive -name 'a-camera-1.mkv')
packets() { ffmpeg -v error -i "$1" -map 0:v -c copy -f framemd5 - | grep -v '^#' | cut -d, -f5,6; }
holds "B frames are copied in their order" cmp <(packets h264.mp4) <(packets "$track")
# Milliseconds: that of the file, whose first picture is 0, and of the track.
times() { ffprobe -v error -show_entries packet=pts_time -of csv=p=0 "$1" | cut -d. -f1,2 | cut -c1-5; }
holds "and players find their times" cmp <(times h264.mp4) <(times "$track")
right_times b-frames-open open.mp4
right_times b-frames-h265 h265.mp4

for kind in h264 h265; do
  python3 "$GREFFE_SOURCE/tests/support/packetize.py" $kind.rtpdump $kind.sdp -i $kind.mp4 -c copy -bsf:v ${kind/h265/hevc}_mp4toannexb
  right_times b-frames-rtp-$kind $kind.rtpdump ",\"codec\":\"$kind\""
done

# Note: what is told of a film is on stderr.
for format in yuv420p10le yuv422p yuv444p yuv444p10le; do
  make "${source[@]}" -pix_fmt $format -c:v libx264 -bf 0 -g 25 $format.mp4
  right_times h264-$format $format.mp4
done
holds "what was converted is told" has "$(greffe-compose --archive archive --captions none -o again.webm "$(ls archive/meetings/*/*/*)" 2>&1)" "shown with 8 bits"
for format in yuv420p10le yuv444p12le; do
  make "${source[@]}" -pix_fmt $format -c:v libx265 -x265-params "log-level=none:bframes=0:keyint=25" -tag:v hvc1 $format.mp4
  right_times h265-$format $format.mp4
done
make "${source[@]}" -pix_fmt yuv444p -c:v libvpx-vp9 -deadline realtime -g 25 vp9.webm
right_times vp9-yuv444p vp9.webm
# As screens are recorded by who asks for nothing else.
make "${source[@]}" -pix_fmt gbrp -c:v libvpx-vp9 -deadline realtime -g 25 rgb.webm
right_times vp9-rgb rgb.webm
make "${source[@]}" -c:v libx264rgb -bf 0 -g 25 rgb.mp4
right_times h264-rgb rgb.mp4
# A sender that has no key frame after its first, and recovery points instead: recorded from picture 5 on, it is shown
# from where a picture is whole. x265 writes no recovery points: the unit is put ahead of picture 8 and says what is so,
# that picture 12 refers to nothing and those after it to nothing before it.
refreshed() { # NAME FIRST LAST: the first right picture of the film lies between these
  meeting "late-$1.rtpdump" ",\"codec\":\"$1\""
  rm -rf archive
  expect 3 greffe-ingest --archive archive --create meeting.json
  holds "$1: a gradual start is told" has "$err" "gradual-start"
  expect 0 greffe-compose --archive archive --quiet --size 320x180 --fps 25 --video vp9 --captions none -o "late-$1.webm" "$out"
  # Film time 0 is picture 5. Whatever is shown is a whole picture of its time.
  local late
  late=$(ffmpeg -v error -i "late-$1.webm" -vf extractplanes=y,crop=1:1:160:50 -f rawvideo - | python3 -c "
import sys
grey = sys.stdin.buffer.read()
right = [n for n, g in enumerate(grey) if abs(g - (20 + 4 * (n + 5))) <= 2]
empty = right and len(set(grey[:right[0]])) == 1
print(len(grey), right[0] if right else -1, empty and right == list(range(right[0], len(grey))) if right else '')")
  holds "$1: pictures are right from the recovery point on, and none before ($late)" python3 -c "
import sys
length, first, all_right = '$late'.split()
sys.exit(not (int(length) >= 43 and $2 <= int(first) <= $3 and all_right == 'True'))"
}
make "${source[@]}" -pix_fmt yuv420p -c:v libx264 -bf 0 -x264-params intra-refresh=1:keyint=10:min-keyint=10:scenecut=0:repeat-headers=1 refresh.mkv
python3 "$GREFFE_SOURCE/tests/support/packetize.py" whole-h264.rtpdump refresh.sdp -i refresh.mkv -c copy -bsf:v h264_mp4toannexb
make "${source[@]}" -pix_fmt yuv420p -force_key_frames 'expr:eq(n,12)' -c:v libx265 \
  -x265-params "log-level=none:bframes=0:scenecut=0:keyint=250:ref=1:repeat-headers=1" plain.265
python3 -c "
import re
units = re.split(b'\0\0\0\1|\0\0\1', open('plain.265', 'rb').read())[1:]
sets = [unit for unit in units[:4] if unit[0] >> 1 in (32, 33, 34)]
slices = [unit for unit in units if unit[0] >> 1 < 32]
assert len(slices) == 50 and sum(unit[0] >> 1 > 15 for unit in slices) == 1 and len(sets) == 3
# ue(7), which is se(4); exact; the link is not broken; stop bit
slices[8:8] = sets + [bytes([78, 1, 6, 2, 0b00010001, 0b01000000, 0x80])]
open('refresh.265', 'wb').write(b''.join(b'\0\0\0\1' + unit for unit in sets + slices))"
python3 "$GREFFE_SOURCE/tests/support/packetize.py" whole-h265.rtpdump refresh.sdp -framerate 25 -i refresh.265 -c copy
for kind in h264 h265; do
  python3 -c "
dump = open('whole-$kind.rtpdump', 'rb').read()
head, at, times = dump[:dump.index(b'\n') + 17], dump.index(b'\n') + 17, []
while at < len(dump):
    length = int.from_bytes(dump[at:at + 2], 'big')
    times.append((int.from_bytes(dump[at + 12:at + 16], 'big'), dump[at:at + length]))
    at += length
first = times[0][0]
open('late-$kind.rtpdump', 'wb').write(head + b''.join(r for t, r in times if (t - first) % 2**32 >= 5 * 3600))"
done
refreshed h264 4 20
refreshed h265 7 7
# Colours are what the sender meant by its numbers: the same red, green and blue out of each matrix and range.
colours() { # NAME MATRIX RANGE ENCODER…
  case "${GREFFE_SANITIZE:+$1}" in '' | full.mp4 | full.webm) ;; *) return ;; esac
  local name=$1 matrix=$2 range=$3 off
  shift 3
  make -f lavfi -i "color=0xc02020:s=64x96:r=25:d=1,format=gbrp[a];color=0x20c020:s=64x96:r=25:d=1,format=gbrp[b];color=0x2020c0:s=64x96:r=25:d=1,format=gbrp[c];[a][b][c]hstack=3" \
    -vf "scale=out_color_matrix=$matrix:out_range=$range,format=yuv420p" \
    -colorspace "$([ "$matrix" = bt601 ] && echo smpte170m || echo bt709)" -color_range "$([ "$range" = full ] && echo pc || echo tv)" "$@" "$name"
  meeting "$name"
  rm -rf archive
  expect 0 greffe-ingest --archive archive --create meeting.json
  expect 0 greffe-compose --archive archive --quiet --size 192x96 --layout single --no-labels --no-highlights --for preservation --captions none -o colours.mkv "$out"
  off=$(ffmpeg -v error -ss 0.5 -i colours.mkv -frames:v 1 -vf scale=in_color_matrix=bt601:in_range=limited:flags=accurate_rnd,format=rgb24 -f rawvideo - | python3 -c "
import sys
pixels = sys.stdin.buffer.read()
wanted = [(0xc0, 0x20, 0x20), (0x20, 0xc0, 0x20), (0x20, 0x20, 0xc0)]
print(max(abs(pixels[3 * (48 * 192 + 32 + 64 * n) + k] - wanted[n][k]) for n in range(3) for k in range(3)))")
  holds "colours of $name are off by $off" test "$off" -le 5
}
colours bt601.mp4 bt601 limited -c:v libx264 -qp 4
colours bt709.mp4 bt709 limited -c:v libx264 -qp 4
colours full.mp4 bt709 full -c:v libx264 -qp 4
colours bt709.webm bt709 limited -c:v libvpx-vp9 -deadline realtime -crf 4 -b:v 0
colours full.webm bt601 full -c:v libvpx-vp9 -deadline realtime -crf 4 -b:v 0
# VP9 of other colours than a film's is not copied into one.
expect 0 greffe-compose --archive archive --quiet --size 192x96 --layout single --no-labels --no-highlights --captions none --video vp9 -o copied.webm "$(ls archive/meetings/*/*/*)"
holds "pictures in other colours are not copied" [ "$(ffprobe -v error -select_streams v -show_entries stream=color_range -of csv=p=0 copied.webm)" = tv ]
holds "they come at the film's rate" [ "$(ffprobe -v error -select_streams v -show_entries stream=r_frame_rate -of csv=p=0 copied.webm)" = 25/1 ]
exit $failed
