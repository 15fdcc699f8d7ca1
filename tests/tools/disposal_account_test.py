#!/usr/bin/env python3
"""Where all share one account the key is the person: what a rule asks to be signed is approved under the proposer's own
login by another key, and never by the one the list was proposed with (RETENTION 7, D2)."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import disposal_archive as made  # noqa: E402

KEYS = ("director", "deputy", "clerk", "stranger")


def retain(archive: pathlib.Path, wanted: int, *arguments: str, key: pathlib.Path | None = None, login: str = "") -> str:
    """What it prints, with all of standard error behind it."""
    environment = {name: value for name, value in os.environ.items() if name not in ("GREFFE_KEY", "SUDO_USER")}
    if key:
        environment["GREFFE_KEY"] = str(key)
    if login:
        environment["SUDO_USER"] = login
    done = subprocess.run([made.BIN + "greffe-retain", "--archive", str(archive), *arguments], env=environment, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == wanted, f"exit {done.returncode}, not {wanted}: {arguments}: {done.stdout}{done.stderr}"
    return done.stdout.strip() + done.stderr


def make_key(file: pathlib.Path) -> str:
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(file)], check=True, capture_output=True)
    file.chmod(0o600)
    public = subprocess.run(["openssl", "pkey", "-in", str(file), "-pubout"], check=True, capture_output=True, text=True)
    return public.stdout.splitlines()[1]


def sign(root: pathlib.Path, name: str) -> tuple[str, ...]:
    subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(root / f"{name}.pem"), "-in",
                    str(root / "visa.json"), "-out", str(root / f"{name}.sig")], check=True, capture_output=True)
    return "--visa", str(root / "visa.json"), "--signature", str(root / f"{name}.sig")


def visas(archive: pathlib.Path, disposal: str) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted((archive / "disposals" / disposal).glob("visa-*.json"))]


def propose(archive: pathlib.Path, root: pathlib.Path, key: str | None, *scope: str) -> str:
    disposal = retain(archive, 0, "-q", "propose", *scope, key=root / f"{key}.pem" if key else None).split()[0]
    retain(archive, 0, "approve", disposal, "--digest", made.digest_of(archive, disposal), "--accept-all",
           "--write-visa", str(root / "visa.json"))
    return disposal


def signed_by_key(archive: pathlib.Path, root: pathlib.Path, public: dict[str, str]) -> str:
    """Proposed with the clerk's key, under one login; the rule asks for two signatures."""
    disposal = propose(archive, root, "clerk", "--all")
    document = json.loads((archive / "disposals" / disposal / "list.json").read_text())
    assert document["public_key"] == public["clerk"], "D2: the list has the key of its proposal"
    subprocess.run([sys.executable, os.environ["GREFFE_SOURCE"] + "/tests/support/valid_json.py",
                    str(archive / "disposals" / disposal / "list.json")], check=True)
    shown = retain(archive, 0, "proposals", disposal)
    assert public["clerk"] in shown, "D2: the list for people has it, too"

    refused = retain(archive, 4, "approve", disposal, "--digest", made.digest_of(archive, disposal), "--accept-all")
    assert "SAME_PERSON" in refused and "signs with a key" in refused, refused
    refused = retain(archive, 4, "approve", disposal, *sign(root, "clerk"))
    assert "SAME_PERSON" in refused and "clerk" in refused, refused
    refused = retain(archive, 4, "approve", disposal, *sign(root, "clerk"), login="anna")
    assert "SAME_PERSON" in refused, "D2: nor under another login"
    assert "BAD_SIGNATURE" in retain(archive, 4, "approve", disposal, *sign(root, "stranger"))
    assert not visas(archive, disposal), "nothing was recorded"
    assert "NO_APPROVAL" in retain(archive, 4, "apply", disposal, "--apply", "0" * 64)

    retain(archive, 0, "approve", disposal, *sign(root, "director"))
    assert "NO_APPROVAL" in retain(archive, 0, "apply", disposal), "two are asked for"
    assert "given already" in retain(archive, 0, "approve", disposal, *sign(root, "director"))
    assert "NO_APPROVAL" in retain(archive, 0, "apply", disposal), "one key is one person"
    retain(archive, 0, "approve", disposal, *sign(root, "deputy"))
    assert "given already" in retain(archive, 0, "approve", disposal, *sign(root, "director")), "each its last word"
    given = visas(archive, disposal)
    assert [visa["key"] for visa in given] == ["director", "deputy"], given
    assert [visa["public_key"] for visa in given] == [public["director"], public["deputy"]], given
    assert len({visa["actor"]["login"] for visa in given} | {document["actor"]["login"]}) == 1, "one account"
    for path in (archive / "disposals" / disposal).glob("visa-*.json"):
        subprocess.run([sys.executable, os.environ["GREFFE_SOURCE"] + "/tests/support/valid_json.py", str(path)], check=True)
    made.carry(archive, "apply", disposal)
    made.carry(archive, "purge", disposal)
    made.run("greffe-verify", "catalog", "--archive", str(archive))
    return disposal


def proposed_without_key(archive: pathlib.Path, root: pathlib.Path) -> None:
    """Nothing tells then whose key the proposer has."""
    disposal = propose(archive, root, None, "--all")
    refused = retain(archive, 4, "approve", disposal, *sign(root, "director"))
    assert "SAME_PERSON" in refused and "without a key" in refused, refused
    assert not visas(archive, disposal), "nothing was recorded"


def unsigned_rule(archive: pathlib.Path, root: pathlib.Path) -> None:
    """Where the rule asks for no signature the login is the person, key or no key."""
    disposal = propose(archive, root, None, "--all")
    refused = retain(archive, 4, "approve", disposal, *sign(root, "director"))
    assert "SAME_PERSON" in refused and "asks for no signature" in refused, refused
    assert not visas(archive, disposal), "nothing was recorded"
    retain(archive, 0, "approve", disposal, *sign(root, "director"), login="anna")
    made.carry(archive, "apply", disposal)


with tempfile.TemporaryDirectory() as folder:
    base = pathlib.Path(folder)
    publics = {name: make_key(base / f"{name}.pem") for name in KEYS}
    known = [{"name": name, "public_key": publics[name]} for name in KEYS[:3]]
    for name, terms in (("signed", {"signed_approval": True, "approvers": 2}), ("unsigned", {})):
        root = base / name
        root.mkdir()
        for key in KEYS:
            (root / f"{key}.pem").write_text((base / f"{key}.pem").read_text())
            (root / f"{key}.pem").chmod(0o600)
        made.RULES["approver_keys"] = known
        made.RULES["rules"][0] = {"id": "council", "level": "default", "classes": ["council"], "duration": "P5Y",
                                  "grace_days": 0, "final_action": "destroy", **terms}
        os.environ.pop("GREFFE_KEY", None)
        made.make(root / "archive", 2)
        if name == "signed":
            # $GREFFE_KEY signs the journal after each change, so the archive is to know it.
            made.run("greffe-catalog", "key", "new", str(root / "clerk.pem"), "--archive", str(root / "archive"))
            proposed_without_key(shutil.copytree(root / "archive", root / "keyless"), root)
            signed_by_key(root / "archive", root, publics)
        else:
            unsigned_rule(root / "archive", root)
print("one account: approved by keys, and by no key of the proposal")
