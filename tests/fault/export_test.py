#!/usr/bin/env python3
"""greffe-export at every fault: what has the name of a package is whole and in the register, what is half made has none,
and the same command again ends as a run without faults, byte for byte (D10, R77, R78)."""

import hashlib
import json
import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import archive_state  # noqa: E402
import fault  # noqa: E402
import read_bag  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SAMPLE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short/bruno-audio.mjr"


def register(archive):
    """What exports/ says, without the time at which it was said, and where the test lay."""
    documents = {file.name: json.loads(file.read_text()) for file in (archive / "exports").glob("export-*.json")}
    return {name: {key: value for key, value in document.items() if key not in ("exported", "target")}
            for name, document in documents.items()}


def outcomes(archive):
    """How the newest entry of each export ended."""
    last = {}
    for line in archive_state.journal_lines(archive):
        entry = json.loads(line)
        if entry["action"] == "export":
            last[entry["subjects"][0]] = entry["outcome"]
    return last


def bags(target):
    if target.name == "parts":
        return sorted(path for path in target.iterdir() if path.name != "JOIN.txt")
    return [target]


def check_target(folder, target):
    visible = {path.name for path in (folder / "out").iterdir() if not path.name.startswith(".")}
    assert visible <= {target.name}, f"somebody sees {visible}"
    if not target.exists():
        return
    digests = set()
    for bag in bags(target):
        wrong = read_bag.verdict(bag)
        assert not wrong, f"{bag.name}: {wrong[:3]}"
        known = bag if bag.is_file() else bag / "tagmanifest-sha512.txt"
        digests.add(hashlib.sha256(known.read_bytes()).hexdigest())
    there = [{part["sha256"] for part in document["parts"]} for document in register(folder / "archive").values()]
    assert digests in there, "a package that the register does not know"


def check_whole(folder, target):
    archive_state.check_whole(folder / "archive")
    check_target(folder, folder / "out" / target)
    told = outcomes(folder / "archive")
    assert {name.removesuffix(".json") for name in register(folder / "archive")} <= set(told), "an export nobody journaled"


def result(folder, target):
    package, archive = folder / "out" / target, folder / "archive"
    if not package.exists() or set(outcomes(archive).values()) != {"done"}:
        return None
    catalog = sqlite3.connect(f"file:{archive}/catalog.sqlite?mode=ro", uri=True)
    rows = catalog.execute("SELECT meeting, export, sha256 FROM v_exports").fetchall()
    catalog.close()
    if not rows:
        return None
    files = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in (folder / "out").rglob("*") if path.is_file()}
    return files, register(archive), rows


def scenario(name, target, modes, *options):
    def prepare(folder):
        (folder / "out").mkdir()
        copies.write(folder / "archive")

    def command(folder):
        # What is done is not done again: the same command would find its own package and refuse.
        if result(folder, target) is not None:
            return []
        return [BIN + "greffe-export", "--archive", str(folder / "archive"), meeting, "--date", "2026-11-20",
                "--recipient", "r", "-o", str(folder / "out" / target), *options]
    return fault.Scenario(
        name=name, program=BIN + "greffe-export", prepare=prepare, modes=modes,
        check_whole=lambda folder: check_whole(folder, target), result=lambda folder: result(folder, target),
        command=command)


if not all(os.path.exists(BIN + name) for name in ("greffe-ingest", "greffe-export")):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "before"
    meeting = fault.output_of(BIN + "greffe-ingest", "--archive", str(before), "--create", SAMPLE)
    copies = fault.Copies(before)
    fault.main(
        scenario("greffe-export to a tar", "bag.tar",
                 {"ENOSPC": 1, "EIO": 1, "EDQUOT": 4, "SHORT": 2, "EINTR": 4, "KILL_AFTER": 1, "KILL_BEFORE": 2,
                  "ENOSPC+": 4, "TERM": 4}),
        scenario("greffe-export to a folder", "bag", {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "SHORT": 8, "TERM": 16}),
        scenario("greffe-export to parts", "parts", {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1}, "--tar", "--max-part", "60k"))
