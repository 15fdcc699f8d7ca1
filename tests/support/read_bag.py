#!/usr/bin/env python3
"""read_bag.py BAG…: RFC 8493 read a second time, by other words than lib/package: says of each bag "valid", or what is
wrong with it, one a line. Folders and tars. Exit 0 where all are valid.

Only what makes a bag of version 1.0 valid or not; nothing lenient but what the RFC asks for.
"""

import hashlib
import os
import pathlib
import re
import sys
import tarfile
import unicodedata

ALGORITHMS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}
TOP_LIST = re.compile(r"^(tag)?manifest-([A-Za-z0-9-]+)\.txt$")


class Folder:
    """A bag on disk: names to bytes, and names that are no files."""

    def __init__(self, root):
        self.root, self.odd, self.names = pathlib.Path(root), [], []
        for base, folders, files in os.walk(root):
            for name in folders + files:
                path = pathlib.Path(base, name)
                relative = path.relative_to(self.root).as_posix()
                if path.is_symlink() or not (path.is_dir() or path.is_file()):
                    self.odd.append(relative)
                elif path.is_file():
                    self.names.append(relative)

    def chunks(self, name):
        with open(self.root / name, "rb") as file:
            while block := file.read(1 << 20):
                yield block


class Tar:
    def __init__(self, file):
        self.tar, self.odd, self.members = tarfile.open(file), [], {}
        tops = set()
        for member in self.tar.getmembers():
            top, _, rest = member.name.partition("/")
            tops.add(top)
            if member.isdir():
                continue
            if not member.isfile() or rest in self.members:
                self.odd.append(rest)
            if member.isfile():
                self.members[rest] = member
        assert len(tops) == 1, f"{len(tops)} folders at the top"
        self.names = list(self.members)

    def chunks(self, name):
        stream = self.tar.extractfile(self.members[name])
        while block := stream.read(1 << 20):
            yield block


def leads_out(name):
    parts = re.split(r"[/\\]", name)
    return (name[:1] in "/\\~" or re.match(r"^[A-Za-z]:", name) or ".." in parts or "" in name.split("/") or "." in name.split("/"))


def unescape(name):
    return re.sub("%(0A|0D|25)", lambda found: bytes.fromhex(found[1]).decode(), name, flags=re.IGNORECASE)


class Bag:
    def __init__(self, store):
        self.store, self.wrong = store, []
        self.names = set(store.names)

    def text(self, name):
        raw = b"".join(self.store.chunks(name))
        if raw.startswith(b"\xef\xbb\xbf"):
            self.wrong.append(f"{name}: byte order mark")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.wrong.append(f"{name}: not UTF-8")
            return raw.decode("utf-8", "replace")

    def lines(self, name):
        return [line for line in re.split("\r\n|\r|\n", self.text(name)) if line.strip(" \t")]

    def declaration(self):
        if "bagit.txt" not in self.names:
            self.wrong.append("bagit.txt: missing")
            return
        text = self.text("bagit.txt")
        if not re.fullmatch(r"BagIt-Version:[ \t]+1\.0[ \t]*(\r\n|\r|\n)Tag-File-Character-Encoding:[ \t]+UTF-8[ \t]*(\r\n|\r|\n)?", text):
            self.wrong.append("bagit.txt: not a declaration of 1.0 in UTF-8")

    def listed(self, name):
        """Path to digest of one manifest."""
        found = {}
        for line in self.lines(name):
            parts = re.match(r"^([0-9A-Fa-f]+)[ \t]+(.+)$", line)
            if not parts:
                self.wrong.append(f"{name}: bad line")
                continue
            path = unescape(parts[2].removeprefix("*").removeprefix("./"))
            if leads_out(path):
                self.wrong.append(f"{name}: {path!r} leads out")
            elif path in found:
                self.wrong.append(f"{name}: {path!r} twice")
            else:
                found[path] = parts[1].lower()
        return found

    def lists(self):
        payload, tags, digests = {}, {}, {}
        for name in self.names:
            kind = TOP_LIST.match(name)
            if not kind:
                continue
            algorithm = re.sub("[^a-z0-9]", "", kind[2].lower())
            (tags if kind[1] else payload)[name] = (algorithm, self.listed(name))
        if not payload:
            self.wrong.append("no manifest")
        there = {name for name in self.names if name.startswith("data/")}
        if not there:
            self.wrong.append("no payload")
        for name, (algorithm, found) in payload.items():
            self.wrong += [f"{name}: {path!r} is not payload" for path in found if not path.startswith("data/")]
            self.wrong += [f"{name}: {path!r} is not listed" for path in there - found.keys()]
        for name, (algorithm, found) in tags.items():
            self.wrong += [f"{name}: {path!r} is not listed" for path in payload.keys() - found.keys()]
            self.wrong += [f"{name}: lists {path!r}" for path in found if path.startswith("tagmanifest-")]
        for name, (algorithm, found) in (payload | tags).items():
            for path, digest in found.items():
                if path not in self.names:
                    self.wrong.append(f"{name}: {path!r} is missing")
                elif algorithm in ALGORITHMS:
                    digests.setdefault(path, []).append((algorithm, digest, name))
        return digests, there

    def check_bytes(self, digests, there):
        total = 0
        for path in self.store.names:
            hashers = {algorithm: hashlib.new(algorithm) for algorithm, _, _ in digests.get(path, [])}
            for block in self.store.chunks(path):
                total += len(block) if path in there else 0
                for hasher in hashers.values():
                    hasher.update(block)
            for algorithm, digest, name in digests.get(path, []):
                if hashers[algorithm].hexdigest() != digest:
                    self.wrong.append(f"{name}: {path!r} was changed")
        return total

    def check_info(self, total, there):
        if "bag-info.txt" not in self.names:
            return
        labels = []
        for line in self.lines("bag-info.txt"):
            if line[0] in " \t" and labels:
                labels[-1][1] += " " + line.strip(" \t")
            elif ":" in line:
                label, value = line.split(":", 1)
                labels.append([label.strip(" \t").lower(), value.strip(" \t")])
            else:
                self.wrong.append("bag-info.txt: bad line")
        sums = [value for label, value in labels if label == "payload-oxum"]
        if len(sums) > 1 or any(value != f"{total}.{len(there)}" for value in sums):
            self.wrong.append(f"bag-info.txt: Payload-Oxum {sums}, not {total}.{len(there)}")

    def check_names(self):
        self.wrong += [f"{name!r}: link or device" for name in self.store.odd]
        self.wrong += [f"{name!r} leads out" for name in self.names if leads_out(name)]
        seen = {}
        for name in sorted(self.names):
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
            if folded in seen:
                self.wrong.append(f"{name!r} and {seen[folded]!r} fall together")
            seen[folded] = name

    def check(self):
        self.declaration()
        self.check_names()
        digests, there = self.lists()
        if "fetch.txt" in self.names:
            for line in self.lines("fetch.txt"):
                parts = re.match(r"^(\S+)[ \t]+(\d+|-)[ \t]+(.+)$", line)
                if not parts or leads_out(unescape(parts[3])) or not unescape(parts[3]).startswith("data/"):
                    self.wrong.append("fetch.txt: bad line")
        self.check_info(self.check_bytes(digests, there), there)
        return self.wrong


def verdict(path):
    try:
        return Bag(Folder(path) if os.path.isdir(path) else Tar(path)).check()
    except (AssertionError, tarfile.TarError) as problem:
        return [str(problem)]


if __name__ == "__main__":
    code = 0
    for bag in sys.argv[1:]:
        problems = verdict(bag)
        print("\n".join(f"{bag}: {problem}" for problem in problems) or f"{bag}: valid")
        code = 1 if problems else code
    sys.exit(code)
