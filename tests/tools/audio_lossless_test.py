#!/usr/bin/env python3
"""Sound through greffe-ingest, against a reader of its own: the frames in the .mkv are the payloads in the dump.

Opus, PCMU and G.722 come from the samples (skipped without them), the Opus of `red/` out of its wrapping, whole and with
packets taken away; L16 and Opus of several streams are made here. ffmpeg reads the .mkv.
"""

import hashlib
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ["GREFFE_BUILD"])
SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
SAMPLES = next((p for p in (SOURCE / "examples/samples", SOURCE / "../shared/samples") if (p / "red").is_dir()), None)
failed = False


def claim(what: str, holds: bool) -> None:
    global failed
    if not holds:
        print("FAIL:", what)
        failed = True


def mjr_records(data: bytes) -> tuple[bytes, list[bytes]]:
    """The head of a Janus recording of version 2, and its records."""
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    head, records = data[:at], []
    while at < len(data):
        length = struct.unpack_from(">H", data, at + 8)[0]
        records.append(data[at : at + 10 + length])
        at += 10 + length
    return head, records


def rtp(packet: bytes) -> tuple[int, int, bytes]:
    """Sequence number, payload type and payload (RFC 3550 5.1)."""
    flags, kind, number = struct.unpack_from(">BBH", packet)
    at = 12 + 4 * (flags & 15)
    if flags & 16:
        at += 4 + 4 * struct.unpack_from(">H", packet, at + 2)[0]
    end = len(packet) - (packet[-1] if flags & 32 else 0)
    return number, kind & 127, packet[at:end]


def primary(payload: bytes) -> bytes:
    """The primary block of RFC 2198 redundancy."""
    at, copies = 0, 0
    while payload[at] & 128:
        copies += struct.unpack_from(">H", payload, at + 2)[0] & 1023
        at += 4
    return payload[at + 1 + copies :]


def mjr_payloads(path: pathlib.Path) -> list[bytes]:
    head, records = mjr_records(path.read_bytes())
    red = json.loads(head[10:]).get("or")
    payloads, seen = [], set()
    for number, kind, payload in (rtp(record[10:]) for record in records):
        if number not in seen and payload:
            payloads.append((number, primary(payload) if kind == red else payload))
        seen.add(number)
    # A sample has fewer than 65536 packets; numbers near the top belong before the wrap.
    wraps = any(n > 60000 for n, _ in payloads) and any(n < 5000 for n, _ in payloads)
    return [p for _, p in sorted(payloads, key=lambda item: item[0] + (65536 if wraps and item[0] < 32768 else 0))]


def pcapng_payloads(path: pathlib.Path, kind: int) -> dict[int, list[bytes]]:
    """RTP of one payload type by SSRC: Ethernet, IPv4, UDP, in order of arrival (these calls lost nothing)."""
    data, at, payloads = path.read_bytes(), 0, {}
    while at < len(data):
        block, length = struct.unpack_from("<II", data, at)
        if block == 6:
            size = struct.unpack_from("<I", data, at + 20)[0]
            frame = data[at + 28 : at + 28 + size]
            udp = 14 + 4 * (frame[14] & 15)
            if frame[12:14] == b"\x08\x00" and frame[23] == 17 and len(frame) > udp + 20 and frame[udp + 8] == 0x80:
                packet = frame[udp + 8 : 14 + struct.unpack_from(">H", frame, 16)[0]]
                if packet[1] & 127 == kind:
                    payloads.setdefault(struct.unpack_from(">I", packet, 8)[0], []).append(rtp(packet)[2])
        at += length
    return payloads


def ingest(work: pathlib.Path, sources: list[str], expected: int) -> pathlib.Path:
    archive = work / f"archive{len(list(work.iterdir()))}"
    done = subprocess.run([BUILD / "bin/greffe-ingest", "-q", "--create", "--archive", archive, *sources], capture_output=True, text=True)
    claim(f"greffe-ingest {sources} ends with {expected}, not {done.returncode}: {done.stderr[-400:]}", done.returncode == expected)
    return next(iter(archive.glob("meetings/*/*/*/*/tracks")), archive)


def frames(mkv: pathlib.Path) -> list[str]:
    """The MD5 of each packet."""
    text = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", mkv, "-map", "0", "-c", "copy", "-f", "framemd5", "-"],
                          capture_output=True, text=True, check=True).stdout
    return [line.split(",")[-1].strip() for line in text.splitlines() if not line.startswith("#")]


def md5s(payloads: list[bytes]) -> list[str]:
    return [hashlib.md5(payload).hexdigest() for payload in payloads]


def sidecar(tracks: pathlib.Path) -> dict:
    return json.loads(next(tracks.glob("*.track.json")).read_text())


def one_track(work: pathlib.Path, dump: pathlib.Path, expected: int = 0) -> tuple[list[str], dict]:
    tracks = ingest(work, [str(dump)], expected)
    return frames(next(tracks.glob("*.mkv"))), sidecar(tracks)


def made_mjr(path: pathlib.Path, header: dict, payloads: list[bytes], step: int, step_ms: int) -> pathlib.Path:
    text = json.dumps({"t": "a", "s": 1795175705354183, "u": 1795175705394413, **header}).encode()
    data = b"MJR00002" + struct.pack(">H", len(text)) + text
    for i, payload in enumerate(payloads):
        packet = struct.pack(">BBHII", 0x80, 96, i, i * step, 0x11223344) + payload
        data += b"MEET" + struct.pack(">IH", i * step_ms, len(packet)) + packet
    path.write_bytes(data)
    return path


def test_samples(work: pathlib.Path) -> None:
    for dump in sorted(SAMPLES.glob("*/*audio*.mjr")):
        lossy = dump.parent.name == "lossy"
        found, track = one_track(work, dump, 3 if lossy else 0)
        claim(f"{dump.name}: its frames are its payloads", found == md5s(mjr_payloads(dump)))
        claim(f"{dump.name}: nothing is lost but on the lossy link", lossy or (track["lost"] == 0 and not track["damage"]))
    for call, kind in (("call-pcmu", 0), ("call-g722", 9)):
        tracks = ingest(work, [str(SAMPLES / call / "meeting.json")], 0)
        payloads = pcapng_payloads(SAMPLES / call / "call.pcapng", kind)
        claim(f"{call}: two tracks", len(list(tracks.glob("*.mkv"))) == 2 and len(payloads) == 2)
        for path in tracks.glob("*.track.json"):
            track = json.loads(path.read_text())
            claim(f"{path.name}: its frames are its payloads",
                  frames(path.with_name(path.name.replace(".track.json", ".mkv"))) == md5s(payloads[track["ssrc"]]))
            keys = [(event["key"], round(event["start_ns"] / 1e9)) for event in track.get("telephone_events", [])]
            claim(f"R23: {path.name}: keys {keys}", keys == ([("4", 17), ("2", 18)] if track["ssrc"] == 0x5DE49FBE else []))


def test_red_with_packets_removed(work: pathlib.Path) -> None:
    """R20: what is taken away comes back from the copies, and the report names what does not."""
    dump = SAMPLES / "red/echotest-user-101-audio.mjr"
    clean = md5s(mjr_payloads(dump))
    head, records = mjr_records(dump.read_bytes())
    count = len(records)
    chance = random.Random(2198)
    isolated = [i for i in range(1, count - 1, 2)]
    bursts = [i for start in range(50, count - 10, 60) for i in range(start, start + 3)]
    for what, removed in (("1 %", chance.sample(isolated, 8)), ("5 %", chance.sample(isolated, 40)), ("half", isolated), ("bursts of 3", bursts)):
        # The sample has one copy a packet: of a burst the last comes back.
        gone = [i for i in removed if i + 1 in removed]
        cut = work / f"red-{len(removed)}.mjr"
        cut.write_bytes(head + b"".join(record for i, record in enumerate(records) if i not in set(removed)))
        found, track = one_track(work, cut, 3 if gone else 0)
        claim(f"R20: {what}: the frames that are left or came back", found == [md5 for i, md5 in enumerate(clean) if i not in set(gone)])
        claim(f"R20: {what}: recovered {track['recovered']}", track["recovered"] == len(removed) - len(gone))
        claim(f"R20: {what}: lost {track['lost']}", track["lost"] == len(gone))
        claim(f"R20: {what}: damage", sum(d["amount"] for d in track["damage"] if d["condition"] == "lost-packets") == len(gone))
        claim(f"R20: {what}: gaps", len([g for g in track["gaps"] if g["why"] == "lost"]) == len(set(gone)) // 2)


def test_dtx(work: pathlib.Path) -> None:
    """R27: silence that was not sent is neither loss nor damage, and the track is as long as it was."""
    dump = next((SAMPLES / "codecs").glob("*user-102*audio*.mjr"))
    _, track = one_track(work, dump)
    claim("R27: full length", abs((track["end_ns"] - track["start_ns"]) / 1e9 - 25.69) < 0.05)
    claim("R27: gaps without media", len(track["gaps"]) > 25 and {g["why"] for g in track["gaps"]} == {"no-media"})
    claim("R27: no loss", track["lost"] == 0 and not track["damage"])


def test_made(work: pathlib.Path) -> None:
    sound = random.Random(11)
    for codec, rate in (("l16", 16000), ("l16-48", 48000)):
        payloads = [sound.randbytes(rate // 50 * 2) for _ in range(100)]
        found, track = one_track(work, made_mjr(work / f"{codec}.mjr", {"c": codec}, payloads, rate // 50, 20))
        claim(f"{codec}: bit for bit", found == md5s(payloads))
        claim(f"{codec}: {rate} Hz, one channel", track["clock"]["clock_rate_hz"] == rate and track["channels"] == 1)
        claim(f"{codec}: two seconds", abs(track["end_ns"] - track["start_ns"] - 2_000_000_000) < 1_000_000)
    odd = [payload + b"\x01" for payload in payloads]
    found, track = one_track(work, made_mjr(work / "odd.mjr", {"c": "l16-48"}, odd, 960, 20), 3)
    claim("R25: the odd octet is left out", found == md5s(payloads))
    claim("R25: and told once", [(d["condition"], d["count"]) for d in track["damage"]] == [("odd-octets", 100)])

    # Three channels: a stereo stream, self-delimited, then a mono one; 20 ms of CELT silence each.
    packet = bytes([0xFC, 2, 0xFF, 0xFE, 0xF8, 0xFF, 0xFE])
    fmtp = "channel_mapping=0,2,1;num_streams=2;coupled_streams=1"
    dump = made_mjr(work / "multi.mjr", {"c": "multiopus", "f": fmtp}, [packet] * 100, 960, 20)
    found, track = one_track(work, dump)
    claim("multiopus: bit for bit", found == md5s([packet] * 100))
    claim("multiopus: its mapping is kept", track["opus_mapping"] == {"streams": 2, "coupled": 1, "channels": [0, 2, 1]})
    unknown = made_mjr(work / "unknown.mjr", {"c": "multiopus"}, [packet] * 100, 960, 20)
    done = subprocess.run([BUILD / "bin/greffe-ingest", "--create", "--archive", work / "none", unknown], capture_output=True, text=True)
    claim("multiopus of unknown mapping is refused by name", done.returncode == 1 and "multi-channel Opus of unknown mapping" in done.stderr)


with tempfile.TemporaryDirectory() as folder:
    test_made(pathlib.Path(folder))
    if SAMPLES:
        test_samples(pathlib.Path(folder))
        test_red_with_packets_removed(pathlib.Path(folder))
        test_dtx(pathlib.Path(folder))
sys.exit(failed)
