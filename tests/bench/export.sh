#!/bin/bash
# greffe-export to a tar against `tar | sha512sum` over the same folder in one pipe, and its memory for one and for four
# times the bytes.
#
# usage: tests/bench/export.sh [BUILD]      (default build/release)
# SIZE_MB=1000 PAIRS=5 WORK=/dev/shm/greffe-export
#
# A meeting with recordings of SIZE_MB in all, in memory (WORK is on a tmpfs with room for ten times as much): the disk is
# the same for both. The pipe writes nothing; greffe-export writes the tar, holds every file against its manifest
# (SHA-256), computes two digests of each and one of the tar, and enters the register. Medians of the wall time; the runs
# alternate. The goal: 0.8 of the speed of the pipe. A copy on the disk for comparison: the same pipe through tee.
#
# Needs python3.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
. "$here/measure.sh"
size=${SIZE_MB:-1000} pairs=${PAIRS:-5} work=${WORK:-/dev/shm/greffe-export}
trap 'rm -rf "$work"' EXIT
rm -rf "$work" && mkdir -p "$work" && cd "$work"
export GREFFE_ARCHIVE=$work/archive

# A small meeting that grows.
meeting=$("$build/bin/greffe-ingest" -q --create "$here/../data/council_short/bruno-audio.mjr")
folder=$(echo archive/meetings/*/*/*/"$meeting")
grow() { # MB: recordings of 50 MB each, and a manifest that has them
  rm -f "$folder"/dumps/large-*
  for number in $(seq $(($1 / 50))); do head -c 50000000 /dev/urandom >"$folder/dumps/large-$number.mjr"; done
  (cd "$folder" && find . -type f ! -name manifest-sha256.txt -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >"$work/manifest")
  cp "$work/manifest" "$folder/manifest-sha256.txt"
}
mine() { rm -f out.tar && "$build/bin/greffe-export" -q "$meeting" -o out.tar >/dev/null; }
pipe() { tar -cf - "$folder" | sha512sum >/dev/null; }
copy() { tar -cf - "$folder" | tee copy.tar | sha512sum >/dev/null; rm -f copy.tar; }
peak() { python3 "$here/../support/peak_memory.py" "$@"; }

grow "$size"
mine_times=() pipe_times=() copy_times=()
for _ in $(seq "$pairs"); do
  pipe_times+=("$(clock pipe)")
  mine_times+=("$(clock mine)")
  copy_times+=("$(clock copy)")
done
"$build/bin/greffe-export" -q check out.tar >/dev/null
python3 - "$(median "${pipe_times[@]}")" "$(median "${mine_times[@]}")" "$(median "${copy_times[@]}")" "$size" <<'PY'
import sys
pipe, mine, copy, megabytes = (float(word) for word in sys.argv[1:])
print(f"tar | sha512sum {megabytes / pipe:.0f} MB/s, greffe-export {megabytes / mine:.0f} MB/s, ratio {pipe / mine:.2f}")
print(f"tar | tee | sha512sum {megabytes / copy:.0f} MB/s, ratio {copy / mine:.2f}")
PY
for times in 1 4; do
  grow $((size * times / 4))
  rm -f out.tar
  peak "$work/peak" "$build/bin/greffe-export" -q "$meeting" -o out.tar >/dev/null
  echo "$((size * times / 4)) MB: at most $(cat "$work/peak") KiB of memory"
done
