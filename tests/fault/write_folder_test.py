#!/usr/bin/env python3
"""AtomicFile, copy_bytes, make_directories and rename_into_place at every fault: whole or not there (R77, R78, R92).

A careless twin of the program shows that the harness finds what is wrong."""

import os
import pathlib
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fault  # noqa: E402

WHOLE = {"short": b"short\n", "copy": b"short\n", "long": b"x" * 100_000}


def prepare(folder: pathlib.Path) -> None:
    (folder / "note").write_bytes(b"old\n")


def visible(folder: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name[0] != "."}


def check_whole(folder: pathlib.Path) -> None:
    assert visible(folder)["note"] in (b"old\n", b"new\n"), "note is cut"
    if (folder / "whole").exists():
        assert visible(folder / "whole") == WHOLE, "the folder is not whole"


def result(folder: pathlib.Path):
    whole = folder / "whole"
    return (visible(folder), visible(whole)) if whole.exists() else None


def scenario(*options: str, **fields) -> fault.Scenario:
    program = os.environ["GREFFE_BUILD"] + "/tests/write_folder"
    return fault.Scenario(name=" ".join(["write_folder", *options]), prepare=prepare, check_whole=check_whole,
                          result=result, command=lambda folder: [program, str(folder), *options], **fields)


careless = fault.sweep(scenario("careless", modes={"KILL_AFTER": 1}))
if not any("the folder is not whole" in problem for problem in careless):
    sys.exit("the harness does not see a folder that is half there")
fault.main(scenario())
