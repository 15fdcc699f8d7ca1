#!/usr/bin/python3
"""R7: one packet is lost beside a pause of a minute. What is missing lasts as long as the packet, or until the next key
frame; the rest is a pause, whether RTP time goes on in it or stands still.
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
COUNCIL = SOURCE / "examples" / "samples" / "council"
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import lose_packets  # noqa: E402

PAUSE_S = 60


def paused(data, at, ticks, lost):
    """The recording with a pause before record `at`, in which RTP time goes on by `ticks`; `lost`: without that record."""
    places = list(lose_packets.records(data))
    out = bytearray(data[:places[0][0]])
    for number, (begin, end) in enumerate(places):
        if number == at and lost:
            continue
        record = bytearray(data[begin:end])
        if number >= at:
            struct.pack_into(">I", record, 4, struct.unpack_from(">I", record, 4)[0] + 1000 * PAUSE_S)
            struct.pack_into(">I", record, 14, (struct.unpack_from(">I", record, 14)[0] + ticks) % 2**32)
        out += record
    return bytes(out)


def missing(data, folder):
    folder.mkdir()
    dump = folder / "dump.mjr"
    dump.write_bytes(data)
    subprocess.run([INGEST, "-q", "--archive", folder / "archive", "--create", dump], check=False, stdout=subprocess.DEVNULL)
    report = next((folder / "archive").glob("meetings/*/*/*/*/reports/missing.json"))
    return json.loads(report.read_text())["tracks"][0]


def main():
    failed = False
    with tempfile.TemporaryDirectory() as work:
        for name, at, rate in (("microphone", 800, 48_000), ("microphone", 800, 0), ("camera", 400, 90_000)):
            data = next(COUNCIL.glob(f"*102*{'audio' if name == 'microphone' else 'video'}*.mjr")).read_bytes()
            whole, lossy = (missing(paused(data, at, rate * PAUSE_S, lost), pathlib.Path(work) / f"{name}{rate}{lost}")
                            for lost in (False, True))
            told = {key: lossy[key] - whole[key] for key in ("packets_lost", "concealment_ms", "silence_ms", "freeze_ms", "stall_ms")}
            print(name, rate, told, "stall", lossy["stall_ms"])
            good = (told["packets_lost"] == 1 and told["silence_ms"] == 0 and told["concealment_ms"] <= 20
                    and told["freeze_ms"] < 6000 and 58_000 < lossy["stall_ms"] < 61_000)
            if not good:
                print(f"FAIL: {name}, RTP time goes on at {rate} Hz: {told}")
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
