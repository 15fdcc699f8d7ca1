#!/bin/bash
# What a description says of its tracks and the dumps contradict: told, the dumps kept, the rest of the meeting goes on.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work" || exit 1
council=$GREFFE_SOURCE/tests/data/council_short
cp "$council/bruno-audio.mjr" "$council/bruno-video.mjr" .
# meeting TRACKS: a description of one participant with these tracks.
meeting() { printf '{"title":"T","participants":[{"id":"a","name":"A","tracks":[%s]}]}' "$1" >meeting.json; }
# ingest CODE: the meeting as it is described, in an archive of its own; its folder is in $folder.
ingest() {
  rm -rf archive
  expect "$1" greffe-ingest -q --archive archive --create meeting.json
  folder=$(find archive/meetings -type d -name "$out" 2>/dev/null)
}
tracks() { (cd "$folder/tracks" && echo *.mkv); }
kept() { (cd "$folder/dumps" && echo *); }
told() { python3 -c 'import json, sys; print(*(d["text"] for d in json.load(open(sys.argv[1]))["damage"] if d["condition"] == sys.argv[2]), sep="\n")' "$folder/reports/damage.json" "$1"; }

# A role of the other kind.
good='{"file":"bruno-audio.mjr","role":"microphone"},{"file":"bruno-video.mjr","role":"camera"}'
meeting "$good"
ingest 0
for role in camera screen; do
  meeting "{\"file\":\"bruno-audio.mjr\",\"role\":\"$role\"},{\"file\":\"bruno-video.mjr\",\"role\":\"camera\"}"
  ingest 3
  holds "sound is no $role" same "$(tracks)" "a-camera-1.mkv"
  holds "and kept" same "$(kept)" "bruno-audio.mjr bruno-video.mjr"
  other=microphone
  [ $role = camera ] || other=screen-audio
  holds "the role to give is told" same "$(told track-refused)" \
    "bruno-audio.mjr: opus is audio, a $role is video; the dump is kept, give it the role \"$other\""
done
for role in microphone screen-audio; do
  meeting "{\"file\":\"bruno-audio.mjr\",\"role\":\"microphone\"},{\"file\":\"bruno-video.mjr\",\"role\":\"$role\"}"
  ingest 3
  holds "pictures are no $role" same "$(tracks)" "a-microphone-1.mkv"
  holds "what they are is told" has "$(told track-refused)" "bruno-video.mjr: vp8 is video, a $role is audio"
done
meeting '{"file":"bruno-audio.mjr","role":"room"},{"file":"bruno-video.mjr","role":"room"}'
ingest 0
holds "a room has both" same "$(tracks)" "a-room-1.mkv a-room-2.mkv"
meeting '{"file":"bruno-audio.mjr","role":"camera"}'
ingest 1
holds "the reason is told when nothing is left" has "$err" "opus is audio, a camera is video"

# Captures, by their only stream or by its SSRC, and an rtpdump with sound and pictures one after the other.
python3 - <<'PY'
import struct

def packets(name):
    data = open(name, "rb").read()
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    while at < len(data):
        ms, length = struct.unpack_from(">IH", data, at + 4)
        yield ms, data[at + 10:at + 10 + length]
        at += 10 + length

def capture(name, pairs, ports):
    with open(name, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for ms, packet, port in [(*pair, port) for pair in pairs for port in ports]:
            udp = struct.pack(">HHHH", port, 6000, len(packet) + 8, 0) + packet
            ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x0A000001, 0x0A000002) + udp
            frame = bytes(12) + b"\x08\x00" + ip
            file.write(struct.pack("<IIII", 1795176013 + ms // 1000, ms % 1000 * 1000, len(frame), len(frame)) + frame)

sound, pictures = list(packets("bruno-audio.mjr")), list(packets("bruno-video.mjr"))
capture("sound.pcap", sound, [5000])
capture("two.pcap", sound, [5000, 5001])
print(f"0x{struct.unpack_from('>I', sound[0][1], 8)[0]:08x}", file=open("ssrc", "w"))
half = len(sound) // 2
capture("turned.pcap", sound[:half] + [(ms, packet[:8] + bytes([0, 0, 0, 7]) + packet[12:]) for ms, packet in sound[half:]], [5000])
with open("both.rtpdump", "wb") as file:
    file.write(b"#!rtpplay1.0 127.0.0.1/5000\n" + struct.pack(">IIIHH", 1795175794, 0, 0x7F000001, 5000, 0))
    later = sound[-1][0] + 20
    for ms, packet in sound + [(ms + later, packet) for ms, packet in pictures]:
        file.write(struct.pack(">HHI", len(packet) + 8, len(packet), ms) + packet)
PY
for which in '' ",\"ssrc\":\"$(cat ssrc)\""; do
  meeting "{\"file\":\"sound.pcap\",\"role\":\"camera\"$which},{\"file\":\"bruno-video.mjr\",\"role\":\"camera\"}"
  ingest 3
  holds "sound of a capture is no camera" same "$(tracks)" "a-camera-1.mkv"
  holds "and told" has "$(told track-refused)" "sound.pcap: opus is audio, a camera is video"
done
meeting '{"file":"both.rtpdump","role":"camera"}'
ingest 0
holds "the pictures of a dump that has sound first are taken" same "$(tracks)" "a-camera-1.mkv"
meeting '{"file":"both.rtpdump","role":"microphone"}'
ingest 3
holds "and its sound; that there are pictures is told" same "$(tracks)" "a-microphone-1.mkv"

# R107: one stream makes one track, be it named twice or a copy of it.
cp bruno-audio.mjr copy.mjr
for second in '{"file":"bruno-audio.mjr","role":"microphone"' '{"file":"copy.mjr","role":"room"' '{"file":"copy.mjr","role":"microphone","codec":"OPUS"'; do
  meeting "$good,$second}"
  ingest 3
  holds "R107: $second: no second track" same "$(tracks)" "a-camera-1.mkv a-microphone-1.mkv"
done
holds "R107: both are named" same "$(told same-media)" \
  "the microphone of a is the same media as bruno-audio.mjr, the microphone of a; it counts once"
for track in "{\"file\":\"sound.pcap\",\"role\":\"microphone\",\"ssrc\":\"$(cat ssrc)\"}" '{"file":"sound.pcap","role":"microphone","from":"10.0.0.1:5000"}'; do
  meeting "{\"file\":\"sound.pcap\",\"role\":\"microphone\"},$track"
  ingest 3
  holds "R107: one stream of a capture, selected in two ways" same "$(tracks)" "a-microphone-1.mkv"
done
meeting '{"file":"two.pcap","role":"microphone","from":"10.0.0.1:5000"},{"file":"two.pcap","role":"microphone","from":"10.0.0.1:5001"}'
ingest 0
holds "two streams of one capture are two tracks" same "$(tracks)" "a-microphone-1.mkv a-microphone-2.mkv"
# A sender that comes back under another SSRC is one stream; its second half may be described alone as well.
half='{"file":"turned.pcap","role":"microphone","ssrc":"0x00000007"}'
meeting "{\"file\":\"turned.pcap\",\"role\":\"microphone\"},$half"
ingest 3
holds "R107: a part of a stream that is there counts once: $(tracks)" same "$(tracks)" "a-microphone-1.mkv"
holds "R107: and is told" has "$(told same-media)" "is among the media of turned.pcap"
meeting "$half,{\"file\":\"turned.pcap\",\"role\":\"microphone\"}"
ingest 3
holds "R107: what counts twice is told" has "$(told same-media)" "has media of turned.pcap, the microphone of a; that counts twice"
meeting '{"file":"both.rtpdump","role":"camera"},{"file":"both.rtpdump","role":"microphone"}'
ingest 3
holds "so are two of one rtpdump" same "$(tracks)" "a-camera-1.mkv a-microphone-1.mkv"
holds "which are not the same" same "$(told same-media)" ""

# Another codec than the dump's header or session description has.
frames() { ffprobe -v error -show_packets -show_data_hash sha256 -show_entries packet=data_hash -of csv=p=0 "$1"; }
meeting "$good"
ingest 0
frames "$folder/tracks/a-microphone-1.mkv" >wanted
printf 'v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 6000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n' >sound.sdp
for file in bruno-audio.mjr sound.pcap; do
  meeting "{\"file\":\"$file\",\"role\":\"microphone\",\"codec\":\"pcmu\"},{\"file\":\"bruno-video.mjr\",\"role\":\"camera\"}"
  ingest 3
  holds "$file: its own codec is taken" grep -q '"codec": "opus"' "$folder/tracks/a-microphone-1.track.json"
  holds "$file: with its packets" cmp <(frames "$folder/tracks/a-microphone-1.mkv") wanted
  holds "$file: and the other told" same "$(told codec-contradicts)" "the dump says opus, the description pcmu; it is read as opus"
  holds "$file: with its name" grep -q "\"place\": \"$file\"" "$folder/reports/damage.json"
done
exit $failed
