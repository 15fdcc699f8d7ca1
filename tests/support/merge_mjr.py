#!/usr/bin/python3
"""merge_mjr.py ONE.mjr OTHER.mjr TARGET.mjr: two Janus recordings (version 2) as one, record by record in order of arrival,
all packets under the SSRC of the first. Two senders that took one SSRC look so (RFC 3550 §8.2). Janus numbers all it
records from 1: numbers and RTP time of the second are moved, as those of a sender are that begins at random."""
import struct
import sys


def read(path):
    data = open(path, "rb").read()
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    head, records = data[:at], []
    while at < len(data):
        ms, length = struct.unpack_from(">IH", data, at + 4)
        records.append((ms, data[at + 10:at + 10 + length]))
        at += 10 + length
    return head, records


head, one = read(sys.argv[1])
_, other = read(sys.argv[2])
other = [(ms, packet[:2] + struct.pack(">HI", (struct.unpack_from(">H", packet, 2)[0] + 50000) & 0xffff,
                                       (struct.unpack_from(">I", packet, 4)[0] + 3000000000) & 0xffffffff) + packet[8:])
         for ms, packet in other]
ssrc = one[len(one) // 2][1][8:12]
with open(sys.argv[3], "wb") as target:
    target.write(head)
    for ms, packet in sorted(one + other, key=lambda record: record[0]):
        packet = packet[:8] + ssrc + packet[12:]
        target.write(b"MEET" + struct.pack(">IH", ms, len(packet)) + packet)
