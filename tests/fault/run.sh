#!/bin/bash
# Every fault there is: all the tests of this folder, at every call, and how many runs and seconds that is.
#
#   tests/fault/run.sh [BUILD]   BUILD is build/release unless said
#   FAULT_EVERY=n                at every n-th call only
#   JOBS=2                       how many tests at once; as many as there are cores unless said
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
build=${1:-build/release}
export FAULT_EVERY=${FAULT_EVERY:-1}
begun=$SECONDS
ctest --test-dir "$build" -L '^fault$' -j "${JOBS:-$(nproc)}" --output-on-failure </dev/null
code=$?
awk -v seconds=$((SECONDS - begun)) '
  / different states$/ { states += $(NF - 2) }
  / runs, 0 not whole$/ { runs += $(NF - 4) }
  END { printf "\n%d runs with a fault, all whole, left %d different states; %d s\n", runs, states, seconds }
' "$build/Testing/Temporary/LastTest.log"
exit $code
