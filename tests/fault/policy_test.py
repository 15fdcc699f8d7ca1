#!/usr/bin/env python3
"""greffe-retain rules add, activate and lock, and event, at every fault: what was decided stands in policy/ whole or not
at all, one set of rules is in force throughout, the rows follow, and the same command again completes (R10, E2, R77)."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402
import starter  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SOURCE = os.environ["GREFFE_SOURCE"]
NAME = re.compile(r"(rules|activation|lock|event)-\d+\.json$")
TIMES = ("decided", "recorded")
RULES = {"cooling_days": 30, "rules": [{"id": "all", "level": "default", "duration": "P1Y", "final_action": "destroy"}]}


def documents(archive):
    """What policy/ says, without the times at which it was said."""
    found = {}
    for file in (archive / "policy").glob("*"):
        if NAME.match(file.name):
            document = json.loads(file.read_text())
            found[file.name] = {name: value for name, value in document.items() if name not in TIMES}
    return found


def rows(archive):
    catalog = sqlite3.connect(f"file:{archive}/catalog.sqlite?mode=ro", uri=True)
    try:
        return {table: catalog.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall() for table, columns in (
            ("policies", "version"), ("activations", "number, version, effective_date"), ("policy_locks", "version"),
            ("events", "number, type, effective_date"), ("event_meetings", "meeting, event"))}
    finally:
        catalog.close()


def check_whole(archive):
    archive_state.check_whole(archive)
    there = documents(archive)
    numbers = {"policies": "rules", "activations": "activation", "policy_locks": "lock", "events": "event"}
    for table, kind in numbers.items():
        for row in rows(archive)[table]:
            assert f"{kind}-{row[0]}.json" in there, f"a row of {table} without its file"
    # R10: the rules that were in force are in force, until the day comes of those that were decided on.
    asked = starter.answer_of(BIN + "greffe-retain", "--archive", str(archive), "rules", "list", "--json")
    in_force = [line for line in asked.splitlines() if '"state":"in-force"' in line]
    assert len(in_force) == 1, f"{len(in_force)} versions are in force"


def outcomes(archive):
    """How the newest entry of each change ended."""
    last = {}
    for line in archive_state.journal_lines(archive):
        entry = json.loads(line)
        if entry["action"].startswith("rules-") or entry["action"] == "event":
            last[entry["action"] + entry["subjects"][0]] = entry["outcome"]
    return last


def result(archive):
    """None where rows and files differ: the work is not done then."""
    there, table = documents(archive), rows(archive)
    entered = sum(len(table[name]) for name in ("policies", "activations", "policy_locks", "events"))
    return (there, table, outcomes(archive)) if entered == len(there) else None


def scenario(name, before, command):
    return fault.archive_scenario(
        before, result, check_whole, name=name, program=BIN + "greffe-retain",
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "KILL_BEFORE": 3, "ENOSPC+": 4, "TERM": 8},
        command=lambda folder: [BIN + "greffe-retain", "--archive", str(folder / "archive"), *command])


if not os.path.exists(BIN + "greffe-retain") or not os.path.exists(BIN + "greffe-ingest"):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "before"
    meeting = fault.output_of(BIN + "greffe-ingest", "--archive", str(before), "--create",
                               SOURCE + "/tests/data/council_short/bruno-audio.mjr")
    retain = [BIN + "greffe-retain", "--archive", str(before)]
    files = [pathlib.Path(root) / f"rules-{number}.json" for number in (1, 2, 3)]
    files[0].write_text(json.dumps({"rules": []}))
    files[1].write_text(json.dumps(RULES))
    files[2].write_text(json.dumps(dict(RULES, notice_days=60)))
    for file in files[:2]:
        fault.output_of(*retain, "rules", "add", str(file))
    digest = [json.loads(fault.output_of(*retain, "rules", "diff", version, "--json"))["digest"] for version in "12"]
    fault.output_of(*retain, "rules", "activate", "1", "--diff", digest[0], "--reason", "none so far")
    digest = json.loads(fault.output_of(*retain, "rules", "diff", "2", "--json"))["digest"]
    fault.main(
        scenario("greffe-retain rules add", before, ["rules", "add", str(files[2])]),
        scenario("greffe-retain rules activate", before,
                 ["rules", "activate", "2", "--diff", digest, "--reason", "the schedule"]),
        scenario("greffe-retain rules lock", before, ["rules", "lock", "1", "--reason", "the visa"]),
        scenario("greffe-retain event", before,
                 ["event", "dossier_closed", "--meeting", meeting, "--on", "2026-11-20", "--evidence", "letter"]))
