#!/bin/bash
# Packets lost and repaired, end to end: a clean recording of the samples as a capture from which packets are taken, with
# retransmissions (R19) or error correction (R21) beside it (tests/support/protect_packets.py). The track equals the
# one of the clean recording, frame by frame; without what repairs, the same packets count as lost.
# Simulcast of a sample: every layer a track, one tile (R47, R49), and the film shows the right pictures.
set -eu
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin="$GREFFE_BUILD/bin"
samples=$(samples_with codecs) || exit 77
[ -x "$bin/greffe-ingest" ] && command -v ffprobe >/dev/null || exit 77
clean=$(ls "$samples"/council/*-user-101-*-video-1.mjr)
cd "$work"

ingest() { # NAME FILE EXIT: the one camera of FILE
  mkdir "$1"
  printf '{"title": "t", "participants": [{"id": "ann", "tracks": [{"file": "%s", "role": "camera"}]}]}' "$2" >"$1/meeting.json"
  code=0; "$bin/greffe-ingest" -q --archive "$1/archive" --create "$1/meeting.json" >/dev/null 2>"$1/err" || code=$?
  [ "$code" = "$3" ] || { cat "$1/err" >&2; fail "$1: exit $code instead of $3"; }
}
frames() { # NAME: hashes of its frames
  ffprobe -v error -show_packets -show_data_hash sha256 -show_entries packet=data_hash -of csv=p=0 \
    "$1"/archive/meetings/*/*/*/*/tracks/ann-camera-1.mkv
}
count() { # NAME FIELD
  sed -n 's/^ *"'"$2"'": \([0-9]*\),*$/\1/p' "$1"/archive/meetings/*/*/*/*/tracks/ann-camera-1.track.json | head -n 1
}

ingest clean "$clean" 0
frames clean >wanted
for how in rtx ulpfec flexfec flexfec-mask flexfec-row flexfec-copy; do
  lost=$("$GREFFE_SOURCE/tests/support/protect_packets.py" $how "$clean" $how.pcap)
  ingest $how "$work/$how.pcap" 0
  frames $how | cmp - wanted || fail "$how: the repaired track differs from the clean one"
  [ "$(count $how recovered)" = "$lost" ] || fail "$how: $(count $how recovered) recovered instead of $lost"
  [ "$(count $how lost)" = 0 ] || fail "$how: $(count $how lost) lost"
  [ "$(count $how repair_packets)" -ge "$lost" ] || fail "$how: repair packets are not counted"
  # What said so is kept, and named.
  folder=$(echo $how/archive/meetings/*/*/*/*)
  cmp $how.sdp "$folder/dumps/$how.sdp" || fail "$how: its session description is not kept"
  grep -q "dumps/$how.sdp" "$folder/meeting.json" || fail "$how: meeting.json does not name the session description"
  (cd "$folder" && sha256sum --quiet --strict -c manifest-sha256.txt) || fail "$how: manifest does not hold"
  before=$(find $how/archive/meetings -type f | sort)
  "$bin/greffe-ingest" -q --archive $how/archive $how/meeting.json >/dev/null || fail "$how: the same again is not taken"
  [ "$before" = "$(find $how/archive/meetings -type f | sort)" ] || fail "$how: a second ingest did something"
  # What repairs is found by its looks as well.
  cp $how.pcap bare-$how.pcap
  ingest bare-$how "$work/bare-$how.pcap" 0
  frames bare-$how | cmp - wanted || fail "$how without SDP: the repaired track differs from the clean one"
  "$GREFFE_SOURCE/tests/support/protect_packets.py" $how "$clean" un$how.pcap --drop-repairs >/dev/null
  ingest un$how "$work/un$how.pcap" 3
  [ "$(count un$how lost)" = "$lost" ] || fail "$how unrepaired: $(count un$how lost) lost instead of $lost"
done

# What repairs came by a port of its own, and is described there (RFC 4588, 5.3) or by nobody.
for how in rtx flexfec flexfec-row; do
  lost=$("$GREFFE_SOURCE/tests/support/protect_packets.py" $how "$clean" port-$how.pcap --own-port)
  cp port-$how.pcap bareport-$how.pcap
  for name in port-$how bareport-$how; do
    ingest $name "$work/$name.pcap" 0
    frames $name | cmp - wanted || fail "$name: the repaired track differs from the clean one"
    [ "$(count $name recovered)" = "$lost" ] || fail "$name: $(count $name recovered) recovered instead of $lost"
    [ "$(count $name lost)" = 0 ] || fail "$name: $(count $name lost) lost"
  done
done

# Recorded apart, a dump for each port.
for how in rtx flexfec; do
  /usr/bin/python3 - port-$how.pcap media-$how.rtpdump 5004 repair-$how.rtpdump 5006 <<'EOF'
import struct, sys
data = open(sys.argv[1], "rb").read()
for name, port in zip(sys.argv[2::2], sys.argv[3::2]):
    with open(name, "wb") as file:
        file.write(b"#!rtpplay1.0 10.0.0.1/5000\n" + struct.pack(">IIIHH", 1795175924, 0, 0x0a000001, 5000, 0))
        at = 24
        while at < len(data):
            s, us, kept, _ = struct.unpack_from("<IIII", data, at)
            packet = data[at + 16 + 28:at + 16 + kept]  # IPv4 without options, UDP
            if struct.unpack_from(">H", data, at + 16 + 22)[0] == int(port):
                file.write(struct.pack(">HHI", len(packet) + 8, len(packet), (s - 1795175924) * 1000 + us // 1000) + packet)
            at += 16 + kept
EOF
  mkdir apart-$how
  cat >apart-$how/meeting.json <<EOF
{"title": "t", "participants": [{"id": "ann", "tracks": [{"file": "$work/repair-$how.rtpdump", "role": "camera"},
  {"file": "$work/media-$how.rtpdump", "role": "camera", "codec": "vp8"}]}]}
EOF
  "$bin/greffe-ingest" -q --archive apart-$how/archive --create apart-$how/meeting.json >/dev/null || fail "$how apart: exit $?"
  frames apart-$how | cmp - wanted || fail "$how apart: the repaired track differs from the clean one"
  [ "$(count apart-$how recovered)" = "$lost" ] || fail "$how apart: $(count apart-$how recovered) recovered instead of $lost"
  cmp repair-$how.rtpdump apart-$how/archive/meetings/*/*/*/*/dumps/repair-$how.rtpdump || fail "$how apart: the dump is not kept"
done

# Simulcast: three layers, one tile.
cat >layers.json <<EOF
{"title": "layers", "participants": [{"id": "sven", "name": "Sven", "tracks": [
  {"file": "$samples/codecs/wire-sven.pcap", "role": "camera",
   "extmap": {"10": "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"}}]}]}
EOF
id=$("$bin/greffe-ingest" -q --archive layers --create layers.json)
tracks=$(echo layers/meetings/*/*/*/"$id"/tracks)
[ "$(ls "$tracks"/*.mkv | wc -l)" = 3 ] || fail "not every layer is kept"
for layer in h m l; do grep -lq "\"layer\": \"$layer\"" "$tracks"/*.json || fail "no layer $layer"; done
[ "$(grep -l '"alternative_of": "sven-camera-1"' "$tracks"/*.json | wc -l)" = 2 ] || fail "layers are not told as such"
for size in 160x90:3 320x180:2 640x360:1 1280x720:1; do
  "$bin/greffe-plan" -q --archive layers --size "${size%:*}" "$id" >plan.json
  [ "$(grep -c '"kind": "camera"' plan.json)" = 1 ] || fail "more than one tile for one camera"
  grep -q "\"track\": \"sven-camera-${size#*:}\"" plan.json || fail "${size%:*} shows another layer"
done

# The same layers side by side in one rtpdump, which has no flows to tell them apart: never interleaved (R49).
/usr/bin/python3 - "$samples/codecs/forward.pcapng" layers.rtpdump <<'EOF'
import struct, sys
data = open(sys.argv[1], "rb").read()
at, first, records = 0, None, []
while at < len(data):
    kind, length = struct.unpack_from("<II", data, at)
    if kind == 6:
        high, low, kept = struct.unpack_from("<III", data, at + 12)
        packet = data[at + 28 + 14 + 28:at + 28 + kept]  # Ethernet, IPv4 without options, UDP
        if len(packet) > 12 and packet[0] >> 6 == 2 and packet[1] & 0x7f == 96:
            stamp = (high << 32 | low) // 1000000  # of nanoseconds
            first = stamp if first is None else first
            records.append((stamp - first, packet))
    at += length
with open(sys.argv[2], "wb") as file:
    file.write(b"#!rtpplay1.0 127.0.0.1/5000\n" + struct.pack(">IIIHH", 1795175794, 0, 0x7f000001, 5000, 0))
    for offset, packet in records:
        file.write(struct.pack(">HHI", len(packet) + 8, len(packet), offset) + packet)
EOF
cat >dump.json <<EOF
{"title": "dump", "participants": [{"id": "sven", "tracks": [{"file": "layers.rtpdump", "role": "camera", "codec": "vp8"}]}]}
EOF
id=$("$bin/greffe-ingest" -q --archive dump --create dump.json) || fail "an rtpdump of three layers is not read cleanly"
tracks=$(echo dump/meetings/*/*/*/"$id"/tracks)
[ "$(ls "$tracks"/*.mkv | wc -l)" = 3 ] || fail "not every layer of the rtpdump is a track"
[ "$(grep -l '"alternative_of": "sven-camera-1"' "$tracks"/*.json | wc -l)" = 2 ] || fail "layers of the rtpdump are not known"

