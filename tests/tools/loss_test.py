#!/usr/bin/python3
"""Packets are taken out of clean recordings, one by one and in bursts. The track must say which are missing, name
every picture that it lacks, and hold no picture that decodes to anything but what the clean recording shows then.

Of pictures with several spatial layers (VP9 SVC) each layer is held against the clean one of its size. Under a
sanitizer it is asked of some losses only, and what decodes is left to the run without.
"""
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
INGEST = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin" / "greffe-ingest"
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import lose_packets  # noqa: E402

TRACKS = [  # sample, dump, decoder of ffmpeg
    ("council", "videoroom-4100-user-101-1795175924651795-video-1.mjr", "vp8"),
    ("codecs", "videoroom-4100-user-101-1795175794104520-video-1.mjr", "vp9"),
    ("svc", "videoroom-4100-user-101-1795181264995716-video-1.mjr", "vp9"),
    ("svc", "videoroom-4100-user-102-1795181264979581-video-1.mjr", "vp9"),
    ("av1", "videoroom-4100-user-101-1795181231886047-video-1.mjr", "libdav1d"),
]
LOSSES = [(0.002, 1), (0.01, 1), (0.05, 1), (0.03, 12)]  # share of packets, length of a burst
# Of what a picture is not given out, or not with all layers, for.
CONDITIONS = ("frame-hole", "frame-unfinished", "frame-undecodable", "no-key-frame", "layer-lost")


def ingest(data, name, folder):
    """-> the track file, its sidecar"""
    folder.mkdir()
    dump = folder / name
    dump.write_bytes(data)
    done = subprocess.run([INGEST, "-q", "--archive", folder / "archive", "--create", dump], capture_output=True, check=False)
    assert done.returncode in (0, 3), done.stderr.decode()
    track = next((folder / "archive").glob("meetings/*/*/*/*/tracks/*.mkv"))
    return track, json.loads(track.with_suffix(".track.json").read_text())


def pictures(track, decoder):
    """-> {time in ms: {size: hash}}"""
    out = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-c:v", decoder, "-i", track, "-map", "0:v", "-fps_mode", "passthrough",
                          "-enc_time_base", "1/1000", "-autoscale", "0", "-f", "framemd5", "-"], capture_output=True, check=True)
    assert not out.stderr, out.stderr.decode()
    shown = collections.defaultdict(dict)
    for line in out.stdout.decode().splitlines():
        if not line.startswith("#"):
            _, _, time, _, size, digest = (field.strip() for field in line.split(","))
            shown[int(time)][int(size)] = digest
    return shown


def nearest(times, time):
    return min(times, key=lambda other: abs(other - time))


def check_told(sidecar, lost, sample):
    assert sidecar["lost"] == len(lost), (sample, sidecar["lost"], len(lost))
    told = [(loss["first_sequence"] + i) % 65536 for loss in sidecar["losses"] for i in range(loss["packets"])]
    assert told == lost, f"{sample}: the sidecar names other packets than were taken away"


def check(sample, name, decoder, work):
    places = (SOURCE / "examples" / "samples" / sample / name, SOURCE.parent / "shared" / "samples" / sample / name)
    data = next(place for place in places if place.exists()).read_bytes()
    if os.environ.get("GREFFE_SANITIZE"):
        for number, (rate, burst) in list(enumerate(LOSSES))[2:]:
            kept, lost = lose_packets.lose(data, rate, burst, number)
            _, sidecar = ingest(kept, name, work / f"{sample}-{name[20:24]}-{number}")
            check_told(sidecar, lost, sample)
        return
    track, _ = ingest(data, name, work / f"{sample}-{name[20:24]}-clean")
    clean = pictures(track, decoder)
    for number, (rate, burst) in enumerate(LOSSES):
        kept, lost = lose_packets.lose(data, rate, burst, number)
        track, sidecar = ingest(kept, name, work / f"{sample}-{name[20:24]}-{number}")
        check_told(sidecar, lost, sample)
        found = pictures(track, decoder)
        # The clock is fitted to the packets that came: all times may have moved by a little.
        shift = round(statistics.median(time - nearest(clean, time) for time in found))
        wrong = lower = 0
        for time, layers in found.items():
            same = clean[nearest(clean, time - shift)]
            wrong += any(same.get(size) != digest for size, digest in layers.items())
            lower += max(layers) < max(same)
        named = {damage["condition"]: damage for damage in sidecar["damage"] if damage["condition"] in CONDITIONS}
        absent = sum(damage["count" if name != "frame-hole" else "amount"]
                     for name, damage in named.items() if name != "layer-lost")
        print(f"{sample} {name[20:24]} {decoder}: {len(lost)} packets lost in runs of {burst}: {len(found)} of {len(clean)}"
              f" pictures, {lower} of a lower layer, {wrong} wrong; said: {({k: v['count'] for k, v in named.items()})}")
        assert wrong == 0
        # AV1 has no picture ids: how many units lie in a hole is written nowhere.
        named_all = len(clean) - len(found) <= absent or (decoder == "libdav1d" and "frame-hole" in named)
        assert named_all, "pictures are missing that nobody names"
        assert lower == 0 or "layer-lost" in named


def main():
    if not INGEST.exists() or not (SOURCE.parent / "shared" / "samples" / "svc").is_dir():
        sys.exit(77)
    with tempfile.TemporaryDirectory() as work:
        for sample, name, decoder in TRACKS:
            check(sample, name, decoder, pathlib.Path(work))


if __name__ == "__main__":
    main()
