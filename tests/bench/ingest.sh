#!/bin/bash
# greffe-ingest against janus-pp-rec on the same Janus recordings. janus-pp-rec only rewrites each file into WebM or
# Opus; greffe also copies and hashes the dumps, syncs everything to the disk and enters the meeting in a catalog.
#
# usage: tests/bench/ingest.sh [BUILD]      (default build/release)
# PEOPLE=9 SECONDS_LONG=60 PAIRS=5 WORK=/tmp/greffe-bench
# SIZE_MB=1000 LARGE=/dev/shm/greffe-bench       SIZE_MB=0: without the large recordings
#
# First the council sample and a made meeting: medians of the wall time and their ratio. Then one camera and one
# microphone of council repeated up to SIZE_MB each, alone and both in one meeting, in memory (LARGE is on a tmpfs with
# room for six times SIZE_MB): wall time, time of the processors and peak memory of greffe-ingest, janus-pp-rec and
# `openssl dgst -sha256`, side by side. The goals: twice the speed of janus-pp-rec, half the speed of SHA-256. Each
# run follows a file of zeros as large as what it will write, so that none pays for memory the kernel has yet to find.
#
# Needs janus-tools (which no test needs: apt-get install it by hand), openssl, ffmpeg, python3.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
. "$here/measure.sh"
people=${PEOPLE:-9} seconds=${SECONDS_LONG:-60} pairs=${PAIRS:-5} work=${WORK:-/tmp/greffe-bench}
size=${SIZE_MB:-1000} large=${LARGE:-/dev/shm/greffe-bench}
council=$here/../../../shared/samples/council
[ -d "$council" ] || council=$here/../../examples/samples/council

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
sha() { openssl dgst -sha256 "$1"/*.mjr >/dev/null; }

small() {
  mkdir -p "$work" && cd "$work"
  local made="meeting-$people-$seconds" meeting theirs mine a b
  [ -f "$made/meeting.json" ] || python3 "$here/bench_meeting.py" "$made" --people "$people" --seconds "$seconds"
  for meeting in "$council" "$made"; do
    theirs=() mine=()
    for _ in $(seq "$pairs"); do
      theirs+=("$(clock peer "$meeting")")
      mine+=("$(clock ours "$meeting")")
    done
    a=$(median "${mine[@]}") b=$(median "${theirs[@]}")
    python3 -c "print(f'$(basename "$meeting"): greffe-ingest $a s, janus-pp-rec $b s, ratio {$a / $b:.2f}')"
  done
}

export -f peer ours sha
export build
spent() { # COMMAND…: "wall cpu KiB"; the processors' time and the memory are those of the largest of its programs
  python3 - "$@" <<'PY'
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(["bash", "-c", '"$@"', "-", *sys.argv[1:]], check=True)
wall, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{wall:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss}")
PY
}
warm() { # MEGABYTES
  head -c "${1}000000" /dev/zero >zeros
  rm zeros
}
column() { local at=$1; shift; printf '%s\n' "$@" | cut -d ' ' -f "$at"; }
row() { # NAME SPENT…
  local name=$1
  shift
  # shellcheck disable=SC2046
  printf '  %-14s %6s s wall, %6s s of processors, %7s KiB\n' "$name" "$(median $(column 1 "$@"))" \
    "$(median $(column 2 "$@"))" "$(median $(column 3 "$@"))"
}
large() {
  rm -rf "$large" && mkdir -p "$large/video" "$large/audio" "$large/both" && cd "$large"
  local kind written theirs mine hash
  for kind in video audio; do
    python3 "$here/../support/repeat_mjr.py" "$(ls "$council"/*-101-*-$kind-*.mjr)" "$kind/$kind.mjr" "$size"
    ln "$kind/$kind.mjr" both
  done
  for kind in video audio both; do
    written=$((2 * size))
    [ "$kind" = both ] && written=$((4 * size))
    theirs=() mine=() hash=()
    for _ in $(seq "$pairs"); do
      warm "$written"
      theirs+=("$(spent peer "$kind")")
      rm -rf peer
      warm "$written"
      mine+=("$(spent ours "$kind")")
      rm -rf archive-ingest
      hash+=("$(spent sha "$kind")")
    done
    echo "$kind, $size MB:"
    row greffe-ingest "${mine[@]}"
    row janus-pp-rec "${theirs[@]}"
    row SHA-256 "${hash[@]}"
    # shellcheck disable=SC2046
    python3 -c "
def of(text): return [float(word) for word in text.split()]
mine, theirs, sha = of('$(median $(column 1 "${mine[@]}")) $(median $(column 2 "${mine[@]}"))'), of('$(median $(column 1 "${theirs[@]}")) $(median $(column 2 "${theirs[@]}"))'), of('$(median $(column 1 "${hash[@]}")) $(median $(column 2 "${hash[@]}"))')
for name, at in (('wall', 0), ('processors', 1)):
    print(f'  by {name}: {theirs[at] / mine[at]:.2f} times the speed of janus-pp-rec, {sha[at] / mine[at]:.2f} times that of SHA-256')"
  done
  cd / && rm -rf "$large"
}

[ "$pairs" -gt 0 ] && [ "$people" -gt 0 ] && small
[ "$size" -gt 0 ] && large
