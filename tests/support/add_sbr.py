#!/usr/bin/python3
"""add_sbr.py SOURCE.aac TARGET.aac: AAC-LC in ADTS as HE-AAC whose head does not say so: each frame gets a fill element of
SBR extension data (ISO/IEC 14496-3 §4.4.2.7) that holds no high band yet. Its decoder makes twice the rate."""
import sys

END, FILL, SBR, NO_HEADER = "111", "110", "1101", "0000"

source = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as target:
    at = 0
    while at < len(source):
        head = bytearray(source[at:at + 7])
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        bits = "".join(f"{octet:08b}" for octet in source[at + 7:at + length])
        at += length
        end = bits.rindex("1") - 2  # zeros follow up to the octet
        assert head[1] & 1 and bits[end:end + 3] == END
        bits = bits[:end] + FILL + "0001" + SBR + NO_HEADER + END
        bits += "0" * (-len(bits) % 8)
        frame = int(bits, 2).to_bytes(len(bits) // 8, "big")
        length = 7 + len(frame)
        head[3] = head[3] & 0xfc | length >> 11
        head[4] = length >> 3 & 0xff
        head[5] = (length & 7) << 5 | head[5] & 31
        target.write(bytes(head) + frame)
