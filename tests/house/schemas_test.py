#!/usr/bin/env python3
"""Every document that greffe writes has its schema in schemas/, and a line in its README."""

import json
import os
import pathlib
import re
import sys

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])
INNER = {"chunk/2", "track/1"}  # of unfinished films; of old archives, read only

named = set()
for room in ("lib", "tools"):
    for path in [*(SOURCE / room).rglob("*.cpp"), *(SOURCE / room).rglob("*.h")]:
        named |= set(re.findall(r'"greffe\.([a-z-]+/\d+)"', path.read_text()))
told = set(re.findall(r"`greffe\.([a-z-]+/\d+)`", (SOURCE / "schemas/README.md").read_text()))
there = {}
for path in (SOURCE / "schemas").glob("*.schema.json"):
    there[json.loads(path.read_text())["$id"].removeprefix("urn:greffe:")] = path.name
problems = [f"greffe.{name}: no file in schemas/ has it" for name in sorted(named - INNER - there.keys())]
problems += [f"greffe.{name}: schemas/README.md does not name it" for name in sorted(there.keys() - told)]
print("\n".join(problems) or f"{len(there)} schemas")
sys.exit(1 if problems else 0)
