#!/usr/bin/python3
"""Many programs at once on one archive: they list, search, take in, hold, release, edit, plan and ask why. Nothing fails
but by exit 6, what was answered by 0 is there afterwards, and all that can be verified holds once those that were told
to try later have done so.

CROWD=40 programs at any time for CROWD_SECONDS=5; the issue's figures are 200 and 60. Prints how often each was run,
with its exit codes and times.
"""
import collections
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
BIN = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin"
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import lose_packets  # noqa: E402

CROWD = int(os.environ.get("CROWD", "40"))
SECONDS = float(os.environ.get("CROWD_SECONDS", "5"))
CLEAN = (SOURCE / "tests" / "data" / "council_short" / "bruno-audio.mjr").read_bytes()
DEADLINE = 600  # of one program, in seconds: who waits longer is stuck


class Crowd:
    def __init__(self, work):
        self.work = work
        self.archive = work / "archive"
        self.lock = threading.Lock()
        self.meetings, self.holds, self.released, self.titles = [], [], [], {}
        self.later = []  # sources and edits answered by 6, which may have stopped half way
        self.runs = collections.defaultdict(list)  # verb → (exit code, seconds)
        self.wrong = []
        self.number = 0
        self.over = time.monotonic() + SECONDS
        self.verbs = [(self.ingest, 3), (self.place, 2), (self.release, 1), (self.edit, 1), (self.list, 3), (self.search, 3),
                      (self.plan, 2), (self.why, 2), (self.simulate, 2)]

    def run(self, verb, *arguments, allowed=(0, 6), who=None):
        """-> exit code, standard output"""
        environment = dict(os.environ, GREFFE_ARCHIVE=str(self.archive), **({"SUDO_USER": who} if who else {}))
        start = time.monotonic()
        done = subprocess.run([BIN / arguments[0], "-q", *arguments[1:]], capture_output=True, text=True, check=False,
                              env=environment, stdin=subprocess.DEVNULL, timeout=DEADLINE)
        with self.lock:
            self.runs[verb].append((done.returncode, time.monotonic() - start))
            if done.returncode not in allowed:
                self.wrong.append(f"exit {done.returncode}: {' '.join(map(str, arguments))}: {done.stderr.strip()[-400:]}")
        return done.returncode, done.stdout.strip()

    def next_number(self):
        with self.lock:
            self.number += 1
            return self.number

    def some(self, items):
        with self.lock:
            return random.choice(items) if items else None

    def add(self, items, item):
        with self.lock:
            items.append(item)

    def ingest(self):
        number = self.next_number()
        source = self.work / f"source-{number}"
        source.mkdir()
        (source / "clerk.mjr").write_bytes(lose_packets.lose(CLEAN, 0.02, 1, number)[0])
        (source / "words.vtt").write_text(f"WEBVTT\n\n00:00.000 --> 00:01.000\nThe word{number} of the council\n")
        (source / "meeting.json").write_text(json.dumps({
            "title": f"Meeting {number}", "class": random.choice(["council", "team"]),
            "participants": [{"id": f"u{number % 7}", "name": f"Clerk {number % 7}",
                              "tracks": [{"file": "clerk.mjr", "role": "microphone"}]}],
            "transcripts": [{"file": "words.vtt"}]}))
        self.take_in(source, number)

    def take_in(self, source, number, allowed=(0, 3, 6)):
        code, meeting = self.run("ingest", "greffe-ingest", source, allowed=allowed)
        if code in (0, 3):  # packets are missing
            self.add(self.meetings, (meeting, number))
        elif code == 6:
            self.add(self.later, lambda: self.take_in(source, number, allowed=(0, 3)))

    def place(self):
        number = self.next_number()
        scope = random.choice([["--query", f"participant:u{number % 7}"], ["--query", f"word{number}"],
                               ["--where", f"participants > {number}"], ["--query", "class:team", "--blocks", "dispose"]])
        code, hold = self.run("hold place", "greffe-hold", "place", "--matter", f"matter {number}", "--owner", "legal",
                              "--reason", "crowd", *scope, who="alice")
        if code == 0:
            self.add(self.holds, hold)

    def release(self):
        hold = self.some(self.holds)
        if hold is None:
            return
        code, _ = self.run("hold release", "greffe-hold", "release", hold, "--reason", "over", who="bob")
        if code == 0:
            self.add(self.released, hold)

    def edit(self):
        known = self.some(self.meetings)
        if known is None:
            return
        self.retitle(known[0], f"Edited {self.next_number()}")

    def retitle(self, meeting, title, allowed=(0, 4, 6)):
        code, _ = self.run("edit", "greffe-catalog", "edit", meeting, "--title", title, allowed=allowed)
        if code == 0:
            with self.lock:
                self.titles.setdefault(meeting, set()).add(title)
        elif code == 6:
            self.add(self.later, lambda: self.retitle(meeting, title, allowed=(0, 4)))

    def list(self):
        self.run("list", "greffe-catalog", "list", "--limit", "50")

    def search(self):
        self.run("search", "greffe-catalog", "search", "--limit", "50", *random.choice([["council"], ["--rank", "word"]]))

    def plan(self):
        self.run("plan", "greffe-retain", "plan", allowed=(0, 3, 6))

    def why(self):
        known = self.some(self.meetings)
        if known is not None:
            # 3 while another program edits the meeting: its rows are behind its folder for a moment.
            self.run("why", "greffe-catalog", "why", known[0], allowed=(0, 3, 6))

    def simulate(self):
        self.run("hold simulate", "greffe-hold", "simulate", "--matter", "x", "--owner", "x", "--reason", "x", "--query",
                 "participant:u3 from:2026-01-01")

    def work_on(self):
        verbs, weights = zip(*self.verbs)
        while time.monotonic() < self.over:
            try:
                random.choices(verbs, weights)[0]()
            except Exception as problem:  # pylint: disable=broad-except
                self.add(self.wrong, f"{type(problem).__name__}: {problem}")

    def journal(self):
        for segment in sorted((self.archive / "journal").glob("*.jsonl")):
            for line in segment.read_text().splitlines():
                yield json.loads(line)

    def check(self):
        """What was answered by 0 is there."""
        catalog = sqlite3.connect(f"file:{self.archive / 'catalog.sqlite'}?mode=ro", uri=True)
        rows = dict(catalog.execute("SELECT id, title FROM meetings"))
        words = dict(catalog.execute("SELECT meeting, text FROM cues"))
        holds = dict(catalog.execute("SELECT id, released_date FROM holds"))
        done = collections.Counter((entry["action"], subject) for entry in self.journal() if entry["outcome"] == "done"
                                   for subject in entry["subjects"])
        for meeting, number in self.meetings:
            self.claim(meeting in rows, f"{meeting}: taken in, but not in the catalog")
            self.claim(f"word{number} " in words.get(meeting, ""), f"{meeting}: without its captions")
            self.claim(done["ingest", meeting] == 1, f"{meeting}: journaled {done['ingest', meeting]} times")
        for meeting, titles in self.titles.items():
            self.claim(rows.get(meeting) in titles, f"{meeting}: edited, but is {rows.get(meeting)!r}")
            self.claim(done["edit", meeting] >= len(titles), f"{meeting}: an edit is not in the journal")
        for hold in self.holds:
            self.claim(hold in holds and (self.archive / "holds" / hold / "hold.json").is_file(), f"{hold}: placed, but not there")
            self.claim(done["hold-place", hold] == 1, f"{hold}: journaled {done['hold-place', hold]} times")
        for hold in self.released:
            self.claim(holds.get(hold, "") != "", f"{hold}: released, but stands")
        indexed = catalog.execute("SELECT count(*) FROM journal").fetchone()[0]
        self.claim(indexed == sum(1 for _ in self.journal()), "the catalog does not have the whole journal")
        self.claim(catalog.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "PRAGMA integrity_check")
        catalog.close()
        for what in ("journal", "catalog", "files"):
            done = subprocess.run([BIN / "greffe-verify", what, "--archive", self.archive], capture_output=True, text=True, check=False)
            self.claim(done.returncode == 0, f"greffe-verify {what}: exit {done.returncode}: {done.stdout[-1000:]}{done.stderr[-400:]}")

    def claim(self, holds, text):
        if not holds:
            self.wrong.append(text)

    def report(self):
        print(f"{'':<14} {'runs':>6} {'median s':>9} {'longest s':>9}  exit codes")
        for verb, runs in sorted(self.runs.items()):
            times = sorted(seconds for _, seconds in runs)
            codes = collections.Counter(code for code, _ in runs)
            print(f"{verb:<14} {len(runs):>6} {times[len(times) // 2]:>9.2f} {times[-1]:>9.2f}  "
                  + ", ".join(f"{code}: {count}" for code, count in sorted(codes.items())))


def main():
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        crowd = Crowd(work)
        crowd.run("init", "greffe-catalog", "init")
        start = time.monotonic()
        people = [threading.Thread(target=crowd.work_on) for _ in range(CROWD)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        print(f"{CROWD} programs at once for {time.monotonic() - start:.0f} s: {len(crowd.meetings)} meetings, {len(crowd.holds)} holds")
        for again in list(crowd.later):
            again()
        crowd.report()
        crowd.check()
        for text in crowd.wrong[:20]:
            print("FAIL:", text)
        sys.exit(1 if crowd.wrong or not crowd.meetings else 0)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
