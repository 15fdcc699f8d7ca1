#!/bin/bash
# examples/disposal as its reader runs it, in both languages.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
example=$GREFFE_SOURCE/examples/disposal/rule-to-certificate

expect 2 "$example" de "$work/de"
for language in fr en; do
  expect 0 "$example" "$language" "$work/$language"
  holds "two of three went ($language)" has "$out" "gone: 2 meetings"
  holds "the chain holds ($language)" has "$out" "holds"
  for paper in list certificate notice; do
    holds "$paper.html is in the language" has "$(cat "$work/$language/$paper.html")" "<html lang=\"$language\">"
  done
  left=$(find "$work/$language/archive/meetings" -name meeting.json | wc -l)
  holds "the refused one is there ($language)" same "$left" 1
  ! grep -rqE 'Conseil municipal du (4 mars|1er avril)' "$work/$language/archive" ||
    fail "D13: a title of what was destroyed is left ($language)"
  expect 1 "$example" "$language" "$work/$language"
done
holds "the French list" has "$(cat "$work/fr/list.html")" "Bordereau d&#39;élimination"
holds "D10: the French notice" has "$(cat "$work/fr/notice.html")" "Demande de destruction de copies"
holds "D10: the English notice" has "$(cat "$work/en/notice.html")" "Université de X"
holds "the English certificate" has "$(cat "$work/en/certificate.html")" "Certificate of destruction"
exit "$failed"
