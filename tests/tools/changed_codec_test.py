#!/usr/bin/env python3
"""What comes only after the first packets of a stream is known, too (R13, R22, R23): another codec makes a track of its own, keys and comfort noise are what RFC 3551 or the session description says. The captures are made here."""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

BIN = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin"
FIRST = 2100  # packets; more than are looked at first
OPUS = 111
failed = 0


def packet(number: int, kind: int, ticks: int, payload: bytes) -> bytes:
    rtp = struct.pack(">BBHII", 0x80, kind, number & 0xFFFF, ticks, 7) + payload
    udp = struct.pack(">HHHH", 5000, 6000, len(rtp) + 8, 0) + rtp
    ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x0A000001, 0x0A000002) + udp
    return bytes(12) + b"\x08\x00" + ip


def ulaw(number: int) -> bytes:
    return bytes(0x90 + (number * 7 + k) % 40 for k in range(160))


def opus(number: int) -> bytes:
    return b"\x78" + bytes((number * 11 + k * 3) % 250 for k in range(60))


def write_capture(path: pathlib.Path, later: list[tuple[int, bytes]], lost: int | None) -> None:
    """FIRST packets of PCMU, then those of `later`: payload type and payload, one each 20 ms, but for number `lost`. The RTP
    time of Opus goes on at 48 kHz from where that of the packets before it ends."""
    sound = [(0, ulaw(i)) for i in range(FIRST)]
    ticks = 0
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, (kind, payload) in enumerate(sound + later):
            frame = packet(number, kind, ticks, payload)
            ticks += 960 if kind == OPUS else 160
            if number == lost:
                continue
            time_us = 1_795_176_013_000_000 + 20_000 * number
            file.write(struct.pack("<IIII", time_us // 1_000_000, time_us % 1_000_000, len(frame), len(frame)) + frame)


def tracks_of(name: str, later: list[tuple[int, bytes]], sdp: str = "", lost: int | None = None, code: int = 0) -> list[dict]:
    """Sidecars; each with what of its missing.json entry is of use under "missing"."""
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        write_capture(folder / "call.pcap", later, lost)
        if sdp:
            (folder / "call.sdp").write_text(sdp)
        done = subprocess.run([BIN / "greffe-ingest", "-q", "--archive", folder / "archive", "--create", folder / "call.pcap"],
                              capture_output=True, text=True, check=False)
        check(f"{name}: exit code", done.returncode, code)
        print(done.stderr, end="", file=sys.stderr)
        found = [json.loads(path.read_text()) for path in sorted((folder / "archive/meetings").rglob("*.track.json"))]
        missing = {t["track"]: t for t in json.loads(next((folder / "archive/meetings").rglob("missing.json")).read_text())["tracks"]}
        damage = json.loads(next((folder / "archive/meetings").rglob("damage.json")).read_text())["damage"]
        check(f"{name}: what is lost is told once", sum(d["amount"] for d in damage if d["condition"] == "lost-packets"), int(lost is not None))
        return [track | {"missing": missing[track["track"]]} for track in found]


def check(what: str, got, wanted) -> None:
    global failed
    if got != wanted:
        print(f"FAIL: {what}: {got}, not {wanted}")
        failed = 1


alaw = [(8, bytes(0xA0 + (i * 5 + k) % 40 for k in range(160))) for i in range(400)]
found = tracks_of("R13", alaw)
check("R13: each codec has its track", [(t["codec"], t["frames"]) for t in found], [("pcmu", FIRST), ("pcma", 400)])
check("R13: the second begins where the first ends", found[1]["start_ns"] - found[0]["end_ns"] <= 20_000_000, True)

def spans(tracks: list[dict]) -> list[tuple[str, int, int, int]]:
    """Of each track: codec, frames, and tenths of seconds from where to where it goes, after the first track's beginning."""
    zero = tracks[0]["start_ns"]
    return [(t["codec"], t["frames"], *(round((t[end] - zero) / 1e8) for end in ("start_ns", "end_ns"))) for t in tracks]


# Another clock, in the middle and at the end; the line of time of neither bends that of the other.
SDP = "v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 6000 RTP/AVP 0 9 111\r\na=rtpmap:111 opus/48000/2\r\n"
turn = [(OPUS, opus(i)) for i in range(400)]
back = [(0, ulaw(i)) for i in range(1000)]
check("R13: Opus in the middle", spans(tracks_of("R13", turn + back, SDP)),
      [("pcmu", FIRST + 1000, 0, 700), ("opus", 400, 420, 500)])
check("R13: Opus at the end", spans(tracks_of("R13", turn * 4, SDP)), [("pcmu", FIRST, 0, 420), ("opus", 1600, 420, 740)])
check("R13: Opus that nothing names", spans(tracks_of("R13", turn[:100] + back, code=3)), [("pcmu", FIRST + 1000, 0, 640)])

# What is lost of one is not missing in the other.
for lost, codec in ((FIRST + 200, "g722"), (FIRST - 100, "pcmu")):
    for track in tracks_of("R13", [(9, ulaw(i)) for i in range(400)] + back, SDP, lost, 3):
        missing, own = track["missing"], track["codec"] == codec
        check(f"R13: lost of {codec}, in {track['codec']}",
              (track["lost"], missing["packets_lost"], missing["concealment_ms"], missing["silence_ms"]),
              (1, 1, 20, 0) if own else (0, 0, 0, 0))

keys = [(101, struct.pack(">BBH", 5, 10 | (0x80 if k > 6 else 0), 160 * (k + 1))) for k in range(10)]
found = tracks_of("R23", keys, "v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 6000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
                  "a=rtpmap:101 telephone-event/8000\r\n")
check("R23: keys are no sound", [(t["codec"], t["frames"]) for t in found], [("pcmu", FIRST)])

found = tracks_of("R22", [(13, bytes([60, 120, 120]))] * 5 + [(0, bytes(160))] * 50)
check("R22: comfort noise is no unknown type", [t["codec"] for t in found], ["pcmu"])
sys.exit(failed)
