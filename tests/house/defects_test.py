#!/usr/bin/env python3
"""Every row of the list of defects (R1 to R110) is named by a test, or stands in defects_later.txt with a reason."""

import os
import pathlib
import re
import sys

ROWS = range(1, 111)
SOURCE = pathlib.Path(os.environ["GREFFE_SOURCE"]) / "tests"


def named_in_tests():
    rows = set()
    for path in SOURCE.rglob("*"):
        if path.suffix in (".cpp", ".h", ".sh", ".py") and path.name != "defects_test.py":
            rows |= {int(row) for row in re.findall(r"(?:\b|_)R(\d{1,3})(?=\b|_)", path.read_text(errors="replace"))}
    return rows


def main():
    later = {}
    for line in (SOURCE / "house" / "defects_later.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            row, _, reason = line.partition(" ")
            later[int(row[1:])] = reason.strip()
    tested = named_in_tests()
    problems = [f"R{row}: no test names it, and no reason is given" for row in ROWS if row not in tested | set(later)]
    problems += [f"R{row}: a test names it, but it stands in defects_later.txt" for row in sorted(tested & set(later))]
    problems += [f"R{row}: no reason given" for row, reason in later.items() if not reason]
    print("\n".join(problems) or f"{len(ROWS)} rows: {len(set(ROWS) - set(later))} tested, {len(later)} for later")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
