#!/usr/bin/env python3
"""The man pages: each can be read without a warning of mandoc, has the sections of STYLE 9, names the options that
--help names, and its examples run.

An example is a line of the section EXAMPLES that begins with "$ "; lines that end in a backslash go on. All examples
of a page run one after the other in one folder, which holds
    council/   the recordings of a short meeting, with meeting.json and words.vtt
    demo/      an archive with that meeting and a film of it; $GREFFE_ARCHIVE names it
    $MEETING   its id
An example ends with exit code 0, unless a line "# exits N" stands above it.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
BIN = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin"
SECTIONS = {
    "1": ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"],
    "5": ["NAME", "DESCRIPTION", "EXAMPLES", "SEE ALSO"],
    "7": ["NAME", "DESCRIPTION", "SEE ALSO"],
}
OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][a-zA-Z0-9-]*")

problems: list[str] = []


def run(*command: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)


def page_text(page: pathlib.Path) -> str:
    text = run("mandoc", "-T", "ascii", "-O", "width=400", str(page)).stdout
    return re.sub(".\b", "", text)


def sections_of(text: str) -> dict[str, str]:
    """The text below each heading that begins at the left edge."""
    parts = re.split(r"^([A-Z][A-Z /-]+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def check_lint(page: pathlib.Path) -> None:
    told = run("mandoc", "-T", "lint", "-W", "warning", str(page)).stdout.strip()
    if told:
        problems.append(told)


def check_sections(page: pathlib.Path, sections: dict[str, str]) -> None:
    for wanted in SECTIONS.get(page.suffix[1:], []):
        if wanted not in sections:
            problems.append(f"{page.name}: no section {wanted}")


def helps_of(program: pathlib.Path, *verbs: str) -> list[str]:
    """What --help says of the program, and of each of its verbs, and of theirs."""
    texts = [run(str(program), *verbs, "--help").stdout]
    block = re.search(r"^(?:Verbs|Subcommands):\n((?:  .*\n|\n)*)", texts[0], re.MULTILINE)
    if block and program.name != "greffe":
        for verb in re.findall(r"^  ([a-z]+)\b", block.group(1), re.MULTILINE):
            texts += helps_of(program, *verbs, verb)
    return texts


def options_of_help(program: pathlib.Path) -> set[str]:
    texts = helps_of(program)
    found = set()
    for text in texts:
        for line in text.splitlines():
            # An option stands at the beginning of its line; what stands behind is its help.
            head = re.match(r"^\s+((?:--?[a-zA-Z][\w-]*,?\s?)+)", line)
            if head:
                found |= set(OPTION.findall(head.group(1)))
    return found


def check_options(page: pathlib.Path, sections: dict[str, str]) -> None:
    program = BIN / page.stem
    if not program.exists():
        problems.append(f"{page.name}: no program {page.stem}")
        return
    tool = options_of_help(program)
    anywhere = set(OPTION.findall("".join(text for name, text in sections.items() if name != "EXAMPLES")))
    described = set()
    for line in "".join(text for name, text in sections.items() if "OPTIONS" in name).splitlines():
        head = re.match(r"^\s+(-.*?)(?:\s{2,}|$)", line)
        if head:
            described |= set(OPTION.findall(head.group(1)))
    for missing in sorted(tool - anywhere):
        problems.append(f"{page.name}: does not say what {missing} of --help is")
    for surplus in sorted(described - tool):
        problems.append(f"{page.name}: describes {surplus}, which --help does not have")


def examples_of(text: str) -> list[tuple[str, int]]:
    """Commands and the exit codes they are to end with."""
    found, code = [], 0
    lines = iter(text.splitlines())
    for line in lines:
        line = line.strip()
        if exits := re.match(r"# exits (\d+)", line):
            code = int(exits.group(1))
        if not line.startswith("$ "):
            continue
        command = line[2:]
        while command.endswith("\\"):
            command = command[:-1] + next(lines).strip()
        found.append((command, code))
        code = 0
    return found


def prepare_archive(folder: pathlib.Path) -> dict[str, str]:
    """council/, demo/ and the environment of the examples."""
    shutil.copytree(SOURCE / "tests/data/council_short", folder / "council")
    environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", GREFFE_ARCHIVE=str(folder / "demo"), LC_ALL="C.UTF-8")
    ingest, compose = BIN / "greffe-ingest", BIN / "greffe-compose"
    if ingest.exists():
        done = run(str(ingest), "--create", str(folder / "council"), env=environment)
        assert done.returncode == 0, done.stderr
        environment["MEETING"] = done.stdout.strip()
        if compose.exists():
            done = run(str(compose), environment["MEETING"], "--size", "320x180", env=environment)
            assert done.returncode in (0, 3), done.stderr
    return environment


def check_examples(page: pathlib.Path, text: str, prepared: pathlib.Path, environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root) / "work"
        shutil.copytree(prepared, folder, symlinks=True)
        here = dict(environment, GREFFE_ARCHIVE=str(folder / "demo"))
        for command, code in examples_of(text):
            done = run("bash", "-c", command, cwd=folder, env=here, timeout=300)
            if done.returncode != code:
                problems.append(f"{page.name}: $ {command}\n    exit {done.returncode}: {done.stderr.strip()[-500:]}")


def main() -> None:
    pages = sorted(page for page in (SOURCE / "man").iterdir() if re.match(r"\.[157]$", page.suffix))
    if not shutil.which("mandoc"):
        sys.exit(77)
    with tempfile.TemporaryDirectory() as root:
        prepared = pathlib.Path(root)
        environment = prepare_archive(prepared)
        for page in pages:
            sections = sections_of(page_text(page))
            check_lint(page)
            check_sections(page, sections)
            if page.suffix == ".1":
                check_options(page, sections)
            check_examples(page, sections.get("EXAMPLES", ""), prepared, environment)
    print("\n".join(problems) or f"{len(pages)} man pages")
    sys.exit(1 if problems else 0)


main()
