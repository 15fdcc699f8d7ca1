#!/usr/bin/env python3
"""greffe-catalog query save and delete, and greffe-retain plan --save, at every fault: a saved query stands in queries/
whole or not at all, and is journaled; of the plan the one before or the new one is in the catalog, never some of both; and
the same command again completes (R77, R92)."""

import json
import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402

BIN = os.environ["GREFFE_BUILD"] + "/bin/"
SAMPLE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short/bruno-audio.mjr"


def queries(archive):
    """What queries/ says, without the time at which it was said."""
    documents = {file.name: json.loads(file.read_text()) for file in (archive / "queries").glob("query-*.json")}
    return {name: {key: value for key, value in document.items() if key != "saved"} for name, document in documents.items()}


def outcomes(archive):
    """How the newest entry of each query ended."""
    last = {}
    for line in archive_state.journal_lines(archive):
        entry = json.loads(line)
        if entry["action"].startswith("query-"):
            last[entry["subjects"][0]] = entry["outcome"]
    return last


def saved_query(archive):
    there, told = queries(archive), outcomes(archive)
    done = {name + ".json" for name, outcome in told.items() if outcome == "done"}
    return there if done == set(there) else None


def check_queries(archive):
    archive_state.check_whole(archive)
    assert {name.removesuffix(".json") for name in queries(archive)} <= set(outcomes(archive)), "a query nobody journaled"


def plan(archive):
    catalog = sqlite3.connect(f"file:{archive}/catalog.sqlite?mode=ro", uri=True)
    try:
        return (catalog.execute("SELECT as_of, policy_version FROM saved_plan").fetchall(),
                catalog.execute("SELECT meeting, code FROM plan_rows").fetchall())
    finally:
        catalog.close()


def check_plan(archive):
    archive_state.check_whole(archive)
    head, rows = plan(archive)
    assert len(head) == len(rows) == 1, f"{len(head)} plans of {len(rows)} meetings, not 1 of 1"
    assert (head[0][0] == "1999-01-01") == (rows[0][1] == "DUE"), f"rows of one plan under another: {head[0]} {rows[0]}"


def scenario(name, result, check, *command):
    tool, *words = command
    return fault.archive_scenario(
        before, result, check, name=name, program=BIN + tool,
        modes={"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "KILL_BEFORE": 4, "ENOSPC+": 4, "TERM": 8},
        command=lambda folder: [BIN + tool, "--archive", str(folder / "archive"), *words])


if not all(os.path.exists(BIN + name) for name in ("greffe-ingest", "greffe-catalog", "greffe-retain")):
    sys.exit(fault.SKIPPED)
with tempfile.TemporaryDirectory(dir=fault.temporary_root()) as root:
    before = pathlib.Path(root) / "before"
    fault.output_of(BIN + "greffe-ingest", "--archive", str(before), "--create", SAMPLE)
    fault.output_of(BIN + "greffe-catalog", "--archive", str(before), "query", "save", "old", "--query", "title:x")
    fault.output_of(BIN + "greffe-retain", "--archive", str(before), "plan", "--save")
    marked = sqlite3.connect(before / "catalog.sqlite")
    with marked:  # a plan of another day, to be told from the new one
        marked.execute("UPDATE saved_plan SET as_of = '1999-01-01'")
        marked.execute("UPDATE plan_rows SET code = 'DUE'")
    marked.close()
    fault.main(
        scenario("greffe-catalog query save", saved_query, check_queries,
                 "greffe-catalog", "query", "save", "new", "--where", "participants = 2"),
        scenario("greffe-catalog query delete", saved_query, check_queries, "greffe-catalog", "query", "delete", "old"),
        scenario("greffe-retain plan --save", plan, check_plan, "greffe-retain", "plan", "--save"))
