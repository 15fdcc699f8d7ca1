"""Folders that runs with a fault begin with, and what they leave."""

import hashlib
import os
import pathlib
import stat


def temporary_root() -> str | None:
    """A folder in memory, where a sync costs nothing and the order of calls is the same."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Copies:
    """Of a folder that is read once: several times as fast as copytree."""

    def __init__(self, source: pathlib.Path):
        self.folders: list[tuple[str, int]] = []
        self.files: list[tuple[str, os.stat_result, bytes | None]] = []
        for path in [source, *sorted(source.rglob("*"))]:
            name, status = str(path.relative_to(source)), path.lstat()
            if stat.S_ISDIR(status.st_mode):
                self.folders.append((name, stat.S_IMODE(status.st_mode)))
            else:
                assert stat.S_ISREG(status.st_mode), f"{path} is no file"
                content = path.read_bytes()
                self.files.append((name, status, content if content.strip(b"\0") else None))

    def write(self, target: pathlib.Path) -> None:
        for name, mode in self.folders:
            os.makedirs(target / name, mode, exist_ok=True)
        for name, status, content in self.files:
            with open(os.open(target / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(status.st_mode)), "wb",
                      buffering=0) as file:
                if content is None:  # empty, or the zeros of a reserve of room: holes do
                    file.truncate(status.st_size)
                else:
                    file.write(content)
                os.utime(file.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))


def state_of(folder: pathlib.Path) -> str:
    """Digest of all that is in the folder: names, kinds, modes, bytes, and which names are one file. Not of times: greffe
    reads those of recordings that it takes in, but of nothing in an archive."""
    digest = hashlib.sha256()
    first_names: dict[int, str] = {}

    def add(path: str, name: str) -> None:
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            inside = f"{name}/{entry.name}"
            status = entry.stat(follow_symlinks=False)
            first = first_names.setdefault(status.st_ino, inside)
            digest.update(f"{inside}\0{first}\0{status.st_mode:o} {status.st_size}\0".encode())
            if entry.is_symlink():
                digest.update(os.fsencode(os.readlink(entry.path)))
            elif entry.is_dir():
                add(entry.path, inside)
            elif entry.is_file() and status.st_blocks:  # nothing but a hole is told by its size
                digest.update(pathlib.Path(entry.path).read_bytes())
    add(str(folder), "")
    return digest.hexdigest()
