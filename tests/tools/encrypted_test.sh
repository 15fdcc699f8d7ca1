#!/bin/bash
# R37: encrypted media under valid headers is told and refused; the dump is kept and other tracks go on.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
ingest=$GREFFE_BUILD/bin/greffe-ingest
probe=$GREFFE_BUILD/bin/greffe-probe
council=$GREFFE_SOURCE/tests/data/council_short
export GREFFE_ARCHIVE=$work/archive

# sealed FILE HOW: its payloads become what a cipher makes of them. HOW: all of them (SRTP), "frames" of VP8 but
# not the descriptors of their packets, or "trailer": sound but its first octet, as LiveKit does end to end.
sealed() {
  python3 - "$@" <<'PY'
import random, struct, sys
name, how = sys.argv[1:]
dice = random.Random(how)
bytes_ = open(name, "rb").read()
at = 10 + struct.unpack(">H", bytes_[8:10])[0]
out = bytes_[:at]
while at + 10 <= len(bytes_):
    head, length = bytes_[at:at + 8], struct.unpack(">H", bytes_[at + 8:at + 10])[0]
    packet = bytes_[at + 10:at + 10 + length]
    at += 10 + length
    start = 12
    if packet[0] & 0x10:
        start += 4 + 4 * struct.unpack(">H", packet[14:16])[0]
    if how == "frames":  # X, then I with 15 bits (RFC 7741 4.2)
        start += 1
        if packet[start - 1] & 0x80:
            extended = packet[start]
            start += 1 + (2 if extended & 0x80 else 0) + (1 if extended & 0x40 else 0) + (1 if extended & 0x30 else 0)
    if how == "trailer":
        start += 1
    body = bytes(dice.randrange(256) for _ in range(start, length))
    if how == "trailer":
        body += bytes(dice.randrange(256) for _ in range(12)) + b"\x0c\x00"
    packet = packet[:start] + body
    out += head + struct.pack(">H", len(packet)) + packet
open(name, "wb").write(out)
PY
}
# meeting NAME [FILE HOW]…: a copy of the fixture with these files sealed.
meeting() {
  cp -r "$council" "$work/$1"
  local name=$1
  shift
  while [ $# -gt 0 ]; do sealed "$work/$name/$1" "$2"; shift 2; done
}
kept() { cmp -s "$work/$1/$2" "$(echo "$GREFFE_ARCHIVE"/meetings/*/*/*/"$out"/dumps/"$2")"; }

meeting srtp bruno-audio.mjr all
expect 3 "$ingest" --create "$work/srtp"
holds "sound under SRTP is told" has "$err" "begin with anything, not with headers of opus: probably encrypted"
holds "the dump is kept" kept srtp bruno-audio.mjr
expect 3 "$probe" "$work/srtp/bruno-audio.mjr"
holds "probe tells it too" has "$err" "probably encrypted"
expect 0 "$probe" "$council/bruno-audio.mjr"

meeting end bruno-audio.mjr trailer
expect 3 "$ingest" "$work/end"
holds "end-to-end encryption is told" has "$err" "an initialisation vector and a key number: encrypted end to end"

meeting frames bruno-video.mjr frames
expect 3 "$ingest" "$work/frames"
holds "frames that no encoder makes are told" has "$err" "though no packet is missing: probably encrypted"

meeting all bruno-audio.mjr all bruno-video.mjr all
expect 1 "$ingest" "$work/all"
holds "the reason is told when nothing is left" has "$err" "probably encrypted"
exit $failed
