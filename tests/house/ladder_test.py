#!/usr/bin/env python3
"""The house of STYLE 1: a room includes only what the table in CMakeLists.txt lets it, library headers stay in the
.cpp files of the room that has the library, and the table itself goes one way only."""

import os
import pathlib
import re
import sys

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])

# Outside libraries: the beginning of their include, the rooms that have them.
LIBRARIES = {
    "libavcodec/": {"codec", "container"}, "libavformat/": {"container"}, "libavutil/": {"codec", "container"},
    "libswresample/": {"codec"}, "libswscale/": set(), "vpx/": {"codec"}, "opus/": {"codec"}, "opus.h": {"codec"},
    "opencv2/": {"canvas"}, "ass/": {"canvas"}, "pcap": {"dump"}, "SQLiteCpp/": {"catalog"},
    "sqlite3.h": {"catalog"}, "openssl/": {"fixity"}, "nlohmann/": {"json"}, "valijson/": set(), "CLI/": {"cli"},
    "spdlog/": {"base"}, "archive": {"package"}, "utf8proc.h": {"cli", "package"},
}
# Vocabulary, which headers may show as well.
EVERYWHERE = ("fmt/", "tl/expected.hpp")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)

problems: list[str] = []


def table_of_rooms() -> dict[str, set[str]]:
    """The lines greffe_room(NAME … USES ROOM… LINKS …) of CMakeLists.txt."""
    text = (SOURCE / "CMakeLists.txt").read_text()
    rooms = {}
    for call in re.findall(r"^greffe_room\(([^)]*)\)", text, re.MULTILINE):
        words = re.split("LINKS|ALONE", call)[0].split()
        rooms[words[0]] = set(words[words.index("USES") + 1:]) if "USES" in words else set()
    return rooms


def check_table(rooms: dict[str, set[str]]) -> None:
    seen: set[str] = set()
    for room, uses in rooms.items():
        for used in uses - seen:
            problems.append(f"CMakeLists.txt: {room} uses {used}, which is not on a lower floor")
        if "cli" in uses:
            problems.append(f"CMakeLists.txt: {room} uses cli")
        seen.add(room)
    for folder in (SOURCE / "lib").iterdir():
        if folder.name not in rooms:
            problems.append(f"lib/{folder.name}: a room that the table does not have")


def check_library(file: pathlib.Path, room: str, included: str) -> None:
    if included.startswith(EVERYWHERE):
        return
    for beginning, owners in LIBRARIES.items():
        if included.startswith(beginning):
            if room not in owners:
                problems.append(f"{file}: <{included}> belongs to {', '.join(sorted(owners)) or 'no room'}")
            elif file.suffix == ".h" and file.name not in PRIVATE_HEADERS:
                problems.append(f"{file}: <{included}> in a header; library headers stay in .cpp files")


def private_headers() -> set[str]:
    """Headers that only .cpp files of their own room include, and that say so in their first lines."""
    found = set()
    for header in (SOURCE / "lib").rglob("*.h"):
        if "private to this room" in header.read_text()[:400].lower():
            found.add(header.name)
            room = header.parent.name
            for other in list((SOURCE / "lib").rglob("*")) + list((SOURCE / "tools").rglob("*.cpp")):
                if other.is_file() and other.parent.name != room and f'"{room}/{header.name}"' in other.read_text():
                    problems.append(f"{other}: includes {room}/{header.name}, which is private to {room}")
    return found


def check_file(file: pathlib.Path, room: str, allowed: set[str], rooms: dict[str, set[str]]) -> None:
    name = file.relative_to(SOURCE)
    for quote, included in INCLUDE.findall(file.read_text()):
        other = included.split("/")[0]
        if quote == "<":
            check_library(name, room, included)
        elif room == "tools" and other in (file.stem, file.parent.name, "shared"):
            continue  # the parts of a program with verbs, and options that two programs have
        elif "/" not in included or other not in rooms:
            problems.append(f'{name}: "{included}" does not begin with a room')
        elif other not in allowed:
            problems.append(f'{name}: "{included}", but {room} may include only {" ".join(sorted(allowed))}')
        elif not (SOURCE / "lib" / included).is_file():
            problems.append(f'{name}: "{included}" is not there')


rooms = table_of_rooms()
check_table(rooms)
PRIVATE_HEADERS = private_headers()
for file in sorted((SOURCE / "lib").glob("*/*")):
    if file.suffix in (".h", ".cpp"):
        room = file.parent.name
        check_file(file, room, rooms.get(room, set()) | {room}, rooms)
for file in sorted(file for file in (SOURCE / "tools").rglob("*") if file.suffix in (".h", ".cpp")):
    check_file(file, "tools", set(rooms), rooms)

print("\n".join(problems) or f"{len(rooms)} rooms, none includes what it may not")
sys.exit(1 if problems else 0)
