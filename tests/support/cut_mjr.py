#!/usr/bin/env python3
"""cut_mjr.py SOURCE.mjr TARGET.mjr SECONDS: the records of the first SECONDS, by arrival, each whole.

A Janus recording of version 2: "MJR00002", length (16 bits) and JSON header, then records of "MEET", arrival in ms
(32 bits), length (16 bits) and the packet; all numbers in network order.
"""

import pathlib
import struct
import sys


def cut(data: bytes, milliseconds: int) -> bytes:
    assert data[:8] == b"MJR00002"
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    first = None
    while at < len(data):
        magic, arrival, length = struct.unpack_from(">4sIH", data, at)
        assert magic == b"MEET"
        first = arrival if first is None else first
        if arrival - first >= milliseconds:
            break
        at += 10 + length
    return data[:at]


if __name__ == "__main__":
    source, target, seconds = sys.argv[1:]
    pathlib.Path(target).write_bytes(cut(pathlib.Path(source).read_bytes(), round(float(seconds) * 1000)))
