#!/usr/bin/env python3
"""H.264 and H.265 through greffe-ingest: every NAL unit of a clean dump is in the track; of a dump that packets were
taken from, every picture that the track shows is one of the clean track, and the report counts all others:
R30, R32, R42.
"""

import base64
import hashlib
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
INGEST = pathlib.Path(os.environ["GREFFE_BUILD"], "bin", "greffe-ingest")
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import nal_reader  # noqa: E402


def dumps():
    """(codec, dump) of the samples and of tests/data."""
    for place in (SOURCE / "examples" / "samples", SOURCE / ".." / "shared" / "samples"):
        found = sorted(place.glob("h264/*-video-1.mjr"))
        if found:
            yield from (("h264", path.read_bytes()) for path in found)
            break
    yield "h265", (SOURCE / "tests" / "data" / "h265" / "camera.mjr").read_bytes()


def ingest(dump, codec, wanted_exit):
    """(CodecPrivate, frames, sidecar, hashes of the decoded pictures)"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "camera.mjr").write_bytes(dump)
        track = {"file": "camera.mjr", "role": "camera", "codec": codec}
        people = [{"id": "ann", "name": "Ann", "tracks": [track]}]
        (folder / "meeting.json").write_text(json.dumps({"title": codec, "participants": people}))
        ended = subprocess.run(
            [INGEST, "-q", "--archive", folder / "archive", "--create", folder / "meeting.json"],
            stdout=subprocess.DEVNULL, check=False,
        )
        assert ended.returncode == wanted_exit, f"{codec}: exit {ended.returncode} instead of {wanted_exit}"
        matroska = next(folder.glob("archive/meetings/**/ann-camera-1.mkv"))
        sidecar = json.loads(matroska.with_suffix("").with_suffix(".track.json").read_text())
        private, frames = nal_reader.read_matroska(matroska.read_bytes())
        return private, frames, sidecar, pictures(matroska)


def pictures(matroska):
    """Hashes of the decoded pictures, one for each frame, by FFmpeg; sizes may change on the way."""
    hashes = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", matroska, "-autoscale", "0", "-fps_mode", "passthrough", "-f", "framemd5", "-"],
        stdout=subprocess.PIPE, check=True, text=True,
    )
    return [line.rsplit(",", 1)[1].strip() for line in hashes.stdout.splitlines() if not line.startswith("#")]


def check_clean(codec, dump):
    sent = nal_reader.frames_of_dump(dump, codec)
    private, frames, sidecar, shown = ingest(dump, codec, 0)
    assert [nal_reader.units_of(frame) for frame in frames] == [units for _, units in sent], codec
    assert len(shown) == len(frames) and sidecar["frames"] == len(frames), codec
    assert private[0] == 1 and sidecar["damage"] == [], codec
    for _, units in sent[:1]:  # the first key frame's parameter sets
        sets = [unit for unit in units if (unit[0] & 31) in (7, 8)] if codec == "h264" else units[:3]
        assert sets and all(unit in private for unit in sets), codec
    return dict(zip([time for time, _ in sent], zip([tuple(units) for _, units in sent], shown)))


def check_lossy(codec, dump, clean, lost):
    """Frames are known again by their units: no two of these cameras' frames are alike."""
    _, frames, sidecar, shown = ingest(nal_reader.without(dump, lost), codec, 3)
    picture_of = {units: picture for units, picture in clean.values()}
    given = [tuple(nal_reader.units_of(frame)) for frame in frames]
    assert len(picture_of) == len(clean) and len(shown) == len(frames)
    for units, picture in zip(given, shown):
        assert units in picture_of, f"{codec}: a frame that was never sent whole"
        assert picture == picture_of[units], f"{codec}: a picture that differs from the clean one"
    left = {nal_reader.rtp_time(packet) for i, (packet, _) in enumerate(nal_reader.packets(dump)) if i not in lost}
    absent = [time for time, (units, _) in clean.items() if units not in set(given)]
    told = sum(entry["amount"] for entry in sidecar["damage"] if entry["unit"] == "frames")
    # Frames of which nothing came are one damage for each run of them, at least.
    seen = [time for time in absent if time in left]
    assert len(seen) <= told <= len(absent), f"{codec}: {len(absent)} frames are absent, {told} told, {len(seen)} seen"
    assert sidecar["lost"] == len(lost), f"{codec}: {sidecar['lost']} packets told lost of {len(lost)}"
    return len(frames)


def losses(dump):
    """Numbers of packets to take away: 1 %, 5 %, and bursts of 20; never the first or last ones."""
    chance = random.Random(hashlib.sha256(dump).digest())
    inner = range(1, sum(1 for _ in nal_reader.packets(dump)) - 1)
    for share in (100, 20):
        yield set(chance.sample(inner, max(1, len(inner) // share)))
    for _ in range(4):
        start = chance.randrange(1, len(inner) - 21)
        yield set(range(start, start + 20))


def with_sets_in_header(dump):
    """The H.265 dump as of a sender that gives its parameter sets in SDP only: no aggregates, and key "f"."""
    sets = nal_reader.frames_of_dump(dump, "h265")[0][1][:3]
    names = ("sprop-vps", "sprop-sps", "sprop-pps")
    sprop = ";".join(f"{name}={base64.b64encode(unit).decode()}" for name, unit in zip(names, sets))
    header = json.dumps({"t": "v", "c": "h265", "f": sprop, "s": 1795181201404085, "u": 1795181201404085}).encode()
    records, lost = [], 0
    for packet, record in nal_reader.packets(dump):
        if nal_reader.payload(packet)[0] >> 1 & 63 == 48:
            lost += 1
            continue
        number = (struct.unpack_from(">H", packet, 2)[0] - lost) & 0xFFFF
        records.append(record[:12] + struct.pack(">H", number) + record[14:])
    return b"MJR00002" + struct.pack(">H", len(header)) + header + b"".join(records)


def check_sets_in_header(dump, clean):
    private, frames, _, shown = ingest(with_sets_in_header(dump), "h265", 0)
    assert shown == [picture for _, picture in clean.values()], "h265: other pictures with parameter sets of SDP"
    assert len(frames) == len(clean) and b"\x42\x01\x01" in private


for codec, dump in dumps():
    clean = check_clean(codec, dump)
    kept = [check_lossy(codec, dump, clean, lost) for lost in losses(dump)]
    print(f"{codec}: {len(clean)} frames; with losses {kept}")
    if codec == "h265":
        check_sets_in_header(dump, clean)
