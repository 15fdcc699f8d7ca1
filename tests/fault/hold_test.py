#!/usr/bin/env python3
"""greffe-hold place and release, and an edit that brings a meeting under a hold, at every fault: the hold stands in
holds/ and in the catalog or in neither, and the same command again completes (H3, R77, R78, R92)."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fault  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SOURCE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short"
BASE = ["--matter", "M", "--owner", "legal", "--reason", "r"]


def rows(archive, sql):
    catalog = sqlite3.connect(f"file:{archive}/catalog.sqlite?mode=ro", uri=True)
    try:
        return catalog.execute(sql).fetchall()
    finally:
        catalog.close()


def files(archive):
    """What holds/ says: every file whole, by name."""
    return {str(file.relative_to(archive)): json.loads(file.read_text()) for file in archive.glob("holds/*/*.json")}


def check_whole(archive):
    for path in archive.glob("holds/*"):
        assert (path / "hold.json").is_file() and (path / "members-000001.json").is_file(), f"{path} is half there"
    known = {row[0] for row in rows(archive, "SELECT id FROM holds")}
    assert known <= {path.name for path in archive.glob("holds/*")}, "a row without its files"
    files(archive)


def result(archive):
    """Members by hold, and what was released: in the catalog as in the files; None where they differ."""
    members = set(rows(archive, "SELECT hold, meeting FROM hold_members"))
    stored = {(document["hold"], member["meeting"]) for document in files(archive).values()
              if "members" in document for member in document["members"]}
    released = {row[0] for row in rows(archive, "SELECT id FROM holds WHERE released_date <> ''")}
    stored_released = {document["hold"] for document in files(archive).values() if "released_by" in document}
    titles = rows(archive, "SELECT title FROM meetings")
    return (members, released, titles) if members == stored and released == stored_released else None


def scenario(name, before, initial, command):
    def effect(folder):
        found = result(folder / "archive")
        return None if found == initial else found
    return fault.Scenario(
        name=name, program=BIN + "greffe-hold",
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "KILL_BEFORE": 4, "ENOSPC+": 8, "TERM": 16},
        prepare=lambda folder: shutil.copytree(before, folder / "archive") and None,
        check_whole=lambda folder: check_whole(folder / "archive"),
        result=effect, command=lambda folder: command(str(folder / "archive")))


def run(*command):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()


if not os.path.exists(BIN + "greffe-hold"):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    bare = pathlib.Path(root) / "bare"
    meeting = run(BIN + "greffe-ingest", "--archive", str(bare), "--create", SOURCE + "/bruno-audio.mjr")
    held = pathlib.Path(root) / "held"
    shutil.copytree(bare, held)
    hold = run(BIN + "greffe-hold", "place", "--archive", str(held), *BASE, "--where", "title <> ''").splitlines()[-1]
    waiting = pathlib.Path(root) / "waiting"
    shutil.copytree(bare, waiting)
    run(BIN + "greffe-hold", "place", "--archive", str(waiting), *BASE, "--query", "title:Renamed", "--blocks", "dispose")
    problems = 0
    for one in (
            scenario("greffe-hold place", bare, result(bare),
                     lambda archive: [BIN + "greffe-hold", "place", "--archive", archive, *BASE, "--where", "title <> ''"]),
            scenario("greffe-hold release", held, result(held),
                     lambda archive: [BIN + "greffe-hold", "release", "--archive", archive, hold, "--reason", "r",
                                      "--same-person"]),
            scenario("greffe-catalog edit under a live hold", waiting, result(waiting),
                     lambda archive: [BIN + "greffe-catalog", "edit", "--archive", archive, meeting, "--title", "Renamed"])):
        try:
            fault.main(one)
        except SystemExit as ended:
            if ended.code == fault.SKIPPED:
                raise
            problems += int(ended.code or 0)
    sys.exit(1 if problems else 0)
