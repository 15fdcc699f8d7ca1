#!/bin/bash
# greffe-compose against ffmpeg doing the same grid: scale, xstack, amix, the same codec, speed and bitrate.
#
# usage: tests/bench/compose.sh [BUILD]      (default build/release)
# PEOPLE=9 SECONDS_LONG=60 PAIRS=5 CODECS="vp8 vp9" WORK=/tmp/greffe-bench
#
# Runs pairs side by side, one after the other, and prints the median of each and their ratio; the goal on two cores is
# 0.7 with VP8 and 0.8 with VP9. Then the peak memory of greffe-compose for this meeting. Needs ffmpeg and python3.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
. "$here/measure.sh"
people=${PEOPLE:-9} seconds=${SECONDS_LONG:-60} pairs=${PAIRS:-5} work=${WORK:-/tmp/greffe-bench}
mkdir -p "$work"
cd "$work"

made="meeting-$people-$seconds"
[ -f "$made/meeting.json" ] || python3 "$here/bench_meeting.py" "$made" --people "$people" --seconds "$seconds"
export GREFFE_ARCHIVE="$work/archive"
id=$("$build/bin/greffe-ingest" -q --create "$made" || [ $? = 3 ])
columns=$(python3 -c "import math; print(math.ceil(math.sqrt($people)))")
width=$((1280 / columns / 2 * 2)) height=$((720 / columns / 2 * 2))

ffmpeg_film() { # CODEC THREADS OUT
  local inputs=() filter="" sounds="" tiles="" layout="" i
  for i in $(seq 0 $((people - 1))); do
    inputs+=(-i "$(printf '%s/%02d.webm' "$made" $((i + 1)))")
    filter+="[$i:v]scale=$width:$height,setsar=1[v$i];" tiles+="[v$i]" sounds+="[$i:a]"
    layout+="${layout:+|}$((i % columns * width))_$((i / columns * height))"
  done
  filter+="${tiles}xstack=inputs=$people:layout=$layout:fill=black,pad=1280:720[v];${sounds}amix=inputs=$people:normalize=0[a]"
  local coding=(-c:v libvpx -deadline realtime -cpu-used -8 -b:v 1500k)
  [ "$1" = vp9 ] && coding=(-c:v libvpx-vp9 -deadline realtime -cpu-used 7 -row-mt 1 -tile-columns 2 -b:v 1000k)
  ffmpeg -y -v error -nostdin "${inputs[@]}" -filter_complex "$filter" -map '[v]' -map '[a]' "${coding[@]}" -g 250 \
    -threads "$2" -c:a libopus -b:a 64k "$3"
}
greffe_film() { "$build/bin/greffe-compose" -q --captions none --video "$1" -o "$2" "$id" >/dev/null; }

for codec in ${CODECS:-vp8 vp9}; do
  # With one thread and with two: which is ffmpeg's best depends on the machine.
  ours=() one=() two=()
  for _ in $(seq "$pairs"); do
    one+=("$(clock ffmpeg_film "$codec" 1 "ffmpeg-$codec.webm")")
    ours+=("$(clock greffe_film "$codec" "greffe-$codec.webm")")
    two+=("$(clock ffmpeg_film "$codec" 2 "ffmpeg-$codec.webm")")
  done
  a=$(median "${ours[@]}") b=$(median "${one[@]}") c=$(median "${two[@]}")
  python3 -c "print(f'$codec: greffe $a s, ffmpeg $b s (1 thread), $c s (2 threads), ratio {$a / min($b, $c):.2f}')"
done
[ -x /usr/bin/time ] && /usr/bin/time -f 'peak memory: %M KiB' "$build/bin/greffe-compose" -q --captions none --video vp8 -o memory.webm "$id" >/dev/null
