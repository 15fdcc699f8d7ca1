#!/bin/bash
# The daily job of examples/cron: signs the journal, mails its head, and signs nothing that was written anew.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
. "$GREFFE_SOURCE/tests/support/units.sh"
for tool in greffe greffe-verify greffe-catalog; do [ -x "$GREFFE_BUILD/bin/$tool" ] || exit 77; done
cron=$GREFFE_SOURCE/examples/cron
archive=$work/archive
# day EXIT: one run that ends with that code.
day() { expect "$1" "$cron/greffe-day" "$archive"; }

expect 2 "$cron/greffe-day"
expect 2 "$cron/greffe-day" "$archive"
expect 0 greffe catalog init --archive "$archive"
day 2
holds "no key: it is told" has "$out" "The journal was not signed."
expect 0 greffe catalog --archive "$archive" key new "$work/key.pem"
export GREFFE_KEY=$work/key.pem GREFFE_HEADS=$work/heads.txt GREFFE_DAY_MAIL=$work/mail.txt

# A3: at least daily. The mail is the head, which holds; it is kept, too.
day 0
holds "A3: the mail is the head of the journal" has "$out" "greffe-journal/"
holds "A3: one line" same "$(wc -l <<<"$out")" 1
holds "the mail is kept" same "$(cat "$work/mail.txt")" "$out"
first=$out
expect 0 greffe verify --archive "$archive" journal --head "$first"
expect 0 greffe catalog --archive "$archive" query save a --query x
day 0
holds "the journal has grown" [ "$out" != "$first" ]
holds "all heads are kept" same "$(cat "$work/heads.txt")" "$first"$'\n'"$out"
holds "the one before was held against the journal" has "$err" "verify journal: exit 0"

# A journal cut to what it was, checkpoints and all: only the head outside of the archive knows.
segment=$(find "$archive/journal" -name '*.jsonl')
cp -r "$archive/journal" "$work/journal"
sed -i '$d' "$segment"
sed -i '$d' "$segment"
find "$archive/journal/checkpoints" -name '*.note' -newer "$work/key.pem" | sort | tail -n 1 | xargs rm
signed=$(find "$archive/journal/checkpoints" -type f | wc -l)
day 5
holds "A8: what was rewritten is told" has "$out" "Do not repair the journal"
holds "A8: and is not signed" same "$(find "$archive/journal/checkpoints" -type f | wc -l)" "$signed"
holds "no head is added" same "$(wc -l <"$work/heads.txt")" 2
holds "it is kept as the mail" has "$(cat "$work/mail.txt")" "verify journal ended with 5"
rm -r "$archive/journal"
mv "$work/journal" "$archive/journal"
day 0

hardened "$cron/greffe-day.service"
holds "the archive is read-only but for checkpoints" same "$(grep -E '^Read(Only|Write)Paths' "$cron/greffe-day.service")" \
  $'ReadOnlyPaths=/srv/archive\nReadWritePaths=/srv/archive/journal/checkpoints'
for other in night fixity month; do
  holds "no other job sees the key: $other" grep -q '^InaccessiblePaths=-/etc/greffe' "$cron/greffe-$other.service"
done
sound greffe-day

# The line of the crontab mails the head, or what does not hold.
line=$(crontab_line greffe-day)
export PATH=$cron:$PATH
unset GREFFE_DAY_MAIL
expect 0 sh -c "$line"
holds "the head is mailed" has "$out" "greffe-journal/"
holds "the log is a file" has "$(cat "$work/day.log")" "exit 0"
mv "$work/key.pem" "$work/no-key"
expect 1 sh -c "$line"
holds "a missing key is mailed" has "$out" "The journal was not signed."
exit $failed
