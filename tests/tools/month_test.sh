#!/bin/bash
# The monthly job of examples/cron: mails what is due, what will be, and what somebody has to look at.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
. "$GREFFE_SOURCE/tests/support/units.sh"
for tool in greffe greffe-retain greffe-catalog greffe-hold; do [ -x "$GREFFE_BUILD/bin/$tool" ] || exit 77; done
cron=$GREFFE_SOURCE/examples/cron
archive=$work/archive
export GREFFE_ARCHIVE=$archive GREFFE_MONTH_REPORTS=$work/reports
# month EXIT: one run that ends with that code.
month() { expect "$1" "$cron/greffe-month" "$archive"; }
# meeting ID CLASS: a meeting folder as ingest leaves one, without media.
meeting() {
  local folder=$archive/meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1
  mkdir -p "$folder/dumps"
  echo "dump of $1" >"$folder/dumps/a.mjr"
  cat >"$folder/meeting.json" <<JSON
{"schema": "greffe.meeting/1", "id": "$1", "title": "The affair of Roux", "start": "${1:0:4}-${1:4:2}-${1:6:2}T08:00:00Z",
 "end_ns": 3600000000000, "origin": "janus", "class": "$2",
 "participants": [{"id": "a", "name": "Amélie", "tracks": []}], "transcripts": [], "witnesses": []}
JSON
  (cd "$folder" && LC_ALL=C find dumps meeting.json -type f | LC_ALL=C sort | xargs sha256sum >manifest-sha256.txt)
}

expect 2 "$cron/greffe-month"
expect 2 "$cron/greffe-month" "$archive"
expect 0 greffe catalog init
first=20230131-080000Z-0123456789
second=20230201-080000Z-0123456789
soon=$(date -u -d '10 days ago' +%Y%m%d)-080000Z-0123456789
meeting $first team
meeting $second team
meeting "$soon" council
expect 0 greffe catalog rebuild

# Nothing is due: the mail says so.
month 0
holds "the mail comes every month" has "$out" "Nothing is due."
holds "and has the totals" has "$out" "NO_RULE"

cat >"$work/rules.json" <<'JSON'
{"cooling_days": 0, "notice_days": 0,
 "rules": [{"id": "team", "level": "default", "class": "team", "duration": "P1Y", "final_action": "destroy"},
           {"id": "council", "level": "default", "class": "council", "duration": "P1M", "final_action": "destroy"},
           {"id": "old", "level": "default", "class": "nothing-of-that", "duration": "P1M", "final_action": "destroy"}]}
JSON
expect 0 greffe retain rules add "$work/rules.json"
expect 0 greffe retain rules diff 1 --json
digest=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["digest"])' "$work/out")
expect 0 greffe retain rules activate 1 --diff "$digest" --reason 'A test'

month 0
holds "what is due is in the mail" has "$out" "$first  DUE"
holds "and what will be" has "$out" "Due in the next twelve months:"
holds "by month" has "$out" "$(date -u -d '10 days ago 1 month' +%Y-%m)"
holds "a rule that matches nothing is named" has "$out" 'rule "old": matches no meeting'
holds "R71: no titles in a mail" same "$(grep -c Roux "$work/out")" 0
holds "the mail is kept" same "$(cat "$work/reports/mail.txt")" "$out"
holds "all that is due is kept as CSV" same "$(grep -c ',DUE,' "$work"/reports/*-due.csv)" 2
holds "the plan is kept in the catalog" same "$(greffe catalog sql --json 'SELECT count(*) AS n FROM v_due')" \
  '{"schema":"greffe.sql/1","row":{"n":2}}'
GREFFE_MONTH_LINES=1 month 0
holds "a long list is cut, and it is said how to see all" has "$out" "… and 1 more: greffe retain plan --due"
holds "one meeting is there" same "$(grep -c '^2023' <<<"$out")" 1

# H10: a hold to review is in the mail, and in the exit code.
expect 0 greffe hold place --matter M --owner O --reason R --meeting $first --start 2024-01-01 --review-on 2024-06-01
month 3
holds "what is held is told" has "$out" "$first  ON_HOLD"
holds "H10: the hold is named" has "$out" "hold-"
month 3

mv "$archive/catalog.sqlite" "$work/catalog"
month 1
holds "what failed is in the mail" has "$out" "plan ended with 1"
mv "$work/catalog" "$archive/catalog.sqlite"
mv "$archive/archive.json" "$work/archive.json"
month 7
mv "$work/archive.json" "$archive/archive.json"

# The list to approve, as a mail of its own.
GREFFE_PROPOSAL_LIMITS='--max-items 0' expect 4 "$cron/greffe-proposal" "$archive"
holds "D4: what is over the limit is told" has "$out" OVER_THRESHOLD
GREFFE_PROPOSAL_LANGUAGE=fr expect 3 "$cron/greffe-proposal" "$archive"
holds "D1: the list is the mail" has "$out" "$second"
holds "D1: in the language asked for" has "$out" ordereau
list=$(grep -o 'disposal-[0-9]*-[0-9a-f]*' <<<"$out" | head -1)
command=$(sed -n 's/^  \(greffe-retain approve .*--accept-all\).*/\1/p' <<<"$out")
SUDO_USER=anna expect 0 sh -c "$command"
holds "D2: the command of the mail approves" test -f "$archive/disposals/$list/visa-1.json"
expect 3 "$cron/greffe-proposal" "$archive"
holds "what waits is told" has "$out" "Lists of which something can still come"

hardened "$cron/greffe-month.service"
sound greffe-month
line=$(crontab_line greffe-month)
export PATH=$cron:$PATH
unset GREFFE_MONTH_REPORTS
expect 3 sh -c "$line"
holds "the plan is mailed" has "$out" "$second  APPROVED"
holds "the log is a file" has "$(cat "$work/month.log")" "exit 3"
exit $failed
