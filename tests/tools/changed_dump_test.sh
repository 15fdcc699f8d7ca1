#!/bin/bash
# R76: a recording that grows, or changes, after it was read and before its track is written. What grew is kept as it was
# when it was read, and so is its track, made again of the copy; what changed is not taken.
set -eu
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin="$GREFFE_BUILD/bin"
samples=$(samples_with council) || exit 77
[ -x "$bin/greffe-ingest" ] && command -v ffprobe >/dev/null || exit 77
cd "$work"
cp "$samples"/council/*-user-102-*-audio-0.mjr bob.mjr
"$GREFFE_SOURCE/tests/support/repeat_mjr.py" "$(ls "$samples"/council/*-user-101-*-video-1.mjr)" ann.mjr 60
printf '{"title": "t", "participants": [{"id": "ann", "tracks": [{"file": "ann.mjr", "role": "camera"}]}, {"id": "bob",
  "tracks": [{"file": "bob.mjr", "role": "microphone"}]}]}' >meeting.json

# disturbed NAME CHANGE EXIT: while the first track is being written, CHANGE is done to the recording of the second.
disturbed() {
  cp bob.mjr before.mjr
  code=0
  /usr/bin/python3 - "$2" "$bin/greffe-ingest" -q --archive "$1" --create --jobs 1 meeting.json >out 2>err <<'PY' || code=$?
import glob, os, signal, struct, subprocess, sys, time
change, archive = sys.argv[1], sys.argv[sys.argv.index("--archive") + 1]
ingest = subprocess.Popen(sys.argv[2:])
while ingest.poll() is None and not glob.glob(f"{archive}/**/tracks/ann-camera-1.mkv", recursive=True):
    time.sleep(0.002)
ingest.send_signal(signal.SIGSTOP)
assert ingest.poll() is None and not glob.glob(f"{archive}/**/tracks/bob-*", recursive=True), "too late for this test"
with open("bob.mjr", "r+b") as file:
    data = file.read()
    if change == "grow":
        at = 10 + struct.unpack_from(">H", data, 8)[0]
        while True:  # the last record again, with the next numbers
            length = 10 + struct.unpack_from(">H", data, at + 8)[0]
            if at + length == len(data):
                break
            at += length
        last = data[at:]
        number, ticks = struct.unpack_from(">HI", last, 12)
        for i in range(1, 51):
            ms = struct.unpack_from(">I", last, 4)[0] + 20 * i
            file.write(last[:4] + struct.pack(">I", ms) + last[8:12] + struct.pack(">HI", (number + i) & 0xffff, (ticks + 960 * i) & 0xffffffff)
                       + last[18:])
    elif change == "overwrite":
        file.seek(len(data) // 2)
        file.write(bytes(octet ^ 0xff for octet in data[len(data) // 2:len(data) // 2 + 1000]))
ingest.send_signal(signal.SIGCONT)
sys.exit(ingest.wait())
PY
  [ "$code" = "$3" ] || { cat err >&2; fail "$1: exit $code instead of $3"; }
}
frames() { ffprobe -v error -show_packets -show_entries packet=pts,size,data_hash -show_data_hash sha256 -of csv=p=0 "$1"/meetings/*/*/*/*/tracks/bob-microphone-1.mkv; }

disturbed rest nothing 0
disturbed grown grow 3
holds "that it grew is told" grep -q source-changed "$(ls grown/meetings/*/*/*/*/reports/damage.json)"
holds "as its schema says" /usr/bin/python3 -W ignore -m jsonschema -i grown/meetings/*/*/*/*/reports/damage.json "$GREFFE_SOURCE/schemas/damage.schema.json"
holds "the copy is what was read" cmp before.mjr "$(ls grown/meetings/*/*/*/*/dumps/bob.mjr)"
frames rest >wanted
frames grown >made
holds "the track is that of the copy" cmp wanted made
holds "the recording did grow" test "$(stat -c %s bob.mjr)" -gt "$(stat -c %s before.mjr)"
(cd grown/meetings/*/*/*/*/ && sha256sum --quiet --strict -c manifest-sha256.txt) || fail "the manifest does not hold"
# At rest it is another recording, so another meeting.
expect 0 "$bin/greffe-ingest" -q --archive grown meeting.json
holds "now with all of it" test "$(ls -d grown/meetings/*/*/*/* | wc -l)" = 2

cp before.mjr bob.mjr
disturbed changed overwrite 1
holds "that it changed is told" grep -q "changed while it was ingested" err
holds "nothing is left of it" test -z "$(find changed/meetings -name '*.mkv' -o -name '*.mjr')"
exit $failed
