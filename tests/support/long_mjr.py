#!/usr/bin/python3
"""long_mjr.py TARGET.mjr CODEC HOURS STEP_MS: a made Janus recording (version 2) of one frame every STEP_MS, a packet each.

CODEC: opus (a packet that codes silence) or vp8 (pictures of 16x16 in gray; a key frame a minute). RTP time begins an
hour before it wraps; video's steps are uneven by a tick or two, as a camera's are.
"""
import json
import struct
import sys

OPUS_SILENCE = {20: b"\xf8\xff\xfe", 60: b"\x18\xff\xfe", 120: b"\x19\xff\xfe\xff\xfe"}  # RFC 6716 §3.1


def vp8_frame(key):
    """RFC 6386 §9.1: the frame tag, of a key frame the start code and the size, then a first partition of zeros."""
    tag = (16 << 5 | 1 << 4 | (0 if key else 1)).to_bytes(3, "little")
    return tag + (b"\x9d\x01\x2a" + struct.pack("<HH", 16, 16) if key else b"") + bytes(24)


def packets(codec, count, step_ms):
    """-> (arrival in ms, marker, payload type, RTP time, payload)"""
    khz = 48 if codec == "opus" else 90
    first = (1 << 32) - 3_600_000 * khz
    for number in range(count):
        ticks = first + number * step_ms * khz
        if codec == "opus":
            yield number * step_ms, False, 111, ticks, OPUS_SILENCE[step_ms]
        else:
            # RFC 7741 §4.2: X and S, I, a picture id of 15 bits.
            head = b"\x90\x80" + struct.pack(">H", 0x8000 | number & 0x7FFF)
            key = number * step_ms % 60_000 == 0
            yield number * step_ms, True, 96, ticks + number * number % 3, head + vp8_frame(key)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    target, codec, hours, step_ms = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    begun_us = 1_790_000_000_000_000
    head = json.dumps({"t": "a" if codec == "opus" else "v", "c": codec, "s": begun_us, "u": begun_us}).encode()
    with open(target, "wb") as file:
        file.write(b"MJR00002" + struct.pack(">H", len(head)) + head)
        for number, (ms, marker, kind, ticks, payload) in enumerate(packets(codec, round(hours * 3_600_000 / step_ms), step_ms)):
            file.write(struct.pack(">4sIHBBHII", b"MEET", ms, 12 + len(payload), 0x80, marker << 7 | kind,
                                   number & 0xFFFF, ticks & 0xFFFFFFFF, 0x1234) + payload)


if __name__ == "__main__":
    main()
