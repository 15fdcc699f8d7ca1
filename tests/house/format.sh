#!/bin/bash
# Every C++ and C file is as clang-format leaves it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
find lib tools tests -name '*.cpp' -o -name '*.h' -o -name '*.c' | LC_ALL=C sort | xargs clang-format --dry-run -Werror
