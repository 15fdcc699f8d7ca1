#!/bin/bash
# greffe-retain as a user runs it: rules written wrong and right, compared, put in force, locked; events; the plan and
# the reasons of greffe-catalog why.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
retain=$GREFFE_BUILD/bin/greffe-retain
catalog=$GREFFE_BUILD/bin/greffe-catalog
export GREFFE_ARCHIVE=$work/archive

# valid FILE…: each line, or a whole document, holds to the schema it names.
valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }
# field NAME: of the JSON object in $out.
field() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/out" "$1"; }
# meeting ID TITLE CLASS: a meeting folder as ingest leaves one, without media. It lasts an hour from 22:30 UTC.
meeting() {
  local folder=$GREFFE_ARCHIVE/meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1
  mkdir -p "$folder/dumps"
  echo "dump of $1" >"$folder/dumps/a.mjr"
  cat >"$folder/meeting.json" <<JSON
{"schema": "greffe.meeting/1", "id": "$1", "title": "$2", "start": "${1:0:4}-${1:4:2}-${1:6:2}T22:30:00Z",
 "end_ns": 3600000000000, "origin": "janus", "class": "$3",
 "participants": [{"id": "a", "name": "Amélie", "tracks": []}], "transcripts": [], "witnesses": []}
JSON
  (cd "$folder" && LC_ALL=C find dumps meeting.json -type f | LC_ALL=C sort | xargs sha256sum >manifest-sha256.txt)
}
today=$(TZ=Europe/Paris date +%F)
council=20210228-223000Z-0123456789
team=20240131-223000Z-0123456789
file=20230315-223000Z-0123456789

expect 7 "$retain" plan
expect 0 "$catalog" init
meeting $council 'Council' council
meeting $team 'Team' team
meeting $file 'Committee' committee
expect 0 "$catalog" rebuild

# Without rules everything is kept.
expect 0 "$retain" plan
holds "R1: no rule, all is kept" same "$(grep -c NO_RULE <<<"$out")" 4
expect 0 "$retain" rules list
expect 2 "$retain" rules show
expect 2 "$retain" rules show 1
expect 2 "$retain" rules diff 1
expect 2 "$retain" rules

# All mistakes at once, with their places.
cat >"$work/wrong.json" <<'JSON'
{"rules": [{"id": "a", "level": "top", "duration": "5 years", "retainz": true},
           {"id": "a", "level": "default", "duration": "P0D", "final_action": "burn"},
           {"level": "explicit", "duration": "forever", "approvers": "two", "meetings": ["x"]}], "notice_days": -1}
JSON
expect 1 "$retain" rules add "$work/wrong.json"
for place in 'rules[0].level' 'rules[0].duration' 'rules[0].retainz' 'rules[1].id' 'rules[1].duration' \
  'rules[1].final_action' 'rules[2].id' 'rules[2].approvers' 'rules[2].meetings[0]' notice_days; do
  holds "malformed rules: $place is named" has "$err" "$place: "
done
cat >"$work/keys.json" <<'JSON'
{"rules": [{"id": "a", "level": "default", "duration": "P1Y", "signed_approval": true, "grace_days": 0}],
 "approver_keys": [{"name": "the director", "public_key": "ssh-ed25519 AAAA"}], "grace_days": 0}
JSON
expect 1 "$retain" rules add "$work/keys.json"
for place in 'rules[0].grace_days' 'approver_keys[0].name' 'approver_keys[0].public_key' grace_days; do
  holds "D2, D6: $place is named" has "$err" "$place: "
done
echo '{"rules": [{"id": "q", "level": "scoped", "duration": "P1Y", "query": "nofield:x"}]}' >"$work/query.json"
expect 1 "$retain" rules add "$work/query.json"
holds "a query that does not compile is refused with its place" has "$err" 'rules[0].query: '
expect 1 "$retain" rules add /dev/null
expect 1 "$retain" rules add "$work/nothing"
holds "nothing of all that is stored" same "$(ls "$GREFFE_ARCHIVE/policy" 2>/dev/null)" ""

cat >"$work/first.json" <<'JSON'
{"schema": "greffe.policy/1",
 "rules": [{"id": "council", "level": "default", "class": "council", "duration": "P10Y", "final_action": "keep"},
           {"id": "team", "level": "default", "class": "team", "duration": "P5Y", "final_action": "destroy"},
           {"id": "committee", "level": "default", "class": "committee", "duration": "P1Y", "start": "dossier_closed",
            "final_action": "destroy"}]}
JSON
sed 's/"team", "duration": "P5Y"/"team", "duration": "P1M"/; s/"P10Y"/"P20Y"/' "$work/first.json" >"$work/second.json"
expect 0 "$retain" rules add "$work/first.json"
holds "add prints the version" same "$out" 1
holds "- is standard input" same "$("$retain" -q rules add - <"$work/first.json")" 1
expect 0 "$retain" rules add "$work/first.json"
holds "the same rules again are no new version" same "$out" 1
holds "and it is said" has "$err" "nothing was stored"
holds "one file of rules" same "$(ls "$GREFFE_ARCHIVE/policy")" rules-1.json
expect 0 "$retain" rules show 1
holds "show has the rules" has "$out" "dossier_closed"
expect 0 "$retain" --json rules show 1
holds "the output holds to its schema" valid "$work/out"

# R10: what destroys comes into force after it has cooled down.
expect 0 "$retain" rules diff 1 --json
holds "the output holds to its schema" valid "$work/out"
digest=$(field digest)
effective=$(field effective)
holds "R10: diff says when it would be in force" same "$effective" "$(date -d "$today + 30 days" +%F)"
expect 2 "$retain" rules activate 1 --diff "$digest"
holds "R10: a reason is needed" has "$err" "reason"
expect 4 "$retain" rules activate 1 --diff "${digest/[0-9]/x}" --reason 'First schedule'
holds "R10: another diff is refused" has "$err" "$digest"
expect 4 "$retain" rules lock 1 --reason 'early'
expect 0 "$retain" rules activate 1 --diff "$digest" --reason 'First schedule'
holds "activate prints the day" same "$out" "$effective"
expect 0 "$retain" rules activate 1 --diff "$digest" --reason 'First schedule'
holds "a decision is taken once" same "$(ls "$GREFFE_ARCHIVE/policy" | grep -c activation)" 1
expect 0 "$retain" plan
holds "R10: until then the old rules are in force" same "$(grep -c NO_RULE <<<"$out")" 4
expect 0 "$retain" plan --as-of "$effective"
holds "R10: from that day the new ones" has "$out" "under version 1"
expect 0 "$retain" rules list --json
holds "the output holds to its schema" valid "$work/out"
holds "list names what is to come" has "$out" '"state":"pending"'

# T5, R2, R13: the plan for any day.
expect 0 "$retain" plan --as-of 2100-01-01
holds "R13: due" has "$out" "$(printf '%s  %-21s' $team DUE)"
holds "R13: kept" has "$out" "$(printf '%s  %-21s' $council DUE)"
holds "R2: what waits for an event is never due" has "$out" "$(printf '%s  %-21s' $file PENDING_EVENT)"
expect 0 "$retain" plan --as-of 2027-06-01
holds "T2 T3: kept to the last day" has "$out" "$(printf '%s  %-21s  %s  %s' $team KEEP_RULE 2029-02-01 2029-02-02)"
holds "E3: a meeting that ends after midnight counts from the next day" has "$out" 2031-03-01
expect 0 "$retain" plan --pending --as-of 2027-06-01
holds "R2: --pending lists what waits" has "$out" "waits for dossier_closed"
holds "R2: and nothing else" same "$(grep -c "^20.*0123456789" <<<"$out")" 1
expect 0 "$retain" plan --due --json --as-of 2035-01-01
holds "the output holds to its schema" valid "$work/out"
holds "--due lists what is due" same "$(grep -c '"code":"DUE"' <<<"$out")" 2
holds "JSON: totals go to standard error" has "$err" "PENDING_EVENT"
expect 2 "$retain" plan --as-of yesterday
expect 2 "$retain" plan --as-of 2029-02-01T23:30:00
expect 0 "$retain" plan --as-of 2029-02-01T22:30:00Z
holds "T5: an instant of the last protected day" has "$out" "$(printf '%s  %-21s' $team KEEP_RULE)"
expect 0 "$retain" plan --as-of 2029-02-01T23:30:00Z
holds "T5: it is the next day there" has "$out" "$(printf '%s  %-21s' $team DUE)"
expect 0 "$catalog" why $team --as-of 2029-02-01T23:30:00Z
holds "T5: why says the same" has "$out" "as of         2029-02-02 in Europe/Paris"

# The plan that is saved is what the views show, with its day; another day's is not saved.
expect 0 "$catalog" sql 'SELECT count(*) AS n FROM v_plan' --json
holds "no plan was saved" has "$out" '"row":{"n":0}'
expect 2 "$retain" plan --save --as-of "$effective"
expect 0 "$retain" plan --save --due
expect 0 "$catalog" sql 'SELECT DISTINCT as_of, policy_version, entries_since, count(*) AS n FROM v_plan' --json
holds "all of it is saved, whatever is shown" same "$out" \
  '{"schema":"greffe.sql/1","row":{"as_of":"'"$today"'","policy_version":0,"entries_since":0,"n":3}}'
expect 0 "$catalog" edit $team --title 'Team, corrected'
expect 0 "$catalog" sql 'SELECT DISTINCT entries_since > 0 AS old FROM v_plan' --json
holds "what was journaled since is counted" has "$out" '"old":1'

# E1, E2: events, and their corrections.
expect 2 "$retain" event dossier_closed --on 2024-05-31
expect 2 "$retain" event dossier_closed --meeting 2023
expect 2 "$retain" event dossier_closed --meeting 2023 --on 31.5.2024
expect 2 "$retain" event dossier_closed --meeting 2022 --on 2024-05-31
expect 2 "$retain" event dossier_closed --meeting 202 --on 2024-05-31
holds "an ambiguous id: the candidates are named" has "$err" $team
expect 2 "$retain" event meeting_ended --meeting 2023 --on 2024-05-31
expect 2 "$retain" event dossier_closed --query class:nothing --on 2024-05-31
expect 0 "$retain" event dossier_closed --meeting 2023 --on 2024-05-31 --evidence 'letter 12'
holds "event prints its number" same "$out" 1
expect 0 "$retain" event dossier_closed --meeting 2023 --on 2024-05-31 --evidence 'letter 12'
holds "the same event again is no other" same "$out" 1
expect 0 "$retain" plan --as-of 2027-06-01
holds "E1: retention counts from the event" has "$out" "$(printf '%s  %-21s  %s' $file DUE 2025-05-31)"
expect 2 "$retain" event contract_ended --supersedes 1 --on 2024-06-30
expect 2 "$retain" event --supersedes 7 --on 2024-06-30
expect 0 "$retain" event --supersedes 1 --on 2026-06-30
expect 0 "$retain" plan --as-of 2027-06-01
holds "E2: a correction takes its place" has "$out" "$(printf '%s  %-21s  %s' $file KEEP_RULE 2027-06-30)"
expect 2 "$retain" event --supersedes 1 --on 2024-06-30
holds "E2: what was corrected is not corrected twice" has "$err" "superseded already"
expect 0 "$retain" event --withdraw 2
expect 0 "$retain" plan --as-of 2027-06-01
holds "E2: a withdrawal leaves nothing" has "$out" "$(printf '%s  %-21s' $file PENDING_EVENT)"
expect 0 "$retain" event dossier_closed --query class:committee --on 2026-01-31
holds "E2: nothing recorded is ever changed" same "$(grep -l 'letter 12' "$GREFFE_ARCHIVE"/policy/event-*.json)" "$GREFFE_ARCHIVE/policy/event-1.json"

# Why.
expect 0 "$catalog" why $file --as-of 2027-06-01
holds "why names the decision" has "$out" "DUE"
holds "why names the rule that has no part" has "$out" "no: other-class"
holds "why names the events, superseded ones too" has "$out" "superseded"
expect 0 "$catalog" --json why $file --as-of 2027-06-01
holds "R13: the output holds to its schema" valid "$work/out"
holds "R13: why has every rule" same "$(grep -o '"applies":' <<<"$out" | wc -l)" 3
holds "R13: why has every event" same "$(grep -o '"evidence":' <<<"$out" | wc -l)" 4
expect 2 "$catalog" why 1999
expect 2 "$catalog" why 20

# A hold goes before all rules, and its release gives notice anew.
expect 0 "$GREFFE_BUILD/bin/greffe-hold" place --matter 'Case 7' --owner legal --reason 'Complaint' --query class:team
hold=$(grep -oE 'hold-[0-9]{8}-[0-9a-f]+' <<<"$out" | head -1)
expect 0 "$retain" plan --as-of 2100-01-01
holds "H2 R13: what is held is not due" has "$out" "$(printf '%s  %-21s' $team ON_HOLD)"
expect 0 "$GREFFE_BUILD/bin/greffe-hold" place --matter 'Case 9' --owner legal --reason 'Original' --query class:team --blocks alter
other=$out
expect 0 "$catalog" why $team
holds "why names the hold" has "$out" "$hold  active"
holds "and one that blocks but changes" has "$out" "$other  active  alter"
expect 0 "$GREFFE_BUILD/bin/greffe-hold" release "$other" --reason 'Copied' --same-person
expect 0 "$catalog" why $team --json
holds "the output holds to its schema" valid "$work/out"
expect 0 "$GREFFE_BUILD/bin/greffe-hold" release "$hold" --reason 'Settled' --same-person
expect 0 "$retain" plan --as-of 2100-01-01
holds "H2: released, it is due again" has "$out" "$(printf '%s  %-21s' $team DUE)"
expect 0 "$catalog" why $team
holds "H11: why names released holds, too" has "$out" "$hold  released"

# R7: a producer is edited, shown, and told by why.
expect 0 "$catalog" edit $team --producer 'City hall' --producer 'Région'
expect 0 "$catalog" show $team
holds "show names the producers" has "$out" "of      Région"
expect 0 "$catalog" show $team --json
holds "the output holds to its schema" valid "$work/out"
holds "meeting.json holds to its schema" valid "$GREFFE_ARCHIVE"/meetings/2024/01/31/$team/meeting.json
expect 0 "$catalog" why $team --json
holds "the output holds to its schema" valid "$work/out"
holds "R7: why has the producers" has "$out" '"producers":["City hall","Région"]'
expect 0 "$catalog" --json sql 'SELECT name FROM v_producers ORDER BY position'
holds "R7: the catalog has them" same "$(grep -o '"name":"[^"]*"' <<<"$out" | tr '\n' ' ')" '"name":"City hall" "name":"Région" '
expect 2 "$catalog" edit $team --producer a --producer a
expect 0 "$catalog" edit $team --producer ''
expect 0 "$catalog" --json sql 'SELECT name FROM v_producers'
holds "nobody's" same "$(grep -c name <<<"$out")" 0

# H10: a hold whose review has passed is told, and binds on.
expect 0 "$GREFFE_BUILD/bin/greffe-hold" place --matter 'Case 8' --owner legal --reason 'Complaint' --query class:team \
  --review-on "$today"
review=$(tail -1 <<<"$out")
expect 0 "$retain" plan
expect 3 "$retain" plan --as-of 2100-01-01
holds "H10: the hold to review is named" has "$err" "$review: hold-review-passed: was to be reviewed on $today; it still binds"
holds "H10: and released by nothing" has "$out" "$(printf '%s  %-21s' $team ON_HOLD)"
expect 3 "$catalog" why $team --as-of 2100-01-01
holds "H10: why names it, too" has "$err" "$review: hold-review-passed"
expect 3 "$catalog" why $team --as-of 2100-01-01 --json
holds "the output holds to its schema" valid "$work/out"
expect 0 "$catalog" why $council --as-of 2100-01-01
expect 0 "$GREFFE_BUILD/bin/greffe-hold" release "$review" --reason 'Settled' --same-person
expect 0 "$retain" plan --as-of 2100-01-01

# H5: a query that breaks after its rules were activated retains, destroys nothing, and stops no plan.
cp -a "$GREFFE_ARCHIVE" "$work/before-words"
echo '{"rules": [{"id": "words", "level": "scoped", "query": "title:team", "duration": "P90Y", "final_action": "keep"},
  {"id": "old", "level": "default", "duration": "P1M", "final_action": "keep"}]}' >"$work/words.json"
expect 0 "$retain" rules add "$work/words.json"
expect 0 "$retain" rules diff 2 --json
expect 0 "$retain" rules activate 2 --diff "$(field digest)" --reason 'By title'
expect 0 "$retain" plan --as-of 2050-01-01
holds "a title kept for ninety years" has "$out" "$(printf '%s  %-21s  %s' $team KEEP_RULE 2114-02-01)"
holds "has no part in another" has "$out" "$(printf '%s  %-21s' $council DUE)"
python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as catalog:
    catalog.execute("DROP TABLE meeting_words")' "$GREFFE_ARCHIVE/catalog.sqlite"
expect 4 "$retain" plan --as-of 2050-01-01
holds "H5: the rule is named" has "$err" 'rule "words": rule-query-failed: '
holds "H5: all meetings are planned, and kept by it" same "$(grep -c 'KEEP_RULE .*in doubt: words' <<<"$out")" 3
expect 4 "$retain" plan --as-of 2050-01-01 --json
holds "the output holds to its schema" valid "$work/out"
expect 4 "$retain" plan --save
doubts=$(sqlite3 "$GREFFE_ARCHIVE/catalog.sqlite" "SELECT count(*) FROM v_plan WHERE in_doubt = 'words'")
holds "H5: a saved plan says so, too" same "$doubts" 3
expect 4 "$catalog" why $council --as-of 2050-01-01
holds "H5: why says which rule is in doubt" has "$out" "in doubt: retains"
expect 4 "$catalog" why $council --as-of 2050-01-01 --json
holds "the output holds to its schema" valid "$work/out"
rm -rf "$GREFFE_ARCHIVE"
cp -a "$work/before-words" "$GREFFE_ARCHIVE"

# The catalog's rows are an index.
expect 0 "$catalog" dump
cp "$work/out" "$work/dump"
holds "dump holds to its schema" valid "$work/dump"
expect 0 "$catalog" rebuild
expect 0 "$catalog" dump
holds "rebuild gives the same rows of rules and events" cmp -s "$work/out" "$work/dump"
holds "all is journaled before and after" same \
  "$(grep -hoE '"action":"(rules-[a-z]*|event)"' "$GREFFE_ARCHIVE"/journal/*.jsonl | sort | uniq -c | tr -s ' ' | tr '\n' ';')" \
  ' 8 "action":"event"; 2 "action":"rules-activate"; 2 "action":"rules-add";'
holds "the files hold to their schemas" valid "$GREFFE_ARCHIVE"/policy/*.json "$GREFFE_ARCHIVE"/journal/*.jsonl

# R11: a lock lets nothing be loosened, and there is no unlock.
expect 0 "$retain" rules lock 1 --reason 'Visa of the archives'
expect 0 "$retain" rules lock 1 --reason 'Visa of the archives'
expect 2 "$retain" rules unlock 1
expect 0 "$retain" rules add "$work/second.json"
expect 0 "$retain" rules diff 2 --against 1
holds "diff counts what moves, by rule" has "$out" "sooner  team"
holds "R10: diff tells bytes and the earliest day" has "$out" 2024-03-02
expect 0 "$retain" rules diff 2 --json
expect 4 "$retain" rules activate 2 --diff "$(field digest)" --reason 'Shorter'
holds "R11: what is loosened is named" has "$err" 'rules[1].duration'
expect 0 "$retain" rules list
holds "list says what is locked" has "$out" "yes"

# A file that somebody edited or took away is named.
cp "$GREFFE_ARCHIVE/policy/rules-1.json" "$work/good"
sed -i 's/P5Y/P4Y/' "$GREFFE_ARCHIVE/policy/rules-1.json"
expect 5 "$retain" plan
holds "an edited file is named" has "$err" "policy/rules-1.json"
mv "$GREFFE_ARCHIVE/policy/rules-1.json" "$work/bad"
expect 5 "$retain" plan
cp "$work/good" "$GREFFE_ARCHIVE/policy/rules-1.json"
mv "$GREFFE_ARCHIVE/policy/event-4.json" "$work/"
expect 5 "$retain" plan
mv "$work/event-4.json" "$GREFFE_ARCHIVE/policy/"
expect 0 "$retain" plan

# Ten at once: none is lost, and each has a number of its own.
for number in 1 2 3 4 5 6 7 8 9 10; do
  "$retain" -q event person_left --meeting $team --on 2026-10-10 --evidence "letter $number" >"$work/event-$number" &
done
wait
holds "ten at once get ten numbers" same "$(cat "$work"/event-[0-9]* | sort -n | uniq | wc -l)" 10
holds "and are all there" same "$(grep -l person_left "$GREFFE_ARCHIVE"/policy/event-*.json | wc -l)" 10
expect 0 "$catalog" --json sql "SELECT count(*) AS n FROM events WHERE type = 'person_left'"
holds "and entered" has "$out" '"n":10'
holds "the events hold to their schema" valid "$GREFFE_ARCHIVE"/policy/event-*.json

# greffe-verify catalog: files against the journal, rows against the files.
verify=$GREFFE_BUILD/bin/greffe-verify
cp -a "$GREFFE_ARCHIVE" "$work/whole"
# found REASON: verification names it; the archive is then as it was.
found() {
  expect 5 "$verify" catalog
  holds "verify names $1" has "$out" "$1: "
  rm -rf "$GREFFE_ARCHIVE"
  cp -a "$work/whole" "$GREFFE_ARCHIVE"
}
if [ -x "$verify" ]; then
  expect 0 "$verify" catalog
  sed -i 's/"P5Y"/"P6Y"/' "$GREFFE_ARCHIVE/policy/rules-2.json" "$GREFFE_ARCHIVE/policy/rules-1.json"
  found "other-policy-file: policy/rules-1.json"
  mv "$GREFFE_ARCHIVE/policy/event-1.json" "$work/"
  found "missing-policy-file: policy/event-1.json"
  cp "$GREFFE_ARCHIVE/policy/lock-1.json" "$GREFFE_ARCHIVE/policy/lock-2.json"
  found "other-policy-file: policy/lock-2.json"
  python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as catalog:
    catalog.execute("UPDATE events SET effective_date = ? WHERE number = 1", ("2020-01-01",))' "$GREFFE_ARCHIVE/catalog.sqlite"
  found "other-policy-rows: policy"
fi

# The examples are rules, and hold to the schema.
for example in "$GREFFE_SOURCE"/examples/policy/*.json; do
  holds "$(basename "$example") holds to its schema" valid "$example"
  expect 0 "$retain" rules add "$example"
done
rm -f "$GREFFE_ARCHIVE"/catalog.sqlite-*
chmod -R a-w "$GREFFE_ARCHIVE"
expect 0 "$retain" plan
chmod -R u+w "$GREFFE_ARCHIVE"
"$retain" plan --json 2>/dev/null | head -n 0
expect 0 env -i "$retain" --archive "$GREFFE_ARCHIVE" plan
exit $failed
