#!/usr/bin/python3
"""R3, R60: RTP time and arrival part in the middle of a dump. Its numbers go on, so that no frame is lost, whatever the
codec: the frames are those of the dump without the break, byte for byte.
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
INGEST = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin" / "greffe-ingest"
SAMPLES = SOURCE.parent / "shared" / "samples"
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import lose_packets  # noqa: E402


def broken(data, arrival_ms, ticks):
    """The recording with a break of its clock behind a picture in its middle."""
    places = list(lose_packets.records(data))
    ends = [number for number, (begin, _) in enumerate(places) if data[begin + 11] & 0x80]
    at = next(number for number in ends if number > len(places) // 3) + 1
    out = bytearray(data)
    for begin, _ in places[at:]:
        struct.pack_into(">I", out, begin + 4, struct.unpack_from(">I", data, begin + 4)[0] + arrival_ms)
        struct.pack_into(">I", out, begin + 14, (struct.unpack_from(">I", data, begin + 14)[0] + ticks) % 2**32)
    return bytes(out)


def frames(data, folder):
    """-> digests of all frames, how many segments its clock has"""
    folder.mkdir()
    dump = folder / "dump.mjr"
    dump.write_bytes(data)
    subprocess.run([INGEST, "-q", "--archive", folder / "archive", "--create", dump], check=False, stdout=subprocess.DEVNULL)
    track = next((folder / "archive").glob("meetings/*/*/*/*/tracks/*.mkv"))
    listed = subprocess.run(["ffprobe", "-v", "error", "-show_packets", "-show_data_hash", "MD5", "-of", "json", track],
                            check=True, capture_output=True)
    clock = json.loads(track.with_suffix(".track.json").read_text())["clock"]
    return [packet["data_hash"] for packet in json.loads(listed.stdout)["packets"]], len(clock["segments"])


def main():
    failed = False
    for sample in ("council", "codecs", "h264", "av1", "svc"):
        dump = next((SAMPLES / sample).glob("*101*video*.mjr"), None)
        if dump is None:
            print(f"{sample}: skipped, no such sample")
            continue
        data = dump.read_bytes()
        with tempfile.TemporaryDirectory() as work:
            whole, _ = frames(data, pathlib.Path(work) / "whole")
            for name, ms, ticks in (("step", 700, 0), ("stall", 5000, 0), ("leap", 0, 60 * 90_000)):
                parted, segments = frames(broken(data, ms, ticks), pathlib.Path(work) / name)
                good = parted == whole and segments == 2
                print(f"{sample}: {name}: {len(parted)} of {len(whole)} frames, {segments} segments")
                failed = failed or not good
    sys.exit(failed)


main()
