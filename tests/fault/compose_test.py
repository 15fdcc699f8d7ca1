#!/usr/bin/env python3
"""greffe-compose at every fault: the meeting has no film or the whole one with its papers, in the folder as in the
catalog, and the same command again completes (R77, R78, R92)."""

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
FILM_FILES = ("film-grid-160x90.webm", "film-grid-160x90.vtt", "film-grid-160x90.webm.receipt.json")


def check_whole(folder):
    archive_state.check_whole(folder / "archive")
    (renders,) = (folder / "archive" / "meetings").glob("*/*/*/*/renders")
    seen = sorted(file.name for file in renders.iterdir() if not file.name.startswith("."))
    assert seen in ([], sorted(FILM_FILES)), f"renders/ holds {seen}"


def result(folder):
    (renders,) = (folder / "archive" / "meetings").glob("*/*/*/*/renders")
    return archive_state.state(folder / "archive") if any(renders.glob("*.webm")) else None


if not os.path.exists(BIN + "greffe-ingest") or not os.path.exists(BIN + "greffe-compose"):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "archive"
    meeting = subprocess.run([BIN + "greffe-ingest", "--archive", str(before), "--create", SOURCE], check=True,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()
    copies = fault.Copies(before)
    fault.main(fault.Scenario(
        name="greffe-compose", program=BIN + "greffe-compose",
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "ENOSPC+": 8, "TERM": 16},
        prepare=lambda folder: copies.write(folder / "archive"),
        check_whole=check_whole, result=result,
        command=lambda folder: [BIN + "greffe-compose", "--archive", str(folder / "archive"), "--quiet", "--size",
                                "160x90", "--fps", "2", "--video", "vp8", meeting]))
