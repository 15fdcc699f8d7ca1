#!/usr/bin/python3
"""peak_memory.py FILE COMMAND…: runs the command, writes the most memory it held at a time (KiB) to FILE; its exit code."""
import resource
import subprocess
import sys

if len(sys.argv) < 3:
    sys.exit(__doc__)
code = subprocess.run(sys.argv[2:], check=False).returncode
with open(sys.argv[1], "w") as file:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=file)
sys.exit(code)
