#!/usr/bin/python3
"""Meetings without sound whose pictures come seldom, as those of a screen that is sent only when it changes: the film shows each
of them, the last one, too, and one picture alone is a film.
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
BIN = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin"
CAMERA = next((SOURCE / "examples" / "samples" / "council").glob("*102*video*.mjr"))
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import lose_packets  # noqa: E402

CLOCK = 90_000


def slides(data, count, step_s):
    """The first pictures of the recording, one every `step_s` seconds."""
    begins = next(lose_packets.records(data))[0]
    out, pictures = bytearray(data[:begins]), []
    for begin, end in lose_packets.records(data):
        record = bytearray(data[begin:end])
        time = struct.unpack_from(">I", record, 14)[0]
        if time not in pictures:
            if len(pictures) == count:
                break
            pictures.append(time)
        number = pictures.index(time)
        struct.pack_into(">I", record, 4, 1000 * step_s * number)
        struct.pack_into(">I", record, 14, (pictures[0] + CLOCK * step_s * number) % 2**32)
        out += record
    return bytes(out)


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE).stdout.decode()


def film_of(folder, data, role):
    """-> seconds of the film, and at which of them its picture changes."""
    folder.mkdir()
    (folder / "dump.mjr").write_bytes(data)
    (folder / "meeting.json").write_text(json.dumps({"title": "Slides", "participants": [
        {"id": "anna", "name": "Anna", "tracks": [{"file": "dump.mjr", "role": role}]}]}))
    archive = ("--archive", folder / "archive")
    meeting = run(BIN / "greffe-ingest", "-q", *archive, "--create", folder / "meeting.json").strip()
    film = folder / "film.mkv"
    run(BIN / "greffe-compose", "-q", *archive, "--video", "ffv1", "--layout", "single", "--size", "320x180", "--fps", "10",
        "-o", film, meeting)
    packets = run("ffmpeg", "-v", "error", "-i", film, "-map", "0:v", "-f", "framemd5", "-").splitlines()
    pictures = [line.split(",")[-1].strip() for line in packets if not line.startswith("#")]
    changes = [i / 10 for i in range(1, len(pictures)) if pictures[i] != pictures[i - 1]]
    return len(pictures) / 10, changes


def main():
    data = CAMERA.read_bytes()
    failed = False
    with tempfile.TemporaryDirectory() as work:
        for role in ("screen", "camera"):
            for count, step_s, seconds, changes in ((1, 1, 1.5, 0), (3, 1, 3.0, 2), (3, 5, 11.5, 2)):
                length, changed = film_of(pathlib.Path(work) / f"{role}{count}{step_s}", slides(data, count, step_s), role)
                print(f"{role}, {count} pictures every {step_s} s: {length} s, changes at {changed}")
                last_is_seen = count == 1 or role == "camera" or any(abs(at - step_s * (count - 1)) < 0.15 for at in changed)
                if abs(length - seconds) > 0.1 or not last_is_seen or (role == "screen" and len(changed) != changes):
                    print("FAIL")
                    failed = True
    sys.exit(failed)


main()
