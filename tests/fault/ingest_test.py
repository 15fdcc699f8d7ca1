#!/usr/bin/env python3
"""greffe-ingest at every fault: a meeting folder is whole or not there, the catalog and the journal can be read, and
the same command again completes (R77, R78, R79, R92).

ingest_test.py [MODE…]: those modes only, at every call; "ENOSPC+" is a disk that stays full.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import archive_state  # noqa: E402
import fault  # noqa: E402

PROGRAM = os.environ["GREFFE_BUILD"] + "/bin/greffe-ingest"
SOURCE = os.environ["GREFFE_SOURCE"] + "/tests/data/council_short"



def scenario(jobs, modes):
    return fault.Scenario(
        name=f"greffe-ingest --jobs {jobs}", program=PROGRAM, modes=modes,
        check_whole=lambda folder: archive_state.check_whole(folder / "archive"),
        result=lambda folder: archive_state.state(folder / "archive"),
        command=lambda folder: [PROGRAM, "--jobs", jobs, "--archive", str(folder / "archive"), "--create", SOURCE])


fault.main(
    # Dying before a call is dying after the one before it, so a sample is enough; the others are there for
    # calls that share their code.
    scenario("1", {"ENOSPC": 1, "EIO": 1, "KILL_AFTER": 1, "KILL_BEFORE": 4, "ENOSPC+": 4, "SHORT": 4, "EINTR": 4, "TERM": 4}),
    # Of two threads the k-th call is another one in each run, which the message of a problem does not tell; what
    # must hold is the same for all of them.
    scenario("2", {"ENOSPC": 16, "KILL_AFTER": 16, "ENOSPC+": 32}))
