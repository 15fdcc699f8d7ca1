#!/usr/bin/env python3
"""greffe-views(7) has every view of schemas/sql and every column of it, in order, and no other; each can be read."""

import os
import pathlib
import re
import sqlite3
import sys

SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"])

database = sqlite3.connect(":memory:")
for step in sorted((SOURCE / "schemas/sql").glob("*.sql")):
    database.executescript(step.read_text())
views = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v\\_%' ESCAPE '\\'")]
there = {view: [column[1] for column in database.execute(f"PRAGMA table_info({view})")] for view in views}

page = (SOURCE / "man/greffe-views.7").read_text()
told = {}
for part in re.split(r"^\.Ss ", page.split(".Sh EXAMPLES")[0], flags=re.MULTILINE)[1:]:
    told[part.split("\n", 1)[0]] = re.findall(r"^\.It Va (\w+)$", part, re.MULTILINE)

problems = []
for view in sorted(there.keys() | told.keys()):
    if there.get(view) != told.get(view):
        problems.append(f"{view}: the columns are {there.get(view)}, the page has {told.get(view)}")
    elif view not in page.split(".Sh EXAMPLES")[1] and view != "v_plan":
        problems.append(f"{view}: no example")
for view in views:
    database.execute(f"SELECT * FROM {view}").fetchall()
print("\n".join(problems) or f"{len(views)} views, {sum(map(len, there.values()))} columns")
sys.exit(1 if problems else 0)
