#!/bin/bash
# What greffe-compose draws around the pictures: theme, corners, title card and clock, and that they are in the receipt.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
council=$GREFFE_SOURCE/examples/samples/council/meeting.json
cd "$work" || exit 1
small=(-q --size 320x180 --fps 5 --video vp8 --captions none --layout speaker)

# luma SECOND FILM X Y: of one pixel.
luma() {
  ffmpeg -loglevel error -ss "$1" -i "$2" -frames:v 1 -pix_fmt yuv420p -f rawvideo - |
    python3 -c 'import sys; print(sys.stdin.buffer.read()[int(sys.argv[2]) * 320 + int(sys.argv[1])])' "$3" "$4"
}
# about VALUE WANTED: codecs are not exact.
about() { [ $(($1 - $2)) -le 8 ] && [ $(($2 - $1)) -le 8 ]; }

expect 0 greffe-compose "${small[@]}" -o plain.webm "$council"
expect 0 greffe-compose "${small[@]}" --theme light --corners round --title-card --clock utc -o look.webm "$council"
holds "the dark background" about "$(luma 10 plain.webm 318 2)" 30
holds "the light background" about "$(luma 10 look.webm 318 2)" 222
holds "the title card hides the tiles" about "$(luma 2 look.webm 10 100)" 222
holds "only at the beginning" [ "$(luma 6 look.webm 100 60)" -lt 200 ]
# From 12.1 s on Dana has the main place: 4:3 in the middle of 256x180, so from x 8 to 248.
holds "a square corner is the picture's" [ "$(luma 14 plain.webm 247 0)" -gt 50 ]
holds "a round one is the background's" [ "$(luma 14 look.webm 247 0)" -gt 190 ]
holds "the clock is in the upper left corner" python3 - "$(ffmpeg -loglevel error -ss 10 -i look.webm -frames:v 1 -vf crop=140:12:4:4 -pix_fmt gray -f rawvideo - | md5sum)" \
  "$(ffmpeg -loglevel error -ss 11.2 -i look.webm -frames:v 1 -vf crop=140:12:4:4 -pix_fmt gray -f rawvideo - | md5sum)" <<'PY'
import sys
assert sys.argv[1] != sys.argv[2]
PY
holds "the receipt says so" python3 - <<'PY'
import json
options = json.load(open("look.webm.receipt.json"))["options"]
assert options["look"] == {"theme": "light", "corners": "round", "title_card": True, "clock": "Etc/UTC"}, options
assert "look" not in json.load(open("plain.webm.receipt.json"))["options"]
PY
if [ -z "${GREFFE_SANITIZE:-}" ]; then
  expect 0 greffe-compose "${small[@]}" --jobs 3 --theme light --corners round --title-card --clock utc -o again.webm "$council"
  holds "the same bytes for any number of jobs" cmp look.webm again.webm
fi
python3 - <<'PY'
import struct, zlib
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
# 31 x 20: white, the left half clear.
row = b"\0" + b"\xff\xff\xff\0" * 15 + b"\xff" * 64
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 31, 20, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(row * 20)) + chunk(b"IEND", b"")
open("logo.png", "wb").write(png)
open("half.png", "wb").write(png[:60])
open("huge.png", "wb").write(png[:16] + struct.pack(">I", 5000) + png[20:])
PY
expect 0 greffe-compose "${small[@]}" --logo logo.png -o logo.webm "$council"
holds "the logo is in the lower right corner" about "$(luma 10 logo.webm 308 166)" 235
holds "what is clear in it is clear" [ "$(luma 10 logo.webm 290 174)" -lt 200 ]
for file in half huge; do
  expect 1 greffe-compose "${small[@]}" --logo $file.png -o no.webm "$council"
  holds "$file.png is refused by name" has "$err" "$file.png"
done
expect 2 greffe-compose "${small[@]}" --clock Nowhere/Town -o no.webm "$council"
holds "a zone that is not there is named" has "$err" Nowhere/Town
expect 2 greffe-compose "${small[@]}" --clock local -o no.webm "$council"
holds "no archive, no local time" has "$err" "only an archive has a local time"
# Pictures of the film on one sheet: 24 of 320x180 in six rows, with words below.
printf '0:00 Welcome\n0:16 Trees\n' >agenda.txt
expect 0 greffe-compose "${small[@]}" --agenda agenda.txt --contact-sheet sheet.png -o sheet.webm "$council"
holds "the contact sheet has its size" same "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 sheet.png)" "1360,1456"
ffmpeg -nostdin -v error -i sheet.png -ss 20.7 -i sheet.webm -lavfi '[0:v]crop=320:180:1024:736[a];[a][1:v]psnr=stats_file=psnr.txt' -frames:v 1 -f null -
holds "its sixteenth picture is that of 20.8 s" python3 -c '
import re
values = [float(value) for value in re.findall(r"psnr_y:([0-9.]+)", open("psnr.txt").read())]
assert values and values[0] > 25, values'

# What web players show: a poster and thumbnails look as the film does at their times, and the film is the same.
expect 0 greffe-compose "${small[@]}" --thumbnails web -o web.webm "$council"
holds "thumbnails change no byte" cmp plain.webm web.webm
holds "they look as the film does" /usr/bin/python3 - <<'PY'
import json, math, re, subprocess
import numpy
def pixels(file, width, height, *options):
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", file, *options, "-frames:v", "1", "-s", f"{width}x{height}", "-pix_fmt", "rgb24",
                          "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(height, width, 3).astype(int)
def film_at(ms, width, height):
    return pixels("web.webm", width, height, "-vf", f"select=eq(n\\,{math.ceil(ms / 200 - 0.5)})")
def alike(what, one, other):
    off = abs(one - other).mean()
    assert off < 8, (what, off)
scenes = json.load(open("web.webm.receipt.json"))["scenes"]["scenes"]
longest = max(scenes, key=lambda scene: scene["end_ms"] - scene["start_ms"])
alike("poster", pixels("web/poster.jpg", 320, 180), film_at((longest["start_ms"] + longest["end_ms"]) / 2, 320, 180))
sheet = pixels("web/thumbnails.jpg", 1120, 90)
cues = re.findall(r"(\d\d):(\d\d):(\d\d\.\d+) --> .*\nthumbnails.jpg#xywh=(\d+),(\d+),160,90\n", open("web/thumbnails.vtt").read())
assert len(cues) == 7, cues
for hours, minutes, seconds, x, y in cues[:6]:
    ms = 1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds)) + 2500
    alike(ms, sheet[int(y):int(y) + 90, int(x):int(x) + 160], film_at(ms, 160, 90))
PY

# A character that no font has: boxes and damage, or nothing at all.
cp -r "$(dirname "$council")" odd
python3 - <<'PY'
import json
meeting = json.load(open("odd/meeting.json"))
meeting["participants"][0]["name"] = "Ann \U000F1234"
json.dump(meeting, open("odd/meeting.json", "w"))
PY
expect 3 greffe-compose -q --size 320x180 --fps 5 --video vp8 --captions none -o boxes.webm odd/meeting.json
expect 1 greffe-compose -q --size 320x180 --fps 5 --video vp8 --captions none --strict-glyphs -o strict.webm odd/meeting.json
holds "--strict-glyphs names the character and the package" has "$err" "U+F1234: install fonts-noto-core"
holds "--strict-glyphs leaves no film" [ ! -e strict.webm ]
unnamed=(-q --size 320x180 --fps 1 --video vp8 --captions none --no-labels)
expect 0 greffe-compose "${unnamed[@]}" --strict-glyphs -o unnamed.webm odd/meeting.json
if [ -z "${GREFFE_SANITIZE:-}" ]; then
  expect 0 greffe-compose "${small[@]}" --strict-glyphs -o strict.webm "$council"
  holds "--strict-glyphs changes no byte" cmp plain.webm strict.webm
fi

# A title longer than its card is told, and no matter of fonts.
python3 - <<'PY'
import json
meeting = json.load(open("odd/meeting.json"))
meeting["participants"][0]["name"] = "Ann"
meeting["title"] = "and so on " * 60
json.dump(meeting, open("odd/meeting.json", "w"))
PY
expect 3 greffe-compose --size 320x180 --fps 1 --video vp8 --captions none --title-card --strict-glyphs -o long.webm odd/meeting.json
holds "a title that is cut is damage" has "$err" "title-cut"
holds "its receipt is as its schema says" python3 -W ignore -m jsonschema -i long.webm.receipt.json "$GREFFE_SOURCE/schemas/receipt.schema.json"

# Giving way to all others changes no byte either.
[ -z "${GREFFE_SANITIZE:-}" ] || exit $failed
greffe-compose "${small[@]}" --nice -o nice.webm "$council" >/dev/null &
pid=$! nice=
while [ "$nice" != 19 ] && kill -0 $pid 2>/dev/null; do nice=$(cut -d' ' -f19 /proc/$pid/stat 2>/dev/null); done
wait $pid
holds "--nice gives way" [ "$nice" = 19 ]
holds "--nice changes no byte" cmp plain.webm nice.webm
exit $failed
