#!/bin/bash
# R22: what lies between the sentences of a G.711 track sounds in the film as its comfort noise says (RFC 3389).
set -u
bin=$GREFFE_BUILD/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work" || exit 1

# A Janus recording (version 2): a second of silence in µ-law, four of comfort noise at -40 dBov told anew every second,
# two more shaped and at -60 dBov, a second of silence. Of the second one, two packets are lost: the first sound after
# the noise, and one that told the noise anew.
/usr/bin/python3 - a.mjr lossy.mjr <<'PY'
import json, struct, sys
begun = 1_790_000_000_000_000
head = json.dumps({"t": "a", "c": "pcmu", "s": begun, "u": begun}).encode()
sound = [(ms, 0, b"\xff" * 160) for ms in (*range(0, 1000, 20), *range(7000, 8000, 20))]
noise = [(ms, 13, b"\x28") for ms in range(1000, 5000, 1000)] + [(ms, 13, b"\x3c\x40\x8c") for ms in (5000, 6000)]
for name, lost in zip(sys.argv[1:], ((), (3000, 7000))):
    with open(name, "wb") as file:
        file.write(b"MJR00002" + struct.pack(">H", len(head)) + head)
        for number, (ms, kind, payload) in enumerate(sorted(sound + noise)):
            if ms in lost: continue
            file.write(struct.pack(">4sIHBBHII", b"MEET", ms, 12 + len(payload), 0x80, kind, number, ms * 8, 7) + payload)
PY
printf '{"title": "t", "participants": [{"id": "a", "tracks": [{"file": "a.mjr", "role": "microphone"}]}]}' >meeting.json
expect 0 "$bin/greffe-ingest" -q --archive archive --create meeting.json
folder=$(echo archive/meetings/*/*/*/*)
holds "the sidecar is as its schema says" /usr/bin/python3 -W ignore -m jsonschema -i "$folder/tracks/a-microphone-1.track.json" "$GREFFE_SOURCE/schemas/track.schema.json"
holds "it has both kinds of noise" same "$(/usr/bin/python3 -c 'import json, sys; print([(n["level_dbov"], n.get("reflection")) for n in json.load(open(sys.argv[1]))["comfort_noise"]])' "$folder/tracks/a-microphone-1.track.json")" \
  "[(-40, None), (-60, [64, 140])]"
expect 0 "$bin/greffe-compose" -q --loudness off --size 320x180 --fps 5 --video vp8 -o film.webm "$folder"
level() { # FROM TO: of the film's sound in dB below full scale
  ffmpeg -v info -ss "$1" -to "$2" -i film.webm -vn -af volumedetect -f null - 2>&1 | sed -n 's/.*mean_volume: -\([0-9]*\)\..*/\1/p'
}
noise_levels() { # WHERE: the levels of both kinds of noise
  local from to wanted found
  for span in "1.5 4.5 40" "5.5 6.5 60"; do
    read -r from to wanted <<<"$span"
    found=$(level "$from" "$to")
    holds "R22: $1, $from to $to s: $found dB below full scale, not $wanted" [ "${found:-0}" -ge $((wanted - 2)) -a "${found:-0}" -le $((wanted + 2)) ]
  done
}
noise_levels "without loss"
holds "R22: before it is silent" [ "$(level 0.2 0.8)" -gt 80 ]

printf '{"title": "t", "participants": [{"id": "a", "tracks": [{"file": "lossy.mjr", "role": "microphone"}]}]}' >meeting.json
expect 3 "$bin/greffe-ingest" -q --archive lossy --create meeting.json
folder=$(echo lossy/meetings/*/*/*/*)
missing=$(/usr/bin/python3 -c 'import json, sys; track = json.load(open(sys.argv[1]))["tracks"][0]; print(track["packets_lost"], track["concealment_ms"], track["silence_ms"])' "$folder/reports/missing.json")
holds "R7: what is lost is as long as its packets: $missing" same "$missing" "2 40 0"
expect 0 "$bin/greffe-compose" -q --loudness off --size 320x180 --fps 5 --video vp8 -o film.webm "$folder"
noise_levels "beside loss"
exit $failed
