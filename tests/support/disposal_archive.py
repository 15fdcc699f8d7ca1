"""Archives whose meetings are due, for the tests of disposal: as ingest leaves them, without media."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/fault")
import archive_state  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
RULES = {"notice_days": 0, "cooling_days": 0, "rules": [
    {"id": "council", "level": "default", "classes": ["council"], "duration": "P5Y", "grace_days": 0, "final_action": "destroy"}]}


def run(*command: str, **options) -> str:
    done = subprocess.run([BIN + command[0], *command[1:]], check=True, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, **options)
    return done.stdout.strip()


def as_another() -> dict[str, str]:
    return dict(os.environ, SUDO_USER="anna")


def meeting_id(number: int) -> str:
    return f"20210221-2230{number % 60:02d}Z-{number:010x}"


def add_meeting(archive: pathlib.Path, number: int) -> str:
    name = meeting_id(number)
    folder = archive / "meetings/2021/02/21" / name
    for part in ("dumps", "captions"):
        (folder / part).mkdir(parents=True)
    (folder / "dumps/a.mjr").write_text(f"dump {number}\n")
    (folder / "captions/cues.json").write_text(json.dumps({"schema": "greffe.cues/1", "cues": [
        {"start_ms": 0, "end_ms": 900, "speaker": "Zuleika", "text": f"quokka{number}"}]}))
    (folder / "meeting.json").write_text(json.dumps({
        "schema": "greffe.meeting/1", "id": name, "title": f"Xylophone{number}", "start": f"2021-02-21T22:30:{number % 60:02d}Z",
        "end_ns": 3600000000000, "origin": "janus", "class": "council",
        "participants": [{"id": "a", "name": "Zuleika", "tracks": []}], "transcripts": [], "witnesses": []}))
    lines = [f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n"
             for file in ("captions/cues.json", "dumps/a.mjr", "meeting.json")]
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    return name


def make(archive: pathlib.Path, meetings: int) -> list[str]:
    """An archive with that many meetings that may be proposed today."""
    run("greffe-catalog", "init", "--archive", str(archive))
    ids = [add_meeting(archive, number) for number in range(meetings)]
    run("greffe-catalog", "rebuild", "--archive", str(archive))
    rules = archive.parent / "rules.json"
    rules.write_text(json.dumps(RULES))
    run("greffe-retain", "--archive", str(archive), "rules", "add", str(rules))
    diff = json.loads(run("greffe-retain", "--archive", str(archive), "--json", "rules", "diff", "1"))
    run("greffe-retain", "--archive", str(archive), "rules", "activate", "1", "--diff", diff["digest"], "--reason", "r")
    return ids


def digest_of(archive: pathlib.Path, disposal: str) -> str:
    document = json.loads((archive / "disposals" / disposal / "list.json").read_text())
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha512(text.encode()).hexdigest()


def propose(archive: pathlib.Path) -> str:
    return run("greffe-retain", "-q", "--archive", str(archive), "propose", "--all")


def approve(archive: pathlib.Path, disposal: str) -> None:
    run("greffe-retain", "--archive", str(archive), "approve", disposal, "--digest", digest_of(archive, disposal),
        "--accept-all", env=as_another())


def simulated(archive: pathlib.Path, verb: str, disposal: str) -> str:
    return run("greffe-retain", "--archive", str(archive), verb, disposal, "--digest")


def carry(archive: pathlib.Path, verb: str, disposal: str) -> None:
    run("greffe-retain", "--archive", str(archive), verb, disposal, "--apply", simulated(archive, verb, disposal))


def tombstones(archive: pathlib.Path) -> set[str]:
    return {path.name.split(".")[0] for path in archive.glob("disposals/*/lines/*.tombstone.json")}


def certified(archive: pathlib.Path) -> set[str]:
    return {meeting for path in archive.glob("disposals/*/certificate-*.json")
            for meeting in json.loads(path.read_text())["meetings"]}


def folders(archive: pathlib.Path) -> dict[str, pathlib.Path]:
    there = {path.name: path for path in archive_state.meeting_folders(archive)}
    trashed = {path.name: path for path in archive.glob("trash/*")}
    assert not there.keys() & trashed.keys(), "in meetings/ and in trash/"
    return there | trashed


def check_whole(archive: pathlib.Path, ids: list[str]) -> None:
    """Nothing is lost that has no tombstone, and no tombstone is without its line in the journal."""
    archive_state.check_journal(archive)
    entries = [json.loads(line) for line in archive_state.journal_lines(archive)]
    purged = {entry["subjects"][0] for entry in entries if entry["action"] == "purge"}
    gone, there = tombstones(archive), folders(archive)
    assert gone <= purged, f"destroyed without a line: {gone - purged}"
    for meeting in ids:
        assert meeting in there or meeting in gone, f"{meeting} is lost"
        if meeting in there and meeting not in gone:
            archive_state.check_folder(there[meeting])
    for path in archive.glob("disposals/**/*.json"):
        if not path.name.startswith("."):
            json.loads(path.read_text())
