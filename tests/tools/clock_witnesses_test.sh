#!/bin/bash
# Recordings whose packets carry abs-capture-time and abs-send-time, drift, or whose recorder's clock was set: what
# reports/clocks.json and greffe-probe say of them, and that the media lies where it was captured.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
ingest=$GREFFE_BUILD/bin/greffe-ingest
probe=$GREFFE_BUILD/bin/greffe-probe
python3 -c 'import jsonschema' 2>/dev/null || exit 77

# recording FILE KEY=VALUE…: 60 s of Opus, 20 ms a packet. wait: ms from capture to the recorder; jitter: ms of it that
# vary; ppm: the media clock's drift; hour: seconds by which the capturer's NTP clock is off; alien: RTP time of stamps
# is this many seconds off; step: ms by which the recorder's clock is set at 20 s; stamps: which there are.
recording() {
  python3 - "$@" <<'PY'
import json, random, struct, sys
name = sys.argv[1]
o = dict(wait="40", jitter="0", ppm="0", hour="0", alien="0", step="0", stamps="capture send")
o.update(word.split("=", 1) for word in sys.argv[2:])
n = {key: float(value) for key, value in o.items() if key != "stamps"}
dice = random.Random(7)
start = 1795175705
header = {"t": "a", "c": "opus", "s": start * 1000000, "u": start * 1000000, "x": {
    "3": "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "5": "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"}}
header = json.dumps(header).encode()
out = b"MJR00002" + struct.pack(">H", len(header)) + header
for i in range(3000):
    captured = i * 0.02 / (1 + n["ppm"] * 1e-6)
    sent = captured + 0.02
    arrival = captured + n["wait"] / 1000 + dice.random() * n["jitter"] / 1000
    if captured >= 20:
        arrival += n["step"] / 1000
    stamps = b""
    if "capture" in o["stamps"] and i % 50 == 0:
        ntp = start + 2208988800 + n["hour"] + captured + n["alien"]
        stamps += bytes([0x57]) + struct.pack(">II", int(ntp), int(ntp % 1 * 2**32))
    if "send" in o["stamps"]:
        stamps += bytes([0x32]) + struct.pack(">I", int(sent * 2**18) & 0xFFFFFF)[1:]
    stamps += b"\0" * (-len(stamps) % 4)
    packet = struct.pack(">BBHII", 0x90 if stamps else 0x80, 111, i + 1, i * 960, 0x11223344)
    if stamps:
        packet += struct.pack(">HH", 0xBEDE, len(stamps) // 4) + stamps
    packet += b"\x78" + bytes([i % 251]) * 40
    out += b"MEET" + struct.pack(">IH", round(arrival * 1000), len(packet)) + packet
open(name, "wb").write(out)
PY
}
# meeting NAME PARTICIPANT FILE ROLE…: a description of files in $work/NAME.
meeting() {
  python3 - "$work/$1/meeting.json" "${@:2}" <<'PY'
import json, sys
words = iter(sys.argv[2:])
people = {}
for who in words:
    people.setdefault(who, []).append({"file": next(words), "role": next(words)})
json.dump({"title": "Clocks", "participants": [{"id": who, "name": who, "tracks": tracks}
                                               for who, tracks in people.items()]}, open(sys.argv[1], "w"))
PY
}
# clocks PYTHON: true of `clocks`, the list of the report of the meeting $out, and `start`, each track's first ns.
clocks() {
  local folder
  folder=$(echo "$work"/archive/meetings/*/*/*/"$out")
  python3 -W ignore -m jsonschema -i "$folder/reports/clocks.json" "$GREFFE_SOURCE/schemas/clocks.schema.json" &&
  python3 - "$folder" "$1" <<'PY'
import glob, json, sys
clocks = json.load(open(sys.argv[1] + "/reports/clocks.json"))["clocks"]
start = [json.load(open(f"{sys.argv[1]}/tracks/{c['track']}.track.json"))["start_ns"] for c in clocks]
used = [c["witness"] for c in clocks]
kinds = [[one["kind"] for one in c["contradictions"]] for c in clocks]
sys.exit(0 if eval(sys.argv[2]) else repr((clocks, start)))
PY
}

# Two tracks of one person over unequal ways: what was captured together lies together.
mkdir "$work/capture"
recording "$work/capture/a.mjr" ppm=120 jitter=30
recording "$work/capture/b.mjr" wait=170 jitter=5
meeting capture ada a.mjr microphone ada b.mjr screen-audio
expect 0 "$ingest" --archive "$work/archive" --create "$work/capture"
holds "capture times place both" clocks 'used == ["abs-capture-time"] * 2 and abs(start[0] - start[1]) < 1000000'
holds "their drift is told" clocks 'abs(clocks[0]["drift_ppm"] - 120) < 40 and clocks[1]["drift_ppm"] == 0'
holds "every witness is listed" clocks '[w["witness"] for w in clocks[0]["witnesses"]] == ["abs-capture-time", "abs-send-time", "arrival"]'
holds "jitter is the network's" clocks 'clocks[0]["network_jitter_ms"] > 5 and clocks[0]["capture_jitter_ms"] < 0.1'
expect 0 "$probe" "$work/capture/a.mjr"
holds "probe names the witness in its table" has "$out" "abs-capture-time"
holds "and what it is used for" has "$out" "used for place and drift"
holds "and tells the jitters apart" has "$out" "jitter of capture 0.0 ms, of the network"
expect 0 "$probe" --json "$work/capture/a.mjr"
printf '%s' "$out" >"$work/probe.json"
holds "its JSON is as its schema says" python3 -W ignore -m jsonschema -i "$work/probe.json" "$GREFFE_SOURCE/schemas/probe.schema.json"

# R9: a clock an hour off serves as well, and its offset is told.
mkdir "$work/hour"
recording "$work/hour/a.mjr" hour=3600 wait=41
meeting hour ada a.mjr microphone
expect 0 "$ingest" --archive "$work/archive" "$work/hour"
holds "R9: an hour off serves" clocks 'used == ["abs-capture-time"] and abs(clocks[0]["witnesses"][0]["offset_ms"] - 3600000) < 100'

# R8: without capture times the send times show the drift that the network hides.
mkdir "$work/send"
recording "$work/send/a.mjr" ppm=200 jitter=90 stamps=send
meeting send ada a.mjr microphone
expect 0 "$ingest" --archive "$work/archive" "$work/send"
holds "R8: send times give the drift" clocks 'used == ["arrival"] and 120 < clocks[0]["drift_ppm"] < 220 and clocks[0]["witnesses"][0]["used_for"] == "drift"'

# R60: the recorder's clock is set while two people speak; what they say goes on without a gap.
mkdir "$work/step"
recording "$work/step/a.mjr" stamps= step=7000
recording "$work/step/b.mjr" stamps= step=7000 wait=60
meeting step ada a.mjr microphone bob b.mjr microphone
expect 3 "$ingest" --archive "$work/archive" "$work/step"
holds "R60: the step is told" has "$err" "the recorder's clock steps ahead by 7.000 s"
holds "and in the report" clocks 'kinds == [["recorder-clock-step"]] * 2'
folder=$(echo "$work"/archive/meetings/*/*/*/"$out")
holds "and moves no media" python3 -c '
import json, sys
missing = json.load(open(sys.argv[1]))
sys.exit(any(t["stall_ms"] or t["silence_ms"] or t["end_ms"] - t["start_ms"] > 60050 for t in missing["tracks"]))' "$folder/reports/missing.json"

# R3: the same of one person alone is a capture that stalled.
mkdir "$work/stall"
recording "$work/stall/a.mjr" stamps= step=7000 wait=45
recording "$work/stall/b.mjr" stamps= wait=65
meeting stall ada a.mjr microphone bob b.mjr microphone
expect 0 "$ingest" --archive "$work/archive" "$work/stall"
holds "R3: one track's stall is its own" clocks 'kinds == [["capture-stall"], []]'
exit $failed
