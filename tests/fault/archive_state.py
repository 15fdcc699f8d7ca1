"""What must hold of an archive at any moment, and what it is in the end."""

import hashlib
import json
import pathlib
import sqlite3

ZEROS = "0" * 64


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def meeting_folders(archive: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in archive.glob("meetings/*/*/*/*") if path.is_dir() and not path.name.startswith(".")]


def files_of(folder: pathlib.Path) -> dict[str, str]:
    """Digests of the files of a meeting folder, but the chunks of films that are not done (DESIGN 3)."""
    unfinished = folder / "renders" / ".work"
    return {str(path.relative_to(folder)): sha256(path.read_bytes())
            for path in sorted(folder.rglob("*")) if path.is_file() and unfinished not in path.parents}


def check_folder(folder: pathlib.Path) -> None:
    """Every file is in the manifest with its digest, and the other way round."""
    manifest = folder / "manifest-sha256.txt"
    assert manifest.exists(), f"{folder.name} can be seen without a manifest"
    files = files_of(folder)
    del files["manifest-sha256.txt"]
    listed = dict(reversed(line.split("  ", 1)) for line in manifest.read_text().splitlines())
    assert listed == files, f"{folder.name}: manifest and files differ: {set(listed.items()) ^ set(files.items())}"


def journal_lines(archive: pathlib.Path) -> list[bytes]:
    """The whole lines of the journal. The last line of the newest segment may be torn."""
    lines = []
    segments = sorted(archive.glob("journal/*.jsonl"))
    for segment in segments:
        *whole, torn = segment.read_bytes().split(b"\n")
        assert not torn or segment == segments[-1], f"{segment.name} ends in a torn line"
        lines += whole
    return lines


def check_journal(archive: pathlib.Path) -> None:
    previous = ZEROS
    for number, line in enumerate(journal_lines(archive), 1):
        entry = json.loads(line)
        assert entry["seq"] == number, f"journal: entry {entry['seq']} where {number} is due"
        assert entry["prev"].removeprefix("sha256:") == previous, f"journal: entry {number} is not chained"
        previous = sha256(line)


def open_catalog(archive: pathlib.Path) -> sqlite3.Connection | None:
    file = archive / "catalog.sqlite"
    return sqlite3.connect(file) if file.exists() else None


def check_catalog(archive: pathlib.Path) -> None:
    database = open_catalog(archive)
    if database is None:
        return
    (answer,), = database.execute("PRAGMA quick_check").fetchall()
    assert answer == "ok", f"catalog: {answer}"
    there = {folder.name for folder in meeting_folders(archive)}
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'meetings'").fetchall():
        known = {row[0] for row in database.execute("SELECT id FROM meetings")}
        assert known <= there, f"catalog: meetings without a folder: {known - there}"
    database.close()


def check_whole(archive: pathlib.Path) -> None:
    check_journal(archive)
    for folder in meeting_folders(archive):
        check_folder(folder)
    check_catalog(archive)


def rows(database: sqlite3.Connection, table: str) -> list[tuple]:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "number"]
    return sorted(database.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall())


def state(archive: pathlib.Path):
    """All folders and all rows of the catalog; the journal may tell of more than one attempt."""
    left = [path.name for path in archive.glob("staging/*")]
    assert not left, f"left in staging: {left}"
    database = open_catalog(archive)
    folders = meeting_folders(archive)
    if database is None or not folders:
        return None
    tables = [row[0] for row in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_words%' AND name <> 'journal' "
        "AND name NOT LIKE 'sqlite_%'")]
    catalog = {table: rows(database, table) for table in tables}
    found = database.execute("SELECT count(*) FROM cue_words WHERE cue_words MATCH '\"apple trees\"'").fetchone()[0]
    indexed = [row[0].encode() for row in database.execute("SELECT entry FROM journal ORDER BY seq")]
    database.close()
    return ({folder.name: files_of(folder) for folder in folders}, catalog, found,
            "indexed" if indexed == journal_lines(archive) else "the index of the journal is not the journal")
