#!/usr/bin/env python3
"""greffe-export check on bags that are spoilt in one way each, as folders and where it can be as tars: each is named,
with exit 5 or 1, and a second reading of RFC 8493 (tests/support/read_bag.py) is of the same opinion."""

import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

SOURCE = os.environ["GREFFE_SOURCE"]
TOOL = os.environ["GREFFE_BUILD"] + "/bin/greffe-export"
sys.path.insert(0, SOURCE + "/tests/support")
import read_bag  # noqa: E402

if not os.path.exists(TOOL):
    sys.exit(77)

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = {"data/a.txt": b"hello\n", "data/b/c.txt": b"world\n"}
EMPTY = hashlib.sha512(b"").hexdigest()
problems = []


def sums(files):
    return "".join(f"{hashlib.sha512(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


def bag(payload=None, declaration=DECLARATION, info="Payload-Oxum: 12.2\n", more_lines="", **tags):
    """The files of a bag whose tag manifest holds, whatever else does not."""
    files = dict(PAYLOAD if payload is None else payload)
    files["manifest-sha512.txt"] = sums(files) + more_lines.encode()
    files["bagit.txt"] = declaration if isinstance(declaration, bytes) else declaration.encode()
    files["bag-info.txt"] = info.encode()
    files |= {name.replace("_", "."): text.encode() for name, text in tags.items()}
    files["tagmanifest-sha512.txt"] = sums({name: data for name, data in files.items() if not name.startswith("data/")})
    return files


def without(files, *names):
    return {name: data for name, data in files.items() if name not in names}


def line(name, digest=EMPTY):
    return f"{digest}  {name}\n"


# name → files, exit code, the reason and the place that are told
BAGS = {
    "absolute path": (bag(more_lines=line("/etc/passwd")), 5, "absolute-path: manifest-sha512.txt: line 3"),
    "drive": (bag(more_lines=line("C:\\x")), 5, "absolute-path: manifest-sha512.txt: line 3"),
    "parent": (bag(more_lines=line("data/../../x")), 5, "parent-path: manifest-sha512.txt: line 3"),
    "home": (bag(more_lines=line("~/x")), 5, "home-path: manifest-sha512.txt: line 3"),
    "outside": (bag(more_lines=line("x.txt")), 5, "outside-payload: manifest-sha512.txt: line 3"),
    "duplicate": (bag(more_lines=line("data/a.txt", hashlib.sha512(b"hello\n").hexdigest())), 5,
                  "duplicate-line: manifest-sha512.txt: line 3"),
    "two digests": (bag(more_lines=line("data/a.txt")), 5, "contradiction: manifest-sha512.txt: line 3"),
    "case": (bag({**PAYLOAD, "data/A.TXT": b""}, info="X: y\n"), 5, "case-twins: data/a.txt"),
    "normalization": (bag({**PAYLOAD, "data/\u00e9": b"", "data/e\u0301": b""}, info="X: y\n"), 5,
                      "normalization-twins: data/\u00e9"),
    "fetch": (bag(more_lines=line("data/far"), fetch_txt="https://example.org/far 3 data/far\n"), 5,
              "not-fetched: manifest-sha512.txt: line 3"),
    "fetch to elsewhere": (bag(fetch_txt="https://example.org/far 3 /etc/passwd\n"), 5, "absolute-path: fetch.txt: line 1"),
    "wrong bytes of oxum": (bag(info="Payload-Oxum: 13.2\n"), 5, "wrong-oxum: bag-info.txt"),
    "wrong files of oxum": (bag(info="Payload-Oxum: 12.3\n"), 5, "wrong-oxum: bag-info.txt"),
    "no oxum": (bag(info="Payload-Oxum: many\n"), 5, "bad-oxum: bag-info.txt"),
    "missing": (without(bag(info="X: y\n"), "data/a.txt"), 5, "missing-file: manifest-sha512.txt: line 1"),
    "extra": ({**bag(info="X: y\n"), "data/extra": b""}, 5, "extra-file: data/extra"),
    "changed": ({**bag(info="X: y\n"), "data/a.txt": b"hallo\n"}, 5, "changed-file: data/a.txt"),
    "changed tag": ({**bag(), "bag-info.txt": b"X: y\n"}, 5, "changed-file: bag-info.txt"),
    "cut line": (bag(more_lines="0123\n"), 5, "bad-line: manifest-sha512.txt: line 3"),
    "short digest": (bag(more_lines="0123  data/a.txt\n"), 5, "bad-digest: manifest-sha512.txt: line 3"),
    "no manifest": (without(bag(), "manifest-sha512.txt", "tagmanifest-sha512.txt"), 5, "no-manifest: "),
    "no payload": (without(bag({}, info="X: y\n")), 5, "no-payload-folder: data"),
    "mark in a list": (bag(info="\ufeffX: y\n"), 5, "byte-order-mark: bag-info.txt"),
    "mark": (bag(declaration="\ufeff" + DECLARATION), 1, "byte-order-mark: bagit.txt"),
    "UTF-16 declaration": (bag(declaration=DECLARATION.encode("utf-16")), 1, "byte-order-mark: bagit.txt"),
    "blank before the colon": (bag(declaration=DECLARATION.replace(":", " :", 1)), 1, "bad-declaration: bagit.txt: line 1"),
    "other version": (bag(declaration=DECLARATION.replace("1.0", "1.7")), 1, "unknown-version: bagit.txt: line 1"),
    "other encoding": (bag(declaration=DECLARATION.replace("UTF-8", "KOI8-R")), 1, "unknown-encoding: bagit.txt: line 2"),
    "one line": (bag(declaration="BagIt-Version: 1.0\n"), 1, "bad-declaration: bagit.txt"),
    "no declaration": (without(bag(), "bagit.txt"), 1, "no-declaration: bagit.txt"),
}


def write_folder(path, files):
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)


def write_tar(path, files, more=()):
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo("bag/" + name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for member in more:
            tar.addfile(member, io.BytesIO(b""))


def check(what, path, code, told, opinion=None):
    """`opinion`: whether the second reading finds it valid."""
    run = subprocess.run([TOOL, "check", str(path)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if run.returncode != code or told not in run.stdout:
        problems.append(f"{what}: exit {run.returncode}, not {code}, or not \"{told}\":\n{run.stdout}{run.stderr}")
    document = subprocess.run([TOOL, "--json", "check", str(path)], capture_output=True, text=True, check=False)
    value = json.loads(document.stdout)
    if value["valid"] != (code == 0) or document.returncode != code:
        problems.append(f"{what}: --json says valid {value['valid']}, exit {document.returncode}")
    if opinion is not None and (not read_bag.verdict(path)) != opinion:
        problems.append(f"{what}: the second reading says {read_bag.verdict(path)}")
    return document.stdout


def special_member(name, kind, target=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


with tempfile.TemporaryDirectory() as root:
    root = pathlib.Path(root)
    write_folder(root / "good", bag())
    documents = [check("good", root / "good", 0, "valid", True)]
    for what, (files, code, told) in BAGS.items():
        write_folder(root / what, files)
        documents.append(check(what, root / what, code, told, False))
        write_tar(root / "bag.tar", files)
        check(what + " in a tar", root / "bag.tar", code, told, False)

    # What only a folder can have.
    for what, made, told in (("link", lambda path: path.symlink_to("/etc/passwd"), "link: data/odd"),
                             ("link to a folder", lambda path: path.symlink_to("/etc"), "link: data/odd"),
                             ("fifo", os.mkfifo, "special-file: data/odd")):
        shutil.copytree(root / "good", root / ("with " + what))
        made(root / ("with " + what) / "data/odd")
        check(what, root / ("with " + what), 5, told, False)
    # What only a tar can have.
    write_tar(root / "bag.tar", bag())
    check("good tar", root / "bag.tar", 0, "valid", True)
    for what, members, code, told in (
            ("link in a tar", [special_member("bag/data/l", tarfile.SYMTYPE, "/etc/passwd")], 5, "link: data/l"),
            ("hard link in a tar", [special_member("bag/data/l", tarfile.LNKTYPE, "bag/data/a.txt")], 5, "link: data/l"),
            ("device in a tar", [special_member("bag/data/d", tarfile.CHRTYPE)], 5, "special-file: data/d"),
            ("twice in a tar", [tarfile.TarInfo("bag/data/a.txt")], 5, "duplicate-file: data/a.txt"),
            ("elsewhere in a tar", [tarfile.TarInfo("bag/../../x")], 5, "parent-path: ../../x"),
            ("absolute in a tar", [tarfile.TarInfo("/etc/x")], 1, "absolute-path: /etc/x"),
            ("two folders", [tarfile.TarInfo("other/x")], 1, "many-folders: other")):
        write_tar(root / "bag.tar", bag(), members)
        check(what, root / "bag.tar", code, told, False)
    write_tar(root / "bag.tar", bag())
    whole = (root / "bag.tar").read_bytes()
    subprocess.run(["gzip", "-k", str(root / "bag.tar")], check=True)
    check("gzip", root / "bag.tar.gz", 0, "valid")

    # What cannot be read at all is a failure without a report.
    (root / "noise").write_bytes(bytes(range(256)) * 64)
    for path in (root / "noise", root / "nothing"):
        run = subprocess.run([TOOL, "check", str(path)], capture_output=True, text=True, check=False)
        if run.returncode != 1 or not run.stderr:
            problems.append(f"{path.name}: exit {run.returncode} {run.stderr}")
    run = subprocess.run([TOOL, "check"], capture_output=True, text=True, check=False)
    if run.returncode != 2:
        problems.append(f"no bag named: exit {run.returncode}")

    for number, document in enumerate(documents):
        (root / f"{number}.json").write_text(document)
    valid = subprocess.run([sys.executable, SOURCE + "/tests/support/valid_json.py",
                            *(str(root / f"{number}.json") for number in range(len(documents)))], check=False)
    if valid.returncode:
        problems.append("a report is not as its schema says")

print("\n".join(problems) or f"{len(BAGS) + 11} bad bags")
sys.exit(1 if problems else 0)
