"""Runs a program once for every call that changes a file and lets that call fail, or kills the program there
(shim.c). After each run the state must be whole, and the same command again must reach the state of a run
without faults. Both are asked once of each state: many faults leave the same.

A test describes a Scenario, or several, and calls main(scenario…). Its arguments are modes to try alone, at every call;
FAULT_EVERY=n takes every n-th call only.
"""

import concurrent.futures
import ctypes
import dataclasses
import multiprocessing
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any, Callable

import starter
from folders import Copies, state_of, temporary_root

SKIPPED = 77
ALL_MODES = ("ENOSPC", "ENOSPC+", "EDQUOT", "EIO", "EINTR", "SHORT", "KILL_BEFORE", "KILL_AFTER", "TERM")
PR_SET_PDEATHSIG = 1  # sys/prctl.h
KILLED = {"KILL_BEFORE": -signal.SIGKILL, "KILL_AFTER": -signal.SIGKILL}


@dataclasses.dataclass
class Scenario:
    """What is run, and what must hold. Each run has a folder of its own."""

    # Always of the same program; empty where there is nothing left to do.
    command: Callable[[pathlib.Path], list[str]]
    # Raises AssertionError when something half-done can be seen.
    check_whole: Callable[[pathlib.Path], None]
    # The effect of the command, equal for equal effects; None before there is any.
    result: Callable[[pathlib.Path], Any]
    prepare: Callable[[pathlib.Path], None] = lambda folder: None
    # Mode → at every how many calls. "MODE+" is sticky: all calls from the k-th on fail.
    modes: dict[str, int] = dataclasses.field(default_factory=lambda: dict.fromkeys(ALL_MODES, 1))
    exits_of_fault: tuple[int, ...] = (1,)
    program: str = ""  # the test is skipped where this is not there
    environment: dict[str, str] = dataclasses.field(default_factory=dict)  # besides that of the test
    name: str = "program"  # for messages


class Harness:
    def __init__(self, scenario: Scenario, root: pathlib.Path):
        self.scenario, self.root = scenario, root
        self.calls: list[str] = []
        self.expected: Any = None
        # Has a file STATE-recovers for each state that was judged, and STATE-done where the work is done in it.
        self.judged = root / "judged"
        self.judged.mkdir()
        # When the run with a fault is and when the one after it, and what they draw by lot (same_again.c).
        now = int(time.time())
        self.first = {"FAULT_NOW": str(now), "FAULT_SEED": "1"}
        self.again = {"FAULT_NOW": str(now + 1), "FAULT_SEED": "2"}

    def start(self, folder: pathlib.Path, faults: dict[str, str]) -> starter.Run:
        command = self.scenario.command(folder)
        return starter.start(command, self.scenario.environment | faults) if command else starter.Run(0, "")

    def fresh(self, name: str) -> pathlib.Path:
        folder = self.root / name
        folder.mkdir()
        self.scenario.prepare(folder)
        return folder

    def count(self) -> None:
        """One run without faults: how many calls there are, and the result to reach."""
        folder, log = self.fresh("faultless"), self.root / "calls.log"
        run = self.start(folder, self.first | {"FAULT_K": "0", "FAULT_LOG": str(log)})
        assert run.code == 0, f"without faults: exit {run.code}: {run.stderr}"
        self.scenario.check_whole(folder)
        self.expected = self.scenario.result(folder)
        assert self.expected is not None, "without faults: no result"
        lines = log.read_text().splitlines()
        self.calls = [line.replace(str(folder), "") for line in lines if line.split()[1] != "calls"]
        assert self.calls, "the program changes no file: is it linked statically?"

    def one(self, mode: str, k: int) -> str | None:
        """The problem with a fault at call k, None when there is none."""
        folder = self.fresh(f"run-{os.getpid()}")
        try:
            self.judge(folder, mode.rstrip("+"), mode.endswith("+"), k)
        except AssertionError as problem:
            return f"{mode} at call {self.calls[k - 1]}: {problem}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return None

    def judge(self, folder: pathlib.Path, mode: str, sticky: bool, k: int) -> None:
        run = self.start(folder, self.first | {"FAULT_K": str(k), "FAULT_MODE": mode, "FAULT_STICKY": "1" if sticky else "0"})
        allowed = self.scenario.exits_of_fault + (0,)
        if mode in KILLED:
            allowed = (KILLED[mode], 0)  # 0 where this run had fewer calls than the first
        elif mode == "TERM":
            allowed = (143, -signal.SIGTERM, 0)
        assert run.code in allowed, f"exit {run.code}: {run.stderr}"
        assert run.code <= 0 or mode == "TERM" or run.stderr, f"exit {run.code} without a word"
        self.judge_state(folder, run)

    def judge_state(self, folder: pathlib.Path, run: starter.Run) -> None:
        """What holds of a state holds of its equal, and of what the same command makes of it: each is judged once. The
        digest is of what the run left, before a check opens the catalog, which mends it."""
        state = state_of(folder)
        recovers, done = self.judged / f"{state}-recovers", self.judged / f"{state}-done"
        if recovers.exists() and (done.exists() or run.code != 0):
            return
        scenario = self.scenario
        scenario.check_whole(folder)
        if run.code == 0:
            assert scenario.result(folder) == self.expected, f"exit 0, but the work is not done: {run.stderr}"
            done.touch()
        again = self.start(folder, self.again)
        assert again.code == 0, f"exit {run.code}, then the same command again: exit {again.code}: {again.stderr}"
        scenario.check_whole(folder)
        assert scenario.result(folder) == self.expected, f"exit {run.code}, and again: another result"
        recovers.touch()

    def run(self, every: int) -> list[str]:
        self.count()
        modes = dict.fromkeys(sys.argv[1:], 1) or self.scenario.modes
        print(f"{self.scenario.name}: {len(self.calls)} calls change files; modes {' '.join(modes)}")
        places = [(mode, k) for mode, step in modes.items() for k in range(1, len(self.calls) + 1, step * every)]
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork"),
                                                    work_for, (self,)) as pool:
            problems = [problem for problem in pool.map(one_at, places, chunksize=4) if problem]
        print(f"{self.scenario.name}: {len(list(self.judged.glob('*-recovers')))} different states")
        print(f"{self.scenario.name}: {len(places)} runs, {len(problems)} not whole")
        return problems


harness: Harness  # of a process that works for the test


def work_for(given: Harness) -> None:
    global harness
    harness = given
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # ctest kills a test that takes too long, but it alone


def one_at(place: tuple[str, int]) -> str | None:
    return harness.one(*place)


def sweep(scenario: Scenario) -> list[str]:
    """The problems of all runs. Ends the test as skipped where the shim cannot be loaded."""
    if os.environ.get("GREFFE_SANITIZE"):
        print("a sanitizer wants to be loaded first: skipped")
        sys.exit(SKIPPED)
    if scenario.program and not os.path.exists(scenario.program):
        print(f"{scenario.program} is not there: skipped")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="greffe-fault-", dir=temporary_root()) as root:
        return Harness(scenario, pathlib.Path(root)).run(int(os.environ.get("FAULT_EVERY", "1")))


def archive_scenario(before: pathlib.Path, result: Callable[[pathlib.Path], Any],
                     check: Callable[[pathlib.Path], None], **rest: Any) -> Scenario:
    """Of a command on a copy of the archive `before`. `result` and `check` are asked of an archive; a result that is
    that of `before` is none yet."""
    initial, copies = result(before), Copies(before)

    def effect(folder: pathlib.Path) -> Any:
        found = result(folder / "archive")
        return None if found == initial else found
    return Scenario(prepare=lambda folder: copies.write(folder / "archive"),
                    check_whole=lambda folder: check(folder / "archive"), result=effect, **rest)


def output_of(*command: str) -> str:
    """Of a command that must succeed."""
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()


def main(*scenarios: Scenario) -> None:
    problems = [problem for scenario in scenarios for problem in sweep(scenario)]
    for problem in problems[:20]:
        print(problem)
    sys.exit(1 if problems else 0)
