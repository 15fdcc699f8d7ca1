#!/bin/bash
# Every header of lib/ compiles alone, with the headers it includes itself.
set -euo pipefail
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77
cmake --build "$GREFFE_BUILD" --target headers_alone
