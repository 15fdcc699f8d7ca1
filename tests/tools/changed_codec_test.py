#!/usr/bin/env python3
"""What comes only after the first packets of a stream is known, too (R13, R22, R23): another codec of the same clock makes a
track of its own, keys and comfort noise are what RFC 3551 or the session description says. The captures are made here."""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin"
FIRST = 2100  # packets; more than are looked at first
failed = 0


def packet(number: int, kind: int, ticks: int, payload: bytes) -> bytes:
    rtp = struct.pack(">BBHII", 0x80, kind, number & 0xFFFF, ticks, 7) + payload
    udp = struct.pack(">HHHH", 5000, 6000, len(rtp) + 8, 0) + rtp
    ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x0A000001, 0x0A000002) + udp
    return bytes(12) + b"\x08\x00" + ip


def write_capture(path: pathlib.Path, later: list[tuple[int, bytes]]) -> None:
    """FIRST packets of PCMU, then those of `later`: payload type and payload, one each 20 ms."""
    sound = [(0, bytes(0x90 + (i * 7 + k) % 40 for k in range(160))) for i in range(FIRST)]
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, (kind, payload) in enumerate(sound + later):
            frame = packet(number, kind, 160 * number, payload)
            time_us = 1_795_176_013_000_000 + 20_000 * number
            file.write(struct.pack("<IIII", time_us // 1_000_000, time_us % 1_000_000, len(frame), len(frame)) + frame)


def tracks_of(name: str, later: list[tuple[int, bytes]], sdp: str = "") -> list[dict]:
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        write_capture(folder / "call.pcap", later)
        if sdp:
            (folder / "call.sdp").write_text(sdp)
        done = subprocess.run([BIN / "greffe-ingest", "-q", "--archive", folder / "archive", "--create", folder / "call.pcap"],
                              capture_output=True, text=True, check=False)
        check(f"{name}: nothing is damaged", done.returncode, 0)
        print(done.stderr, end="", file=sys.stderr)
        return [json.loads(path.read_text()) for path in sorted((folder / "archive/meetings").rglob("*.track.json"))]


def check(what: str, got, wanted) -> None:
    global failed
    if got != wanted:
        print(f"FAIL: {what}: {got}, not {wanted}")
        failed = 1


alaw = [(8, bytes(0xA0 + (i * 5 + k) % 40 for k in range(160))) for i in range(400)]
found = tracks_of("R13", alaw)
check("R13: each codec has its track", [(t["codec"], t["frames"]) for t in found], [("pcmu", FIRST), ("pcma", 400)])
check("R13: the second begins where the first ends", found[1]["start_ns"] - found[0]["end_ns"] <= 20_000_000, True)

keys = [(101, struct.pack(">BBH", 5, 10 | (0x80 if k > 6 else 0), 160 * (k + 1))) for k in range(10)]
found = tracks_of("R23", keys, "v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 6000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
                  "a=rtpmap:101 telephone-event/8000\r\n")
check("R23: keys are no sound", [(t["codec"], t["frames"]) for t in found], [("pcmu", FIRST)])

found = tracks_of("R22", [(13, bytes([60, 120, 120]))] * 5 + [(0, bytes(160))] * 50)
check("R22: comfort noise is no unknown type", [t["codec"] for t in found], ["pcmu"])
sys.exit(failed)
