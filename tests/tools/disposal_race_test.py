#!/usr/bin/env python3
"""Holds placed at any moment while apply and purge run, by other processes: each meeting is held, or was gone with its
certificate before, never both (R99; RETENTION D5, H6). RACE_ROUNDS is how many holds are to be tried meanwhile, at least."""

import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.environ["GREFFE_SOURCE"] + "/tests/support")
import disposal_archive as made  # noqa: E402

ROUNDS = int(os.environ.get("RACE_ROUNDS", "60"))
MEETINGS = 40
OTHERS = 2


def place(archive: pathlib.Path, meeting: str) -> bool:
    """Whether the hold stands. 2: it is destroyed already."""
    done = subprocess.run([made.BIN + "greffe-hold", "place", "--archive", str(archive), "--matter", "M", "--owner", "o",
                           "--reason", meeting, "--meeting", meeting], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2), f"hold: exit {done.returncode}: {done.stderr}"
    return done.returncode == 0


def held_in_files(archive: pathlib.Path) -> set[str]:
    return {member["meeting"] for path in archive.glob("holds/*/members-*.json")
            for member in json.loads(path.read_text())["members"]}


def one_archive(root: pathlib.Path, seed: int) -> tuple[int, int]:
    archive = root / f"archive-{seed}"
    ids = made.make(archive, MEETINGS)
    disposal = made.propose(archive)
    made.approve(archive, disposal)
    chance = random.Random(seed)
    chosen = chance.sample(ids, MEETINGS // 2)
    verb = "purge" if seed % 2 else "apply"
    if verb == "purge":
        made.carry(archive, "apply", disposal)
    planned = made.simulated(archive, verb, disposal)
    executor = subprocess.Popen([made.BIN + "greffe-retain", "--archive", str(archive), verb, disposal, "--apply", planned],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(chance.random() * 0.5)
    with concurrent.futures.ThreadPoolExecutor(OTHERS) as pool:
        placed = dict(zip(chosen, pool.map(lambda meeting: place(archive, meeting), chosen)))
    error = executor.communicate()[1]
    assert executor.returncode in (0, 3, 4, 6), f"{verb}: exit {executor.returncode}: {error}"
    # The next run puts right what was busy then.
    subprocess.run([made.BIN + "greffe-retain", "--archive", str(archive), "purge"], stdout=subprocess.DEVNULL, check=False)
    made.check_whole(archive, ids)
    held, gone, there = held_in_files(archive), made.tombstones(archive), made.folders(archive)
    assert not held & gone, f"held and destroyed: {held & gone}"
    assert gone == made.certified(archive), f"without certificate: {gone ^ made.certified(archive)}"
    for meeting, stands in placed.items():
        assert stands == (meeting in held), f"{meeting}: the answer was {stands}"
        assert meeting in (held if stands else gone), f"{meeting}: neither held nor destroyed"
        assert not stands or there[meeting].parent.name != "trash", f"{meeting}: held, and left in the trash"
    made.run("greffe-verify", "catalog", "--archive", str(archive))
    return len(placed), sum(not stands for stands in placed.values())


tried = lost = seed = 0
with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as root:
    while tried < ROUNDS:
        seed += 1
        more, gone = one_archive(pathlib.Path(root), seed)
        tried, lost = tried + more, lost + gone
print(f"{tried} holds beside a disposal, {tried - lost} stand, {lost} came after the end")
