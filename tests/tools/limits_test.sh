#!/bin/bash
# What machines refuse and folders hold by accident: memory, open files, names, copies, damaged locks, odd codecs.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work" || exit 1
council=$GREFFE_SOURCE/tests/data/council_short
audio=$(find "$council" -name '*audio*.mjr' | sort | head -1)
# Every meeting that can be seen is what its manifest says.
all_whole() {
  local manifest
  for manifest in "$1"/meetings/*/*/*/*/manifest-sha256.txt; do
    [ ! -f "$manifest" ] || (cd "${manifest%/*}" && sha256sum --quiet -c manifest-sha256.txt) || return 1
  done
}
# meeting TRACKS: a description of one participant with these tracks.
meeting() { printf '{"title":"T","participants":[{"id":"a","name":"A","tracks":[%s]}]}' "$1" >meeting.json; }
greffe-catalog init archive >/dev/null 2>&1 || greffe-catalog init --archive archive >/dev/null

# R105: as few open files as a shell may leave.
few_files() { (ulimit -n "$1" && shift && exec "$@"); }
for files in 4 5 6 7; do
  few_files $files greffe-ingest --archive archive "$council" >"$work/out" 2>"$work/err"
  code=$?
  [ $code -eq 0 ] && break
  holds "R105: exit $code with $files open files" test $code -eq 1 -o $code -eq 127
  holds "R105: want of open files is told" test -s "$work/err"
  holds "R105: nothing half-made is left" all_whole archive
done
# R105: a name as long as a name may be.
long=$(printf 'n%.0s' $(seq 251)).mjr
cp "$audio" "$long"
meeting "{\"file\":\"$long\",\"role\":\"microphone\"}"
expect 0 greffe-ingest --archive archive meeting.json
long_id=$out
holds "R105: a dump with a name of 255 bytes is kept" test "$(find archive/meetings -name 'nnn*.mjr' | wc -l)" = 1

# R109: what a lock file holds is for people.
for lock in archive/locks/*; do [ ! -f "$lock" ] || head -c 300 /dev/urandom >"$lock"; done
expect 0 greffe-ingest --archive archive meeting.json
holds "R109: a damaged lock file locks nobody out" test "$out" = "$long_id"
for lock in archive/locks/*; do [ ! -f "$lock" ] || : >"$lock"; done
expect 0 greffe-ingest --archive archive meeting.json

# R107: the same bytes under three names are one dump and one track; the other names are told.
mkdir copies
cp "$audio" copies/a.mjr
cp "$audio" copies/b.mjr
ln copies/a.mjr copies/c.mjr
cat >copies/meeting.json <<'JSON'
{"title":"Copies","participants":[
  {"id":"a","name":"A","tracks":[{"file":"a.mjr","role":"microphone"}]},
  {"id":"b","name":"B","tracks":[{"file":"b.mjr","role":"microphone"},{"file":"c.mjr","role":"room"}]}]}
JSON
expect 3 greffe-ingest --archive other --create copies/meeting.json
folder=$(find other/meetings -type d -name "$out")
holds "R107: the bytes are kept once" test "$(find "$folder/dumps" -type f | wc -l)" = 1
holds "R107: and heard once" test "$(find "$folder/tracks" -name '*.mkv' | wc -l)" = 1
holds "R107: every reference is told" has "$err" "b.mjr: same-media: the microphone of b is the same media as a.mjr, the microphone of a"
holds "R107: in every role" has "$err" "c.mjr: same-media: the room of b is the same media as a.mjr"

# R48: one codec that greffe does not know among good ones.
python3 - odd.mjr <<'PY'
import struct, sys
header = b'{"t":"v","c":"h263","s":1795175705354183,"u":1795175705394413}'
with open(sys.argv[1], "wb") as file:
    file.write(b"MJR00002" + struct.pack(">H", len(header)) + header)
    for number in range(50):
        packet = struct.pack(">BBHII", 0x80, 34, number, number * 3000, 7) + bytes(80)
        file.write(b"MEET" + struct.pack(">IH", number * 33, len(packet)) + packet)
PY
cp "$audio" good.mjr
meeting '{"file":"odd.mjr","role":"camera"},{"file":"good.mjr","role":"microphone"}'
expect 3 greffe-ingest --archive odd --create meeting.json
folder=$(find odd/meetings -type d -name "$out")
holds "R48: the codec is named" has "$err" "h263"
holds "R48: its dump is kept" cmp -s odd.mjr "$folder/dumps/odd.mjr"
holds "R48: the others go on" test -f "$folder/tracks/a-microphone-1.mkv"
meeting '{"file":"odd.mjr","role":"camera"}'
expect 1 greffe-ingest --archive odd meeting.json
holds "R48: alone it is no meeting" has "$err" "h263"

# R101: memory runs out. A sanitizer reserves terabytes and cannot be run so.
if [ -z "${GREFFE_SANITIZE:-}" ]; then
  little_memory() { (ulimit -v "$1" && shift && exec "$@"); }
  whole=0
  for kib in $(seq 180000 5000 280000) 500000; do
    # Less than it takes to load the libraries says nothing of greffe.
    little_memory "$kib" greffe-ingest --version >/dev/null 2>&1 || continue
    rm -rf small
    little_memory "$kib" greffe-ingest --archive small --create "$council" >"$work/out" 2>"$work/err"
    code=$?
    case $code in
      0 | 3) whole=$((whole + 1)) ;;
      1) holds "R101: $kib KiB are told" test -s "$work/err" ;;
      *) echo "FAIL: R101: exit $code with $kib KiB"; failed=1 ;;
    esac
    # Whatever came of it: no meeting without its manifest.
    holds "R101: what is there is whole" all_whole small
  done
  holds "R101: enough is enough" test "$whole" -ge 1
fi
exit $failed
