#!/usr/bin/env python3
"""What is being packed does not go meanwhile, and goes once that is over or its program dead (RETENTION R13, EXPORT_OPEN):
an export and a disposal in two processes."""

import fcntl
import hashlib
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import disposal_archive as made  # noqa: E402


class Lock:
    """The kernel's lock on a file, as greffe takes it."""

    def __init__(self, file: pathlib.Path):
        self.file = os.open(file, os.O_RDWR | os.O_CREAT, 0o640)
        fcntl.fcntl(self.file, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.file)


def is_held(file: pathlib.Path) -> bool:
    with file.open("rb") as opened:
        asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        return struct.unpack("hhqqi4x", fcntl.fcntl(opened, fcntl.F_OFD_GETLK, asked))[0] != fcntl.F_UNLCK


def begun_export(archive: pathlib.Path, meeting: str, target: pathlib.Path) -> subprocess.Popen:
    """One that has announced its meeting, and waits where the meeting's lock is taken by us."""
    process = subprocess.Popen([made.BIN + "greffe-export", "--archive", str(archive), "-o", str(target), meeting],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for _ in range(2000):
        if [path for path in (archive / "locks/open-exports").glob("[0-9]*") if is_held(path)]:
            break
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.01)
    process.send_signal(signal.SIGSTOP)
    return process


def codes(archive: pathlib.Path, *command: str, wanted: int = 0) -> dict[str, str]:
    done = subprocess.run([made.BIN + "greffe-retain", "--archive", str(archive), "--json", *command], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == wanted, f"{command}: exit {done.returncode}, not {wanted}: {done.stdout}{done.stderr}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["meeting"]: line["code"] for line in lines if "code" in line}


def carry(archive: pathlib.Path, verb: str, disposal: str, wanted: int) -> dict[str, str]:
    return codes(archive, verb, disposal, "--apply", made.simulated(archive, verb, disposal), wanted=wanted)


def why(archive: pathlib.Path, meeting: str) -> list[str]:
    return json.loads(made.run("greffe-catalog", "--archive", str(archive), "--json", "why", meeting))["codes"]


with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder)
    archive = root / "archive"
    packed, *others = made.make(archive, 3)
    disposal = made.propose(archive)
    made.approve(archive, disposal)

    # Killed: nothing says any more that it is open.
    with Lock(archive / "locks" / packed):
        export = begun_export(archive, packed, root / "killed.tar")
        assert "EXPORT_OPEN" in why(archive, packed)
        export.kill()
        export.communicate()
        assert "EXPORT_OPEN" not in why(archive, packed), "R13: it is dead"
        assert list((archive / "locks/open-exports").glob("[0-9]*")), "what it left"

    # At work: its meeting stays, the others go.
    with Lock(archive / "locks" / packed):
        export = begun_export(archive, packed, root / "bag.tar")
    assert len(list((archive / "locks/open-exports").glob("[0-9]*"))) == 1, "what the killed one left is gone"
    assert why(archive, packed)[0] == "EXPORT_OPEN"
    assert codes(archive, "plan")[packed] == "EXPORT_OPEN"
    assert codes(archive, "apply", disposal) == {packed: "EXPORT_OPEN", **dict.fromkeys(others, "TO_TRASH")}
    assert carry(archive, "apply", disposal, 3) == {packed: "EXPORT_OPEN", **dict.fromkeys(others, "TRASHED")}
    assert made.folders(archive)[packed].parent.name != "trash"

    # Over: it goes, and the certificate knows who has it.
    export.send_signal(signal.SIGCONT)
    error = export.communicate()[1]
    assert export.returncode == 0, error
    assert not list((archive / "locks/open-exports").glob("[0-9]*"))
    assert carry(archive, "apply", disposal, 0)[packed] == "TRASHED"

    # The same of what is in the trash.
    (archive / "locks/open-exports/7").write_text(others[0] + "\n")
    with Lock(archive / "locks/open-exports/7"):
        assert carry(archive, "purge", disposal, 3) == {others[0]: "EXPORT_OPEN", packed: "DESTROYED", others[1]: "DESTROYED"}
    assert carry(archive, "purge", disposal, 0)[others[0]] == "DESTROYED"
    certificate = json.loads((archive / "disposals" / disposal / "certificate-1.json").read_text())
    assert [line["code"] for line in certificate["skipped"]] == ["EXPORT_OPEN"], certificate
    assert certificate["exports"][0]["meetings"] == [packed], certificate

    # D10: its recipient is asked to destroy it, too.
    notice = made.run("greffe-retain", "--archive", str(archive), "certificate", disposal, "--number", "1", "--notice")
    for word in ("Request to destroy copies", "export-1", packed, f"{disposal} no. 1", "bag.tar", "signature"):
        assert word in notice, f"{word} is missing: {notice}"
    assert others[1] not in notice, "D10: what nobody else has is not in it"
    lines = root / "notice.json"
    made.run("greffe-retain", "--archive", str(archive), "certificate", disposal, "--number", "1", "--notice", "--export",
             "export-1", "--format", "json", "-o", str(lines))
    subprocess.run([sys.executable, os.environ["GREFFE_SOURCE"] + "/tests/support/valid_json.py", str(lines)], check=True)
    digest = hashlib.sha256((root / "bag.tar").read_bytes()).hexdigest()
    assert [part["sha256"] for part in json.loads(lines.read_text())["parts"]] == [digest]
    made.run("greffe-retain", "--archive", str(archive), "certificate", disposal, "--number", "2", "--notice")
    made.check_whole(archive, [packed, *others])
    made.run("greffe-verify", "catalog", "--archive", str(archive))
print("one export killed, one stopped, one over: what is open stays, and goes afterwards")
