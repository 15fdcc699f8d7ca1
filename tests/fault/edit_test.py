#!/usr/bin/env python3
"""greffe-catalog edit at every fault: the meeting has its old title or its new one, in the folder as in the catalog,
and the same command again completes (R77, R78, R92)."""

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

if not os.path.exists(BIN + "greffe-ingest") or not os.path.exists(BIN + "greffe-catalog"):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "archive"
    meeting = subprocess.run([BIN + "greffe-ingest", "--archive", str(before), "--create", SOURCE], check=True,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()
    copies = fault.Copies(before)
    fault.main(fault.Scenario(
        name="greffe-catalog edit", program=BIN + "greffe-catalog",
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "ENOSPC+": 2, "TERM": 4},
        prepare=lambda folder: copies.write(folder / "archive"),
        check_whole=lambda folder: archive_state.check_whole(folder / "archive"),
        result=lambda folder: archive_state.state(folder / "archive"),
        command=lambda folder: [BIN + "greffe-catalog", "edit", "--archive", str(folder / "archive"), "--title",
                                "The orchard", "--name", "bruno=Bruno K.", meeting]))
