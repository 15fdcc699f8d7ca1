#!/bin/bash
# What the codecs and profiles of greffe-compose cost and how well they look: speed (times real time, all stages), bits
# and SSIM against the FFV1 film of the same scenes, which has every pixel that was drawn.
#
# usage: tests/bench/quality.sh [BUILD] [MEETING.json]     (default build/release, the council of the samples)
# SIZE=1280x720 FPS=25 JOBS=0 WORK=/tmp/greffe-quality
#
# Prints one line for each. Speeds are of one run each, for comparison within one table; SSIM is ffmpeg's, of all planes,
# in decibels as well since the differences are near 1.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
. "$here/measure.sh"
samples=$here/../../../shared/samples
[ -d "$samples" ] || samples=$here/../../examples/samples
meeting=$(realpath "${2:-$samples/council/meeting.json}")
work=${WORK:-/tmp/greffe-quality}
mkdir -p "$work"
cd "$work"
export GREFFE_ARCHIVE="$work/archive"
id=$("$build/bin/greffe-ingest" -q --create "$meeting" || [ $? = 3 ])
options=(--size "${SIZE:-1280x720}" --fps "${FPS:-25}" --jobs "${JOBS:-0}" --captions none)

film() { "$build/bin/greffe-compose" -q --anew "${options[@]}" "$@" "$id" >/dev/null || [ $? = 3 ]; }
length_of() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"; }

# NAME FILE OPTION…
measured() {
  local name=$1 file=$2 seconds ssim bytes
  shift 2
  seconds=$(clock film "$@" -o "$file")
  # Pictures alone, as many bytes as their packets have.
  bytes=$(ffprobe -v error -select_streams v -show_entries packet=size -of csv=p=0 "$file" | awk -F, '{n += $1} END {print n}')
  ssim=$(ffmpeg -nostdin -v info -i "$file" -i reference.mkv -lavfi "[0:v][1:v]ssim" -f null - 2>&1 | sed -n 's/.*All:\([^ ]*\) (\([^)]*\)).*/\1 \2/p')
  python3 - "$name" "$seconds" "$(length_of reference.mkv)" "$bytes" $ssim <<'END'
import sys
name, seconds, length, size, ssim, decibels = sys.argv[1:7]
length = float(length)
print(f"{name:22} {length / float(seconds):6.2f} x  {int(size) * 8 / length / 1000:9.0f} kbit/s  SSIM {float(ssim):.4f}  {decibels} dB")
END
}

film --for preservation -o reference.mkv
measured "web: vp9" web.webm --for web
measured "vp8" vp8.webm --video vp8
measured "web, .mp4: h264" web.mp4 --for web
measured "archive: av1" archive.mkv --for archive
measured "preservation: ffv1" preservation.mkv --for preservation
