#!/bin/bash
# The tree as STYLE 7 and 9 want it: no file that is two nouns, every tool with its man page and its test.
set -euo pipefail
cd "$GREFFE_SOURCE"
status=0
say() { echo "$*"; status=1; }

while read -r lines file; do
  [ "$file" = total ] || [ "$lines" -le 500 ] || say "$file has $lines lines, more than 500: is it two nouns?"
done < <(find lib tools -name '*.cpp' -o -name '*.h' | xargs wc -l)
for source in tools/*.cpp; do
  tool=$(basename "$source" .cpp)
  [ -e "man/$tool.1" ] || say "$tool has no man page"
  [ "$tool" = greffe ] || [ -n "$(find tests/tools -name "${tool//-/?}_test.*" -o -name "${tool#greffe-}_test.*" | head -n 1)" ] ||
    say "$tool has no test in tests/tools"
done
for command in .ci/run tests/run.sh examples/quickstart.sh; do
  [ -x "$command" ] || say "$command cannot be run"
done

# fmt::print throws where it cannot write: on a full disk the program would end by SIGABRT. Whoever writes past
# cli::print forgets why it failed: a reader that went away would be told as a failure.
if grep -rnE 'fmt::print\(|\bf?printf\(|std::c(err|out) <<' lib tools --include='*.cpp' --include='*.h' ||
  grep -rnE '\bf?(write|put[cs])(_unlocked)?\([^;]*\b(stdout|stderr)\b' lib tools --include='*.cpp' --include='*.h' |
    grep -v '^lib/cli/'; then
  say "not through cli::print and cli::tell"
fi

# Nothing names the machine it was written on. Folders such as /home and /srv are on all of them.
here=$(dirname "$(pwd -P)")
if [[ ! $here =~ ^/(home|opt|root|srv|tmp|usr|var)?$ ]] && git rev-parse --git-dir >/dev/null 2>&1; then
  if git grep -nIF "$here/" -- .; then say "paths of this machine in the tree"; fi
  if git grep -nIE '/home/[a-z]+/|/Users/' -- . ':!tests/house/tree_test.sh'; then say "home folders in the tree"; fi
fi
exit $status
