#!/usr/bin/env python3
"""greffe-retain request add and answer at every fault: what was recorded stands in disposals/requests/ whole or not at all,
is journaled, and the same command again completes (H13, R77)."""

import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402
import starter  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SAMPLE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short/bruno-audio.mjr"
ACTIONS = {"erasure-request": "request", "erasure-answer": "answer"}


def documents(archive):
    """What the requests say, without the times at which it was said."""
    files = (archive / "disposals" / "requests").glob("*.json")
    return {file.name: {name: value for name, value in json.loads(file.read_text()).items() if name not in ("recorded", "when")}
            for file in files}


def outcomes(archive):
    """How the newest entry of each file ended."""
    last = {}
    for line in archive_state.journal_lines(archive):
        entry = json.loads(line)
        if entry["action"] in ACTIONS:
            last[entry["subjects"][0].replace("request", ACTIONS[entry["action"]]) + ".json"] = entry["outcome"]
    return last


def result(archive):
    there, told = documents(archive), outcomes(archive)
    return there if {name for name, outcome in told.items() if outcome == "done"} == set(there) else None


def check(archive):
    archive_state.check_whole(archive)
    assert set(documents(archive)) <= set(outcomes(archive)), "a file nobody journaled"
    starter.answer_of(BIN + "greffe-retain", "--archive", str(archive), "request", "list", "--json")


def scenario(name, *command):
    return fault.archive_scenario(
        before, result, check, name=name, program=BIN + "greffe-retain",
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "KILL_BEFORE": 3, "ENOSPC+": 4, "TERM": 8},
        command=lambda folder: [BIN + "greffe-retain", "--archive", str(folder / "archive"), *command])


if not all(os.path.exists(BIN + name) for name in ("greffe-ingest", "greffe-retain")):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "before"
    meeting = fault.output_of(BIN + "greffe-ingest", "--archive", str(before), "--create", SAMPLE)
    fault.output_of(BIN + "greffe-retain", "--archive", str(before), "request", "add", "--reference", "DPO 1",
                    "--meeting", meeting)
    fault.main(
        scenario("greffe-retain request add", "request", "add", "--reference", "DPO 2", "--meeting", meeting),
        scenario("greffe-retain request answer", "request", "answer", "1", "--outcome", "refused", "--reason", "kept"))
