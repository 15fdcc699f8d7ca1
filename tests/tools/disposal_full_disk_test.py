#!/usr/bin/env python3
"""On a disk that is full to the last block a disposal gives up its reserve and tells what it destroys (RETENTION D5). Needs
a file system of its own: skipped where the user may not mount one."""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import disposal_archive as made  # noqa: E402

SKIPPED = 77
Inside = "GREFFE_TEST_IN_NAMESPACE"


def purge(archive: pathlib.Path, disposal: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([made.BIN + "greffe-retain", "--archive", str(archive), "purge", disposal, *arguments],
                          capture_output=True, text=True, check=False)


def test(disk: pathlib.Path) -> None:
    archive = disk / "archive"
    ids = made.make(archive, 3)
    disposal = made.propose(archive)
    made.approve(archive, disposal)
    made.carry(archive, "apply", disposal)
    reserve = archive / "disposals/.reserve"
    assert reserve.stat().st_blocks * 512 >= 16 << 20, "the reserve has holes"
    with open(disk / "fill", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass
    planned = purge(archive, disposal, "--digest")
    assert planned.returncode == 0, planned.stderr
    done = purge(archive, disposal, "--apply", planned.stdout.strip())
    assert done.returncode == 0, done.stderr
    assert "reserve" in planned.stderr + done.stderr and not reserve.exists(), "the reserve was not given up"
    assert made.tombstones(archive) == made.certified(archive) == set(ids)
    made.check_whole(archive, ids)


if Inside in os.environ:
    with tempfile.TemporaryDirectory() as disk:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120m", "tmpfs", disk], check=True)
        try:
            test(pathlib.Path(disk))
        finally:
            subprocess.run(["umount", disk], check=True)
else:
    may = subprocess.run(["unshare", "-rm", "sh", "-c", 'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d"'],
                         capture_output=True, check=False)
    if may.returncode != 0:
        sys.exit(SKIPPED)
    sys.exit(subprocess.run(["unshare", "-rm", sys.executable, __file__], env=dict(os.environ, **{Inside: "1"}),
                            check=False).returncode)
