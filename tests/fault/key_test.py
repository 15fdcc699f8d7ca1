#!/usr/bin/env python3
"""greffe-catalog key new, key retire, checkpoint and timestamp at every fault: a private key is whole, its owner's and
outside the archive, or not there; the journal holds, whatever stands in it; and the same command again completes
(R77, R78, R92)."""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402
import starter  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
CATALOG, VERIFY = BIN + "greffe-catalog", BIN + "greffe-verify"
MODES = {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "ENOSPC+": 8, "TERM": 16}


def run(*command, key=None):
    environment = {name: value for name, value in os.environ.items() if name != "GREFFE_KEY"}
    if key:
        environment["GREFFE_KEY"] = str(key)
    return subprocess.run([str(word) for word in command], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)


def entries(folder, action):
    return [entry for entry in map(json.loads, archive_state.journal_lines(folder / "archive")) if entry["action"] == action]


def checkpoints(folder):
    return sorted((folder / "archive/journal/checkpoints").glob("*.checkpoint"))


def check_whole(folder):
    archive_state.check_whole(folder / "archive")
    for key in folder.glob("*.pem"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600, f"{key.name} is not its owner's alone"
        pem = key.read_text()
        assert pem.startswith("-----BEGIN PRIVATE KEY-----\n") and pem.endswith("-----END PRIVATE KEY-----\n"), "half a key"
    for file in (folder / "archive").rglob("*"):
        assert not file.is_file() or b"PRIVATE KEY" not in file.read_bytes(), f"a private key in {file}"
    starter.answer_of(VERIFY, "journal", "--archive", str(folder / "archive"))


def key_state(folder, keys, signatures):
    """What is equal for equal effects: keys and checkpoints have random names."""
    introduced = entries(folder, "key-new")
    found = checkpoints(folder)
    if len(introduced) < keys or not found or len(list((folder / "archive/keys").glob("*.vkey"))) < keys:
        return None
    newest = found[-1].read_text()
    last = len(archive_state.journal_lines(folder / "archive"))
    if int(newest.splitlines()[1]) != last:
        return None
    return keys, [entry["outcome"] for entry in introduced], newest.count("\u2014 ") == signatures


def indexed(folder):
    database = archive_state.open_catalog(folder / "archive")
    lines = [row[0].encode() for row in database.execute("SELECT entry FROM journal ORDER BY seq")]
    database.close()
    return lines == archive_state.journal_lines(folder / "archive")


def scenario(name, before, words, result):
    copies = fault.Copies(before)
    return fault.Scenario(
        name=name, program=CATALOG, modes=MODES,
        prepare=copies.write,
        check_whole=check_whole,
        result=result,
        command=lambda folder: [CATALOG, "--archive", str(folder / "archive"),
                                *[word.replace("HERE", str(folder)) for word in words]])


def prepared(root, name, *commands):
    folder = pathlib.Path(root) / name
    folder.mkdir()
    for words in (["init"], *commands):
        done = run(CATALOG, "--archive", folder / "archive", *[word.replace("HERE", str(folder)) for word in words])
        assert done.returncode == 0, done.stderr
    return folder


def stamped(root, before):
    """An archive whose request an authority of our own has answered, in reply.tsr."""
    folder = pathlib.Path(root) / "stamped"
    shutil.copytree(before, folder)
    authority = os.environ["GREFFE_SOURCE"] + "/tests/support/time_authority.sh"
    done = run(CATALOG, "--archive", folder / "archive", "timestamp", "request")
    assert done.returncode == 0, done.stderr
    run("bash", "-c", f". {authority}; make_authority {folder}/tsa; answer {folder}/tsa {done.stdout.strip()} {folder}/reply.tsr")
    assert (folder / "reply.tsr").exists(), "openssl ts made no reply"
    return folder


def accepted(folder):
    tokens = list(folder.glob("archive/journal/checkpoints/*.tsr"))
    if not tokens or not entries(folder, "time-stamp"):
        return None
    return archive_state.sha256(tokens[0].read_bytes()), len(tokens), len(entries(folder, "time-stamp")), indexed(folder)


def retired(folder):
    state = key_state(folder, 2, 1)
    return state and (state, len(entries(folder, "key-retire")), indexed(folder))


if not os.path.exists(CATALOG) or not os.path.exists(VERIFY):
    sys.exit(fault.SKIPPED)
os.environ.pop("GREFFE_KEY", None)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    empty = prepared(root, "empty")
    one = prepared(root, "one", ["key", "new", "HERE/first.pem"])
    two = prepared(root, "two", ["key", "new", "HERE/first.pem"],
                   ["key", "new", "HERE/second.pem", "--key", "HERE/first.pem"])
    first_id = json.loads(run(CATALOG, "--archive", two / "archive", "key", "list", "--json").stdout.splitlines()[0])["id"]
    fault.main(
        scenario("key new", empty, ["key", "new", "HERE/first.pem"],
                 lambda folder: key_state(folder, 1, 1) and (key_state(folder, 1, 1), indexed(folder))),
        scenario("key new, the second", one, ["key", "new", "HERE/second.pem", "--key", "HERE/first.pem"],
                 lambda folder: key_state(folder, 2, 2) and (key_state(folder, 2, 2), indexed(folder))),
        scenario("key retire", two, ["key", "retire", first_id, "--key", "HERE/second.pem"], retired),
        scenario("checkpoint", one, ["checkpoint", "--key", "HERE/first.pem"],
                 lambda folder: len(checkpoints(folder)) > 1 or None),
        scenario("timestamp accept", stamped(root, one),
                 ["timestamp", "accept", "HERE/reply.tsr", "--ca", "HERE/tsa/ca.pem"], accepted),
        scenario("timestamp request", one, ["timestamp", "request"],
                 lambda folder: len(list(folder.glob("archive/journal/checkpoints/*.tsq"))) or None))
