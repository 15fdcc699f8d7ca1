#!/usr/bin/env python3
"""greffe-ingest --into and --record-of at every fault: the meeting has the late track whole or not at all, in the folder
as in the catalog; a record of its own is there whole or not at all; and the same command again completes (R77, R78, R92).
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SOURCE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short"


def late_state(archive):
    late = any(archive.glob("meetings/*/*/*/*/tracks/*camera*.mkv"))
    return archive_state.state(archive) if late else None


def record_state(archive):
    return archive_state.state(archive) if len(archive_state.meeting_folders(archive)) == 2 else None


def scenario(name, result, modes, *rest):
    return fault.Scenario(
        name=f"greffe-ingest {name}", program=BIN + "greffe-ingest", modes=modes,
        prepare=lambda folder: copies.write(folder / "archive"),
        check_whole=lambda folder: archive_state.check_whole(folder / "archive"),
        result=lambda folder: result(folder / "archive"),
        command=lambda folder: [BIN + "greffe-ingest", "--jobs", "1", "--archive", str(folder / "archive"), name, meeting, *rest])


if not os.path.exists(BIN + "greffe-ingest"):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "archive"
    meeting = subprocess.run([BIN + "greffe-ingest", "--archive", str(before), "--create", SOURCE + "/bruno-audio.mjr"],
                             check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()
    copies = fault.Copies(before)
    fault.main(
        scenario("--into", late_state, {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "ENOSPC+": 8, "TERM": 16}, SOURCE + "/bruno-video.mjr"),
        scenario("--record-of", record_state, {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "TERM": 16}, "--class", "minutes",
                 SOURCE + "/meeting.json", SOURCE + "/words.vtt"))
