#!/usr/bin/env python3
"""greffe-catalog init, rebuild, load and backup at every fault: the catalog is the one before or the new one, with all its
rows, a damaged one is kept, and the same command again completes (R77, R78, R92)."""

import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402

PROGRAM = os.environ["GREFFE_BUILD"] + "/bin/greffe-catalog"
INGEST = os.environ["GREFFE_BUILD"] + "/bin/greffe-ingest"
SAMPLE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short"
MODES = {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "ENOSPC+": 8, "TERM": 16}
FEWER = {"ENOSPC": 3, "EIO": 3, "KILL_AFTER": 3}  # of what does nearly all that rebuild does
DAMAGED = b"no catalog\n" * 1000


def titles(file):
    catalog = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return [row[0] for row in catalog.execute("SELECT title FROM meetings")]
    finally:
        catalog.close()


def set_aside(archive):
    return [file.read_bytes() == DAMAGED for file in archive.glob("catalog.sqlite.damaged-[0-9]")]


def check_stale(archive):
    archive_state.check_whole(archive)
    assert titles(archive / "catalog.sqlite") in (["stale"], TITLES), "neither the catalog before nor the new one"


def check_damaged(archive):
    """The folders and the journal hold; what was damaged is there, in its place or aside, byte for byte."""
    archive_state.check_journal(archive)
    for folder in archive_state.meeting_folders(archive):
        archive_state.check_folder(folder)
    file = archive / "catalog.sqlite"
    if file.exists() and file.read_bytes() == DAMAGED:
        assert not set_aside(archive), "damaged, and set aside as well"
    else:
        assert set_aside(archive) == [True], "what was damaged is gone"
        archive_state.check_catalog(archive)


def rebuilt(archive):
    file = archive / "catalog.sqlite"
    if not file.exists() or file.read_bytes() == DAMAGED:
        return None
    return archive_state.state(archive), titles(file), set_aside(archive)


def check_made(folder):
    archive = folder / "archive"
    if (archive / "archive.json").exists():
        assert (archive / "archive.json").read_text().endswith("}\n"), "half an archive.json"
    archive_state.check_whole(archive)


def made(folder):
    archive = folder / "archive"
    if not (archive / "archive.json").exists() or not (archive / "catalog.sqlite").exists():
        return None
    names = sorted(str(path.relative_to(archive)) for path in archive.rglob("*") if path.is_dir())
    return names, titles(archive / "catalog.sqlite")


def check_copy(folder):
    archive_state.check_whole(folder / "archive")
    if (folder / "copy.sqlite").exists():
        assert titles(folder / "copy.sqlite") == TITLES, "half a copy"


def copied(folder):
    return titles(folder / "copy.sqlite") if (folder / "copy.sqlite").exists() else None


def scenario(name, modes, before, check, result, *words, once=False):
    """`once`: what is done is refused the next time."""
    return fault.archive_scenario(
        before, result, check, name=f"greffe-catalog {name}", program=PROGRAM, modes=modes,
        command=lambda folder: [] if once and result(folder / "archive") else
        [PROGRAM, "--archive", str(folder / "archive"), *words])


if not os.path.exists(PROGRAM) or not os.path.exists(INGEST):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    stale = pathlib.Path(root) / "stale"
    fault.output_of(INGEST, "--archive", str(stale), "--create", SAMPLE)
    TITLES = titles(stale / "catalog.sqlite")
    whole = fault.Copies(stale)
    damaged = pathlib.Path(root) / "damaged"
    whole.write(damaged)
    (damaged / "catalog.sqlite").write_bytes(DAMAGED)
    lost = pathlib.Path(root) / "lost"
    whole.write(lost)
    (lost / "catalog.sqlite").unlink()
    rows = pathlib.Path(root) / "rows"
    rows.write_text(fault.output_of(PROGRAM, "--archive", str(stale), "dump") + "\n")
    marked = sqlite3.connect(stale / "catalog.sqlite")
    with marked:
        marked.execute("UPDATE meetings SET title = 'stale'")
    marked.close()
    fault.main(
        fault.Scenario(name="greffe-catalog init", program=PROGRAM, modes=MODES, check_whole=check_made, result=made,
                       command=lambda folder: [PROGRAM, "--archive", str(folder / "archive"), "init"]),
        scenario("rebuild", MODES, stale, check_stale, rebuilt, "rebuild"),
        scenario("rebuild of a damaged one", FEWER, damaged, check_damaged, rebuilt, "rebuild"),
        scenario("load", FEWER, lost, archive_state.check_whole, rebuilt, "load", str(rows), once=True),
        fault.Scenario(name="greffe-catalog backup", program=PROGRAM, modes=MODES, check_whole=check_copy, result=copied,
                       prepare=lambda folder: whole.write(folder / "archive"),
                       command=lambda folder: [] if copied(folder) else
                       [PROGRAM, "--archive", str(folder / "archive"), "backup", str(folder / "copy.sqlite")]))
