#!/usr/bin/env python3
"""One meeting in two lists: what was destroyed through one is over in the other, which says by which, so that it closes; and
whoever looks at lists reads only those whose end is open (RETENTION 5)."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import disposal_archive as made  # noqa: E402


def retain(archive: pathlib.Path, *arguments: str, wanted: int = 0, **options) -> str:
    done = subprocess.run([made.BIN + "greffe-retain", "--archive", str(archive), *arguments], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    assert done.returncode == wanted, f"{arguments}: exit {done.returncode}, not {wanted}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def say(archive: pathlib.Path, disposal: str, *verdicts: str) -> None:
    retain(archive, "approve", disposal, "--digest", made.digest_of(archive, disposal), *verdicts, env=made.as_another())


def states(archive: pathlib.Path, disposal: str) -> dict[str, str]:
    lines = json.loads(retain(archive, "proposals", disposal, "--format", "json"))["lines"]
    return {line["meeting"]: line["state"] for line in lines}


def summaries(archive: pathlib.Path) -> dict[str, dict]:
    lines = [json.loads(line) for line in retain(archive, "--json", "proposals").splitlines()]
    return {line["list"]: line["states"] for line in lines}


def valid(text: str, root: pathlib.Path) -> None:
    (root / "valid.json").write_text(text)
    subprocess.run([sys.executable, os.environ["GREFFE_SOURCE"] + "/tests/support/valid_json.py", str(root / "valid.json")],
                   check=True)


with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder)
    archive = root / "archive"
    first, second = made.make(archive, 2)
    one = made.propose(archive)
    # Put off to today: it may be in another list, and this one stays open for the rest.
    say(archive, one, "--defer", f"{first}={time.strftime('%Y-%m-%d')}")
    other = retain(archive, "-q", "propose", "--meeting", first)
    say(archive, other, "--accept-all")
    made.carry(archive, "apply", other)
    made.carry(archive, "purge", other)
    assert states(archive, other) == {first: "destroyed"}
    assert states(archive, one) == {first: "destroyed-elsewhere", second: "proposed"}
    say(archive, one, "--accept-all")
    assert states(archive, one) == {first: "destroyed-elsewhere", second: "approved"}, "D4: no word brings it back"
    assert summaries(archive) == {one: {"approved": 1, "destroyed-elsewhere": 1}, other: {"destroyed": 1}}
    lines = [json.loads(line) for line in retain(archive, "--json", "apply", one).splitlines()]
    assert (lines[0]["code"], lines[0]["why"]) == ("DESTROYED_ELSEWHERE", "through " + other), lines
    shown = retain(archive, "proposals", one, "--lang", "fr")
    assert f"[éliminé par un autre bordereau {other}]" in shown.replace("\n      ", " "), shown
    valid(retain(archive, "proposals", one, "--format", "json"), root)

    # A file that does not hold is a matter of those who look at its list.
    text = (archive / "disposals" / one / "list.json").read_text()
    (archive / "disposals" / one / "list.json").write_text(text.replace("council", "Council"))
    retain(archive, "proposals", other)
    retain(archive, "certificate", other)
    retain(archive, "proposals", one, wanted=5)
    retain(archive, "proposals", wanted=5)
    (archive / "disposals" / one / "list.json").write_text(text)

    # The rest is refused: nothing can come of the list any more.
    say(archive, one, "--refuse", second)
    closed = json.loads((archive / "disposals" / one / "closed.json").read_text())
    valid(json.dumps(closed), root)
    assert closed["lines"] == [{"meeting": first, "outcome": "destroyed-elsewhere", "destroyed_by": other},
                               {"meeting": second, "outcome": "refused"}], closed
    assert states(archive, one) == {first: "destroyed-elsewhere", second: "refused"}
    made.run("greffe-verify", "catalog", "--archive", str(archive))
    made.run("greffe-catalog", "rebuild", "--archive", str(archive))
    made.run("greffe-verify", "catalog", "--archive", str(archive))
    # Both are closed: the catalog alone tells.
    for disposal in (one, other):
        (archive / "disposals" / disposal / "list.json").write_text("{}")
    assert summaries(archive) == {one: {"destroyed-elsewhere": 1, "refused": 1}, other: {"destroyed": 1}}
    asked = made.run("greffe-catalog", "--archive", str(archive), "sql", "SELECT outcome FROM v_disposal_lines ORDER BY 1")
    assert asked.split()[-3:] == ["destroyed", "destroyed-elsewhere", "refused"], asked
print("one meeting, two lists: over in both, and told by which")
