#!/usr/bin/env python3
"""greffe-retain propose, approve, apply, restore and purge at every fault: nothing is lost that was not approved, nothing
is destroyed without its line, and the same command again ends where a run without faults does (RETENTION D5)."""

import os
import pathlib
import re
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import disposal_archive as made  # noqa: E402
import fault  # noqa: E402

if not os.path.exists(made.BIN + "greffe-retain"):
    sys.exit(fault.SKIPPED)


def result(archive):
    """Where every meeting is, what stands in disposals/, and what the catalog has of both."""
    places = {name: path.parent.name for name, path in made.folders(archive).items()}
    files = sorted(re.sub("disposal-[0-9]{8}-[0-9a-f]{6}", "LIST", str(path.relative_to(archive)))
                   for path in archive.glob("disposals/**/*") if path.is_file() and path.name != ".reserve")
    left = [path.name for path in archive.glob("staging/*")]
    assert not left, f"left in staging: {left}"
    catalog = sqlite3.connect(f"file:{archive}/catalog.sqlite?mode=ro", uri=True)
    try:
        rows = sorted(catalog.execute("SELECT id FROM meetings").fetchall())
        words = catalog.execute("SELECT count(*) FROM cue_words WHERE cue_words MATCH 'zuleika'").fetchone()[0]
        lines = sorted(catalog.execute("SELECT meeting, trashed_utc <> '', restored_utc <> '', destroyed_utc <> '', outcome "
                                       "FROM disposal_lines").fetchall())
    finally:
        catalog.close()
    return places, files, rows, words, lines, sorted(made.certified(archive))


with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    base = pathlib.Path(root)
    due = base / "due"
    ids = made.make(due, 2)

    def after(name, before, step):
        copy = base / name
        shutil.copytree(before, copy)
        step(copy)
        return copy

    proposed = after("proposed", due, made.propose)
    disposal = next(proposed.glob("disposals/disposal-*")).name
    approved = after("approved", proposed, lambda archive: made.approve(archive, disposal))
    trashed = after("trashed", approved, lambda archive: made.carry(archive, "apply", disposal))
    planned = {verb: made.simulated(archive, verb, disposal) for verb, archive in (("apply", approved), ("purge", trashed))}
    (approved / "disposals" / ".reserve").unlink()  # apply makes it anew

    def scenario(name, before, *arguments, another=False):
        return fault.archive_scenario(
            before, result, lambda archive: made.check_whole(archive, ids), name=f"greffe-retain {name}",
            program=made.BIN + "greffe-retain",
            modes={"ENOSPC": 1, "EIO": 1, "KILL_BEFORE": 1, "KILL_AFTER": 1, "ENOSPC+": 4, "TERM": 16},
            command=lambda folder: [made.BIN + "greffe-retain", "--archive", str(folder / "archive"), *arguments],
            environment={"SUDO_USER": "anna"} if another else {}, exits_of_fault=(1, 3))

    fault.main(
        scenario("propose", due, "propose", "--all"),
        scenario("approve", proposed, "approve", disposal, "--digest", made.digest_of(proposed, disposal), "--accept-all",
                 another=True),
        scenario("apply", approved, "apply", disposal, "--apply", planned["apply"]),
        scenario("restore", trashed, "restore", ids[0], "--reason", "r"),
        scenario("purge", trashed, "purge", disposal, "--apply", planned["purge"]))
