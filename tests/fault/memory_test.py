#!/usr/bin/env python3
"""Programs that get no more memory, from any moment on: they say so and fail, what is there is whole, and the same
command again is done (R101). Not those that draw letters: libass and Fontconfig do not live through it.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402
import folders  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SHIM = os.environ["GREFFE_BUILD"] + "/tests/libmemory_shim.so"
SAMPLE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short/bruno-audio.mjr"
LEAST = 512  # bytes


@dataclasses.dataclass
class Case:
    words: list[str]  # {} is the folder with an archive and a bag
    runs: int  # with memory ending at moments spread over the whole


CASES = [
    Case(["greffe-export", "--archive", "{}/archive", "-o", "{}/again", "@"], 60),
    Case(["greffe-export", "check", "{}/bag"], 30),
    Case(["greffe-verify", "files", "--archive", "{}/archive"], 30),
    Case(["greffe-verify", "journal", "--archive", "{}/archive"], 20),
    Case(["greffe-catalog", "rebuild", "--archive", "{}/archive"], 40),
    Case(["greffe-hold", "place", "--archive", "{}/archive", "--matter", "4 K 12/26", "--owner", "legal", "--reason", "a suit", "--meeting", "@"], 30),
]


def run(words: list[str], first_refused: int | None) -> subprocess.CompletedProcess:
    settings = {} if first_refused is None else {
        "LD_PRELOAD": SHIM, "MEMORY_K": str(first_refused), "MEMORY_LEAST": str(LEAST)}
    return subprocess.run(words, env=os.environ | settings, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", timeout=120)


class Sweep:
    def __init__(self, root: pathlib.Path):
        self.root, before = root, root / "before"
        before.mkdir()
        self.meeting = fault.output_of(
            BIN + "greffe-ingest", "--archive", str(before / "archive"), "--create", SAMPLE).split()[-1]
        fault.output_of(BIN + "greffe-export", "--archive", str(before / "archive"), "-o", str(before / "bag"), self.meeting)
        self.copies = folders.Copies(before)

    def one(self, case: Case, number: int, first_refused: int) -> tuple[str | None, int]:
        """The problem, and how many allocations there were when only those were counted."""
        folder = self.root / f"run-{number}"
        self.copies.write(folder)
        words = [BIN + case.words[0], *(word.replace("{}", str(folder)).replace("@", self.meeting) for word in case.words[1:])]
        try:
            short = run(words, first_refused)
            if first_refused == 0:
                assert short.returncode == 0, f"with enough memory: exit {short.returncode}: {short.stderr}"
                return None, int(re.search(r"allocations (\d+)", short.stderr)[1])
            assert short.returncode in (0, 1), f"exit {short.returncode}: {short.stderr[-200:]}"
            assert short.returncode == 0 or short.stderr, "nothing is told"
            archive_state.check_whole(folder / "archive")
            if short.returncode == 1:
                again = run(words, None)
                assert again.returncode == 0, f"again: exit {again.returncode}: {again.stderr[-200:]}"
            return None, 0
        except AssertionError as problem:
            return f"{' '.join(case.words)}: no memory from allocation {first_refused} on: {problem}", 0
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def problems(self, case: Case) -> list[str]:
        problem, count = self.one(case, 0, 0)
        if problem:
            return [problem]
        moments = sorted({1 + count * i // case.runs for i in range(case.runs)})
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda item: self.one(case, *item), enumerate(moments)))
        print(f"{case.words[0]} {case.words[1]}: {count} allocations of {LEAST} bytes and more, {len(moments)} runs")
        return [problem for problem, _ in found if problem]


def main() -> None:
    if os.environ.get("GREFFE_SANITIZE"):
        print("a sanitizer has an allocator of its own: skipped")
        sys.exit(fault.SKIPPED)
    with tempfile.TemporaryDirectory(prefix="greffe-memory-", dir=folders.temporary_root()) as root:
        sweep = Sweep(pathlib.Path(root))
        problems = [problem for case in CASES for problem in sweep.problems(case)]
    for problem in problems[:20]:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
