#!/bin/bash
# greffe-ingest against janus-pp-rec on the same Janus recordings. janus-pp-rec only rewrites each file into WebM or
# Opus; greffe also copies and hashes the dumps, syncs everything to the disk and enters the meeting in a catalog.
#
# usage: tests/bench/ingest.sh [BUILD]      (default build/release)
# PEOPLE=9 SECONDS_LONG=60 PAIRS=5 WORK=/tmp/greffe-bench
#
# Prints the medians and their ratio for the council sample and for a made meeting. Needs janus-tools, ffmpeg, python3.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
people=${PEOPLE:-9} seconds=${SECONDS_LONG:-60} pairs=${PAIRS:-5} work=${WORK:-/tmp/greffe-bench}
mkdir -p "$work"
cd "$work"
made="meeting-$people-$seconds"
[ -f "$made/meeting.json" ] || python3 "$here/bench_meeting.py" "$made" --people "$people" --seconds "$seconds"

clock() { # COMMAND...: wall seconds
  local from to
  from=$(date +%s.%N)
  "$@"
  to=$(date +%s.%N)
  python3 -c "print(f'{$to - $from:.3f}')"
}
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }
peer() {
  rm -rf peer && mkdir peer
  local file kind
  for file in "$1"/*.mjr; do
    kind=webm
    case $file in *audio* | *microphone*) kind=opus ;; esac
    janus-pp-rec "$file" "peer/$(basename "$file" .mjr).$kind" >/dev/null 2>&1
  done
}
ours() {
  rm -rf archive-ingest
  "$build/bin/greffe-ingest" -q --archive archive-ingest --create "$1" >/dev/null || [ $? = 3 ]
}
for meeting in "$here/../../examples/samples/council" "$made"; do
  theirs=() mine=()
  for _ in $(seq "$pairs"); do
    theirs+=("$(clock peer "$meeting")")
    mine+=("$(clock ours "$meeting")")
  done
  a=$(median "${mine[@]}") b=$(median "${theirs[@]}")
  python3 -c "print(f'$(basename "$meeting"): greffe-ingest $a s, janus-pp-rec $b s, ratio {$a / $b:.2f}')"
done
