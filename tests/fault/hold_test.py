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


def scenario(name, before, command):
    return fault.archive_scenario(
        before, result, check_whole, name=name, program=BIN + "greffe-hold",
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "KILL_BEFORE": 4, "ENOSPC+": 8, "TERM": 16},
        command=lambda folder: command(str(folder / "archive")))


if not os.path.exists(BIN + "greffe-hold"):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    bare = pathlib.Path(root) / "bare"
    meeting = fault.output_of(BIN + "greffe-ingest", "--archive", str(bare), "--create", SOURCE + "/bruno-audio.mjr")
    held = pathlib.Path(root) / "held"
    shutil.copytree(bare, held)
    hold = fault.output_of(BIN + "greffe-hold", "place", "--archive", str(held), *BASE, "--where", "title <> ''").splitlines()[-1]
    waiting = pathlib.Path(root) / "waiting"
    shutil.copytree(bare, waiting)
    fault.output_of(BIN + "greffe-hold", "place", "--archive", str(waiting), *BASE, "--query", "title:Renamed", "--blocks", "dispose")
    fault.main(
        scenario("greffe-hold place", bare,
                 lambda archive: [BIN + "greffe-hold", "place", "--archive", archive, *BASE, "--where", "title <> ''"]),
        scenario("greffe-hold release", held,
                 lambda archive: [BIN + "greffe-hold", "release", "--archive", archive, hold, "--reason", "r",
                                  "--same-person"]),
        scenario("greffe-catalog edit under a live hold", waiting,
                 lambda archive: [BIN + "greffe-catalog", "edit", "--archive", archive, meeting, "--title", "Renamed"]))
