"""Runs programs again and again that load their libraries but once (start_server.c)."""

import dataclasses
import multiprocessing.util
import os
import pathlib
import select
import signal
import struct
import subprocess
import tempfile

import folders

SECONDS = 60  # longer is a hang
LONGEST_TEXT = 1_000_000


@dataclasses.dataclass
class Run:
    code: int
    stderr: str
    stdout: str = ""


class Starter:
    """Of one program."""

    def __init__(self, program: str):
        self.texts = [tempfile.TemporaryFile(dir=folders.temporary_root()) for _ in ("stdout", "stderr")]
        environment = dict(os.environ, TZ="UTC", LD_PRELOAD=os.environ["GREFFE_BUILD"] + "/tests/libfault_shim.so",
                           FAULT_SERVER="1")
        self.server = subprocess.Popen([program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def next_number(self, seconds: float | None = None) -> int | None:
        """From the server; None where it does not answer in time."""
        ready, _, _ = select.select([self.server.stdout], [], [], seconds)
        if not ready:
            return None
        answer = self.server.stdout.read(4)
        assert len(answer) == 4, "the server of the program is gone"
        return struct.unpack("i", answer)[0]

    def run(self, command: list[str], environment: dict[str, str]) -> Run:
        files = [f"/proc/{os.getpid()}/fd/{file.fileno()}" for file in self.texts]
        settings = [f"{name}={value}" for name, value in environment.items()]
        request = b"".join(os.fsencode(word) + b"\0" for word in (*files, *settings, "", *command))
        self.server.stdin.write(struct.pack("I", len(request)) + request)
        child = self.next_number()
        status = self.next_number(SECONDS)
        if status is None:
            os.kill(child, signal.SIGKILL)
            self.next_number()
            return Run(-999, f"still running after {SECONDS} s")
        stdout, stderr = (os.pread(file.fileno(), LONGEST_TEXT, 0).decode(errors="replace").strip() for file in self.texts)
        return Run(os.waitstatus_to_exitcode(status), stderr, stdout)

    def stop(self) -> None:
        self.server.stdin.close()
        self.server.wait()


starters: dict[tuple[int, str], Starter] = {}


def start(command: list[str], environment: dict[str, str]) -> Run:
    """A run of the program command[0]. Each process of a test has starters of its own."""
    key = (os.getpid(), command[0])
    if key not in starters:
        starters[key] = Starter(command[0])
        multiprocessing.util.Finalize(None, starters[key].stop, exitpriority=1)
    return starters[key].run(command, environment)


def answer_of(*command: str) -> str:
    """Of a command without a fault that must succeed, and that is asked after every run."""
    run = start(list(command), {})
    assert run.code == 0, f"{pathlib.Path(command[0]).name} {' '.join(command[1:])}: exit {run.code}: {run.stderr}"
    return run.stdout
