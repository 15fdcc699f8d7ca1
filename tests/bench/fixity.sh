#!/bin/bash
# greffe-verify files against `openssl dgst -sha256` over the same files, on one core and with --jobs 2.
#
# usage: tests/bench/fixity.sh [BUILD]      (default build/release)
# MEETINGS=8 SIZE_MB=128 PAIRS=5 WORK=/dev/shm/greffe-fixity
#
# An archive of MEETINGS meetings with one recording of SIZE_MB each, in memory (WORK is on a tmpfs with room for it):
# the disk is the same for both. Medians of the wall time; the runs of both alternate. The goal: 0.85 of the speed of
# openssl, and faster with two jobs where two cores are free.
#
# Needs openssl, python3.
set -eu
build=$(realpath "${1:-build/release}")
here=$(dirname "$(realpath "$0")")
. "$here/measure.sh"
meetings=${MEETINGS:-8} size=${SIZE_MB:-128} pairs=${PAIRS:-5} work=${WORK:-/dev/shm/greffe-fixity}
trap 'rm -rf "$work"' EXIT
rm -rf "$work" && mkdir -p "$work" && cd "$work"

# Folders as ingest leaves them, as far as fixity is concerned.
"$build/bin/greffe-catalog" -q init --archive archive >/dev/null 2>&1
for number in $(seq "$meetings"); do
  folder=archive/meetings/2026/11/20/$(printf '20261120-080000Z-%010x' "$number")
  mkdir -p "$folder/dumps"
  head -c "${size}000000" /dev/urandom >"$folder/dumps/a.mjr"
  (cd "$folder" && sha256sum dumps/a.mjr >manifest-sha256.txt)
done
mapfile -t files < <(find archive/meetings -type f)
one() { taskset -c 0 "$build/bin/greffe-verify" files --archive archive >/dev/null; }
two() { "$build/bin/greffe-verify" files --archive archive --jobs 2 >/dev/null; }
sha() { taskset -c 0 openssl dgst -sha256 "${files[@]}" >/dev/null; }
sha_two() { printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P 2 openssl dgst -sha256 >/dev/null; }
mine=() pair=() theirs=() their_pair=()
for _ in $(seq "$pairs"); do
  theirs+=("$(clock sha)")
  mine+=("$(clock one)")
  their_pair+=("$(clock sha_two)")
  pair+=("$(clock two)")
done
python3 - "$(median "${theirs[@]}")" "$(median "${mine[@]}")" "$(median "${their_pair[@]}")" "$(median "${pair[@]}")" \
  "$((meetings * size))" <<'PY'
import sys
theirs, mine, their_pair, pair, megabytes = (float(word) for word in sys.argv[1:])
print(f"one core: openssl {megabytes / theirs:.0f} MB/s, greffe-verify {megabytes / mine:.0f} MB/s, ratio {theirs / mine:.2f}")
print(f"two jobs: openssl {megabytes / their_pair:.0f} MB/s, greffe-verify {megabytes / pair:.0f} MB/s, ratio {their_pair / pair:.2f}")
print(f"two jobs against one: {mine / pair:.2f}")
PY
