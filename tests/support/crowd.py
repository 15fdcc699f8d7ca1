#!/usr/bin/python3
"""crowd.py SOURCE OUT PEOPLE: a meeting of PEOPLE, each with a microphone and a camera, out of a short meeting's dumps.

SOURCE is a folder with Janus recordings (version 2) NAME-audio.mjr and NAME-video.mjr. Everybody gets an SSRC of their
own, so that no two dumps are the same.
"""
import json
import pathlib
import struct
import sys


def with_ssrc(data, ssrc):
    made = bytearray(data)
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    while at < len(data):
        struct.pack_into(">I", made, at + 18, ssrc)
        at += 10 + struct.unpack_from(">H", data, at + 8)[0]
    return made


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, out, people = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    out.mkdir()
    participants = []
    for number in range(people):
        tracks = []
        for kind, role in (("audio", "microphone"), ("video", "camera")):
            data = sorted(source.glob(f"*-{kind}.mjr"))[0].read_bytes()
            name = f"p{number:03}-{kind}.mjr"
            (out / name).write_bytes(with_ssrc(data, 2 * number + (kind == "video") + 1))
            tracks.append({"file": name, "role": role})
        participants.append({"id": f"p{number:03}", "name": f"Person {number}", "tracks": tracks})
    (out / "meeting.json").write_text(json.dumps({"title": f"A crowd of {people}", "participants": participants}))


if __name__ == "__main__":
    main()
