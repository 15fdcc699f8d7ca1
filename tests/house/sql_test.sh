#!/bin/bash
# Every column in schemas/sql has a comment, and no query is put together with user text (S8).
set -u
cd "$GREFFE_SOURCE" || exit 1
failed=0
uncommented=$(awk '/^CREATE (VIRTUAL )?TABLE/ { inside = 1; next } /^\)/ { inside = 0 }
  inside && /^  [a-z_0-9]+[ ,]/ && !/^  (content|tokenize) =/ && !/--/ { print FILENAME ": " $0 }' schemas/sql/*.sql)
[ -z "$uncommented" ] || { echo "columns without a comment:"; echo "$uncommented"; failed=1; }
grep -nE '(exec|execAndGet|Statement)[^;]*\+ *[a-z_]+\.(title|name|text|id)\b' lib/catalog/*.cpp && { echo "user text in SQL"; failed=1; }
exit $failed
