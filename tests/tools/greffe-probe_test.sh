#!/bin/bash
# greffe-probe as a user runs it: a small Janus recording whole, cut, with a hole, and what is no dump.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
probe=$GREFFE_BUILD/bin/greffe-probe

# recording FILE NUMBER…: Opus packets of 20 ms with these sequence numbers.
recording() {
  python3 - "$@" <<'PY'
import struct, sys
header = b'{"t":"a","c":"opus","s":1795175705354183,"u":1795175705394413}'
with open(sys.argv[1], "wb") as file:
    file.write(b"MJR00002" + struct.pack(">H", len(header)) + header)
    for number in map(int, sys.argv[2:]):
        packet = struct.pack(">BBHII", 0x80, 111, number, number * 960, 0x11223344) + b"\x78" + bytes([number]) * 40
        file.write(b"MEET" + struct.pack(">IH", number * 20, len(packet)) + packet)
PY
}
recording "$work/whole.mjr" $(seq 1 100)
recording "$work/hole.mjr" $(seq 1 40) $(seq 43 100)
head -c 3000 "$work/whole.mjr" >"$work/cut.mjr"
printf 'MJR00002' >"$work/header.mjr"
echo "a letter" >"$work/letter.txt"
: >"$work/empty.mjr"

expect 0 "$probe" "$work/whole.mjr"
holds "the table names codec and packets" has "$out" "opus"
holds "the UTC time of the first packet is told" has "$out" "2026-11-20T11:55:05.414Z"
expect 0 "$probe" --json "$work/whole.mjr"
holds "the JSON says its schema" has "$out" '"schema": "greffe.probe/1"'
holds "and counts the packets" has "$out" '"packets": 100'
expect 3 "$probe" --json "$work/hole.mjr"
holds "a hole is counted" has "$out" '"lost": 2'
expect 3 "$probe" "$work/cut.mjr"
holds "a cut end is told" has "$err" "the file ends inside a record"
expect 3 "$probe" "$work/header.mjr"
holds "a recording without media is told" has "$out" "no media"
expect 1 "$probe" "$work/letter.txt"
holds "what is no dump is told with its first bytes" has "$err" 'not a dump greffe knows: it begins with 61 20 6c'
expect 1 "$probe" "$work/empty.mjr"
expect 1 "$probe" "$work/none.mjr"
expect 1 "$probe" "$work"
expect 3 "$probe" "$work/letter.txt" "$work/whole.mjr"
expect 2 "$probe"
expect 2 "$probe" --extmap nonsense "$work/whole.mjr"
expect 0 "$probe" --extmap 1=urn:ietf:params:rtp-hdrext:ssrc-audio-level "$work/whole.mjr"

# What of a meeting is missing: 2 packets of 100, 40 ms of sound.
mkdir "$work/meeting"
recording "$work/meeting/a.mjr" $(seq 1 40) $(seq 43 100)
cat >"$work/meeting/meeting.json" <<'JSON'
{"title": "Hole", "participants": [{"id": "a", "name": "A", "tracks": [{"file": "a.mjr", "role": "microphone"}]}]}
JSON
expect 3 "$probe" --missing "$work/meeting/meeting.json"
holds "the share of lost packets is told" has "$out" "2.00"
holds "and the sound made up for them" has "$out" "0.04 s"
expect 3 "$probe" --missing --json "$work/meeting/meeting.json"
printf '%s' "$out" >"$work/missing.json"
holds "as JSON that is as its schema says" python3 -W ignore -m jsonschema -i "$work/missing.json" "$GREFFE_SOURCE/schemas/missing.schema.json"
holds "and names it" has "$out" '"schema":"greffe.missing/1"'
holds "the loss has its place" has "$out" '{"kind":"loss","start_ms":753,"end_ms":813,"packets":2}'
holds "and what it costs" has "$out" '"kind":"concealment"'
expect 3 "$probe" --missing "$work/hole.mjr"
holds "one dump is a meeting too" has "$out" "2.00"
expect 0 "$probe" --missing --max-loss 2 --max-concealment 40ms --png "$work/strip.png" "$work/meeting/meeting.json"
holds "it is drawn" has "$(head -c 4 "$work/strip.png" | tail -c 3)" PNG
expect 4 "$probe" --missing --max-loss 1.9 "$work/meeting/meeting.json"
holds "the limit is named" has "$err" "loss 2.00 % is above 1.90 %"
expect 4 "$probe" --missing --max-concealment 39ms "$work/meeting/meeting.json"
expect 2 "$probe" --missing --max-loss many "$work/meeting/meeting.json"
expect 2 "$probe" --max-loss 1 "$work/whole.mjr"
expect 1 "$probe" --missing "$work/none"
expect 0 "$probe" --version
expect 0 "$probe" --help
exit $failed
