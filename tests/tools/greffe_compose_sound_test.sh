#!/bin/bash
# How a film sounds: as loud as it should be, the same for any --jobs, as recorded when that is asked.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin=$GREFFE_BUILD/bin
samples_with council >/dev/null || exit 77
cd "$work" || exit 1
export GREFFE_ARCHIVE=$work/archive
compose() { "$bin/greffe-compose" -q --size 160x90 --fps 5 --video vp8 --captions none "$@" "$id"; }
# Integrated loudness in tenths of LUFS and true peak in tenths of dBTP.
measured() {
  ffmpeg -nostdin -hide_banner -nostats -i "$1" -map 0:a -af ebur128=peak=true -f null - 2>&1 |
    sed -n '/Summary/,$p' | awk '/I:/ {loud = $2} /Peak:/ {peak = $2} END {printf "%d %d\n", loud * 10, peak * 10}'
}

names="lossy share council"
again=yes  # what is made twice to compare the bytes; under a sanitizer, which is slow, once is enough
[ -z "${GREFFE_SANITIZE:-}" ] || names=council again=
for name in $names; do
  samples=$(samples_with $name 2>/dev/null) || continue
  id=$("$bin/greffe-ingest" -q --create "$samples/$name/meeting.json" 2>/dev/null)
  expect 0 compose -o "$name.webm"
  read -r loud peak < <(measured "$name.webm")
  holds "$name: $loud tenths of LUFS are -16 LUFS" [ "$loud" -ge -166 -a "$loud" -le -154 ]
  holds "$name: $peak tenths of dBTP are below -1" [ "$peak" -le -10 ]
done

expect 0 compose --jobs 1 -o one.webm
if [ "$again" ]; then
  expect 0 compose --jobs 3 -o three.webm
  holds "the same bytes for any --jobs" cmp one.webm three.webm
fi
gains() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["options"]["loudness"])' "$1.receipt.json"; }
holds "the receipt has the gains" has "$(gains one.webm)" "'target_lufs': -16, 'limit_dbtp': -2, 'gains_db': {'"
expect 0 compose --loudness -23 -o soft.webm
read -r loud peak < <(measured soft.webm)
holds "$loud tenths of LUFS are -23 LUFS" [ "$loud" -ge -236 -a "$loud" -le -224 ]
expect 0 compose --loudness off -o off.webm
holds "off is told" [ "$(gains off.webm)" = off ]
expect 0 compose --pan -o pan.webm
read -r loud peak < <(measured pan.webm)
holds "panned: $loud tenths of LUFS are -16 LUFS" [ "$loud" -ge -166 -a "$loud" -le -154 ]
sides() { ffmpeg -nostdin -v error -i "$1" -map 0:a -af "pan=mono|c0=c0-c1" -f f32le - | od -An -v -tf4 -w4 | awk '{sum += $1 * $1} END {print (sum > 1)}'; }
holds "--pan: left and right differ" [ "$(sides pan.webm)" = 1 ]
holds "without it they do not" [ "$(sides one.webm)" = 0 ]
# Stems: aligned, equally long, the same for any --jobs, and as decoded.
expect 0 compose --jobs 1 --stems stems -o stems.webm
holds "stems change nothing in the film" cmp one.webm stems.webm
if [ "$again" ]; then
  expect 0 compose --jobs 3 --stems again -o stems.webm
  holds "the same stems again" diff -r stems again
fi
holds "stems.json is as its schema says" /usr/bin/python3 -W ignore -m jsonschema -i stems/stems.json \
  "$GREFFE_SOURCE/schemas/stems.schema.json"
samples=$(python3 -c 'import json; print(json.load(open("stems/stems.json"))["samples"])')
for stem in stems/*.flac; do
  holds "$stem is whole" ffmpeg -nostdin -v error -xerror -i "$stem" -f null -
  info=$(ffprobe -v error -show_entries stream=duration_ts,sample_rate,channels,bits_per_raw_sample -of csv=p=0 "$stem")
  holds "$stem: $info" same "$info" "48000,2,$samples,24"
  holds "$stem: STREAMINFO has the MD5 of the samples" same \
    "$(dd if="$stem" bs=1 skip=26 count=16 status=none | od -An -tx1 | tr -d ' \n')" \
    "$(ffmpeg -nostdin -v error -i "$stem" -f s24le - | md5sum | cut -d' ' -f1)"
done
# The same in Opus: as many, as long to within a packet, and in their place.
expect 0 compose --stems opus --stems-as opus -o stems.webm
if [ "$again" ]; then
  expect 0 compose --jobs 1 --stems opus-again --stems-as opus -o stems.webm
  holds "the same stems in Opus again" diff -r opus opus-again
fi
holds "stems.json of Opus is as its schema says" /usr/bin/python3 -W ignore -m jsonschema -i opus/stems.json \
  "$GREFFE_SOURCE/schemas/stems.schema.json"
holds "as many in Opus as in FLAC" [ "$(find opus -name '*.mka' | wc -l)" = "$(find stems -name '*.flac' | wc -l)" ]
for stem in opus/*.mka; do
  flac=stems/$(basename "$stem" .mka).flac
  for file in "$stem" "$flac"; do ffmpeg -nostdin -v error -y -i "$file" -ac 1 -f f32le "$(basename "$file").pcm"; done
  holds "$stem: in its place" /usr/bin/python3 - "$(basename "$stem").pcm" "$(basename "$flac").pcm" <<'PY'
import sys
import numpy
opus, flac = (numpy.fromfile(name, numpy.float32) for name in sys.argv[1:])
assert 0 <= len(opus) - len(flac) <= 960, (len(opus), len(flac))
# Where they fit best.
a, b = opus[:len(flac)], flac
spectrum = numpy.fft.irfft(numpy.fft.rfft(a, 2 * len(a)) * numpy.conj(numpy.fft.rfft(b, 2 * len(b))))
shift = int(numpy.argmax(spectrum))
shift -= 2 * len(a) if shift > len(a) else 0
assert abs(shift) <= 48, shift
PY
done
: >taken
expect 2 compose --stems taken -o taken.webm
holds "no film where its stems cannot be written" [ ! -e taken.webm ]
for wrong in "" loud -4 -41 16 nan -16x; do
  expect 2 compose --loudness "$wrong" -o wrong.webm
done
holds "no film of a mistake" [ ! -e wrong.webm ]
exit $failed
