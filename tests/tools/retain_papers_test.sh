#!/bin/bash
# The papers of disposal as a user gets them: the list to read and sign, the certificate, and requests for erasure with
# the answers to them, from the rule to the proof.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
retain=$GREFFE_BUILD/bin/greffe-retain
catalog=$GREFFE_BUILD/bin/greffe-catalog
hold=$GREFFE_BUILD/bin/greffe-hold
verify=$GREFFE_BUILD/bin/greffe-verify
export GREFFE_ARCHIVE=$work/archive

valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }
# value EXPRESSION: of the JSON object d in $out.
value() { python3 -c 'import json,sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$work/out" "$1"; }
hasnt() { [[ $1 != *"$2"* ]]; }
# meeting ID TITLE CLASS: a meeting folder as ingest leaves one, without media.
meeting() {
  local folder=$GREFFE_ARCHIVE/meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1
  mkdir -p "$folder/dumps"
  echo "dump of $1" >"$folder/dumps/a.mjr"
  cat >"$folder/meeting.json" <<JSON
{"schema": "greffe.meeting/1", "id": "$1", "title": "$2", "start": "${1:0:4}-${1:4:2}-${1:6:2}T08:00:00Z",
 "end_ns": 3600000000000, "origin": "janus", "class": "$3",
 "participants": [{"id": "a", "name": "Amélie", "tracks": []}], "transcripts": [], "witnesses": []}
JSON
  (cd "$folder" && LC_ALL=C find dumps meeting.json -type f | LC_ALL=C sort | xargs sha256sum >manifest-sha256.txt)
}
first=20200131-080000Z-0123456789
second=20200229-080000Z-abcdef0123
council=20200301-080000Z-00112233ff
file=20200302-080000Z-00112233ee
team=20200303-080000Z-00112233dd

expect 7 "$retain" proposals
expect 0 "$catalog" init --owner 'Ville de X <i>'
meeting $first 'Réunion <b>&amp; \"équipe\"</b>' team
meeting $second 'Réunion 2' team
meeting $council 'Conseil' council
meeting $file 'Commission' committee
meeting $team 'Formation' training
expect 0 "$catalog" rebuild
expect 0 "$retain" proposals
holds "no lists yet" same "$out" ""
expect 2 "$retain" proposals disposal-2
expect 2 "$retain" certificate disposal-2
expect 2 "$retain" certificate

cat >"$work/rules.json" <<'JSON'
{"notice_days": 0, "cooling_days": 0, "rules": [
  {"id": "teams", "level": "default", "class": "team", "duration": "P1M", "final_action": "destroy", "grace_days": 0},
  {"id": "councils", "level": "default", "class": "council", "duration": "P90Y", "final_action": "destroy"},
  {"id": "committees", "level": "default", "class": "committee", "duration": "P1Y", "start": "dossier_closed",
   "final_action": "destroy"}]}
JSON
expect 0 "$retain" rules add "$work/rules.json"
expect 0 "$retain" rules diff 1
expect 0 "$retain" rules activate 1 --reason 'Schedule' --diff "$(awk '/^digest/ { print $2 }' "$work/out")"

# Requests, before anything is decided.
expect 2 "$retain" request add --meeting $first
expect 2 "$retain" request add --reference DPO-1
expect 2 "$retain" request add --reference DPO-1 --meeting 1999
expect 2 "$retain" request add --reference DPO-1 --meeting $first --received 2999-01-01
expect 2 "$retain" request show 1
expect 0 "$retain" request add --reference DPO-1 --meeting $first --meeting $council --meeting $file --meeting $team \
  --received 2026-01-31 --note 'by post'
holds "a request has a number" same "$out" 1
expect 0 "$retain" request add --reference DPO-1 --meeting $first --meeting $council --meeting $file --meeting $team
holds "the same again is the same" same "$out" 1
expect 0 "$retain" request add --reference DPO-2 --meeting $second
expect 0 "$retain" request list
holds "it is to be answered within a month" has "$out" 2026-02-28
expect 0 "$retain" --json request list
valid "$work/out" || fail "request list --json"
expect 0 "$retain" --json request show 1
valid "$work/out" || fail "request show --json"
state() { value "[s['state'] for s in d['states'] if s['meeting'] == '$1'][0]"; }
holds "what may go" same "$(state $first)" PROPOSABLE
holds "what a rule keeps" same "$(state $council)" BLOCKED_BY_RULE
holds "until its day" same "$(value "[s['until'] for s in d['states'] if s['meeting'] == '$council'][0]")" 2110-03-01
holds "what waits for an event" same "$(state $file)" WAITS_FOR_EVENT
holds "what no rule lets go" same "$(state $team)" BLOCKED_BY_RULE
expect 0 "$retain" request show 1 --letter --lang fr
holds "the letter says until when" has "$out" 01/03/2110
holds "and whom to complain to" has "$out" CNIL
holds "and names no rule where there is none" has "$out" "Aucune règle"
expect 2 "$retain" request show 1 --format html
expect 0 "$retain" request show 1 --letter --format html -o "$work/letter.html"
holds "the letter is a page" has "$(cat "$work/letter.html")" '<html lang="en">'
holds "the letter has no title of a meeting" hasnt "$(cat "$work/letter.html")" Conseil

# H13: a hold blocks, and of a confidential one nothing is told.
expect 0 "$hold" place --matter 'Affair 7' --owner legal --reason 'court of X' --confidential --meeting $first
secret=$out
expect 0 "$hold" place --matter 'Affair 8' --owner legal --reason 'open inquiry' --meeting $council
open=$out
expect 0 "$retain" --json request show 1
holds "H13: held" same "$(state $first)" BLOCKED_BY_HOLD
expect 0 "$retain" request show 1
holds "H13: the hold is named to the office" has "$out" "$secret"
for lang in fr en; do
  expect 0 "$retain" request show 1 --letter --lang $lang
  holds "H13: a confidential reason is not told ($lang)" hasnt "$out" 'court of X'
  holds "H13: nor its matter ($lang)" hasnt "$out" 'Affair'
  holds "H13: the other reason is ($lang)" has "$out" 'open inquiry'
  holds "H13: the request stays ($lang)" has "$out" 2016/679
done
expect 0 "$retain" request add --reference DPO-9 --meeting $first
holds "H13: it is recorded as blocked" has "$(cat "$GREFFE_ARCHIVE/disposals/requests/request-3.json")" BLOCKED_BY_HOLD
expect 0 "$retain" request answer 3 --outcome refused --reason 'kept for now'
expect 4 "$retain" request answer 1 --outcome erased --reason done
holds "H13: what is left is named" has "$err" $first
expect 4 "$retain" request answer 1 --outcome partly --reason done
expect 2 "$retain" request answer 1 --outcome later --reason done
expect 2 "$retain" request answer 1 --outcome refused
expect 2 "$retain" request answer 9 --outcome refused --reason no
expect 0 env SUDO_USER=louise "$hold" release "$secret" --reason over

# The list.
expect 0 "$retain" propose --class team --note 'Liste <de> 2026'
list=$(grep -o 'disposal-[0-9]*-[0-9a-f]*' "$work/out" | head -n 1)
expect 0 "$retain" proposals
holds "one line for a list" has "$out" "2 proposed"
expect 0 "$retain" --json proposals
valid "$work/out" || fail "proposals --json"
digest=$(value "d['sha512']")
expect 0 "$retain" proposals "$list" --format json
valid "$work/out" || fail "proposals LIST --format json"
holds "lines have their state" same "$(value "d['lines'][0]['state']")" proposed
expect 0 "$retain" proposals disposal- --lang fr
for word in "Bordereau d'élimination" 'Dates extrêmes' 'DUA : 1 mois' 'Sort final : éliminer (D)' 'Liste <de> 2026' \
  "$digest" L212-2 'Réunion 2'; do
  holds "D1: the bordereau has $word" has "$out" "$word"
done
expect 0 "$retain" proposals "$list" --format html --lang fr -o "$work/list.html"
html=$(cat "$work/list.html")
holds "titles are no markup" hasnt "$html" '<b>&amp;amp;'
holds "they are shown" has "$html" 'Réunion &lt;b&gt;&amp;amp; &quot;équipe&quot;&lt;/b&gt;'
holds "nor is the owner" hasnt "$html" '<i>'
holds "no scripts" hasnt "$html" '<script'
expect 2 "$retain" proposals --format html
expect 0 "$retain" --json request show 2
holds "a request whose meeting is proposed" same "$(value "d['states'][0]['state']")" PROPOSED

expect 0 env SUDO_USER=louise "$retain" approve "$list" --digest "$digest" --accept-all --reason 'lu et approuvé'
expect 0 "$retain" proposals "$list"
holds "D2: the visa is in it" has "$out" louise
expect 0 "$retain" --json request show 2
holds "a request whose meeting is approved" same "$(value "d['states'][0]['state']")" APPROVED
expect 0 "$retain" apply "$list" --apply "$("$retain" apply "$list" --digest)"
expect 0 "$retain" --json request show 2
holds "D6: in the trash" same "$(value "d['states'][0]['state']")" IN_GRACE
expect 0 "$retain" request show 2
holds "D6: without grace until the end of the day on which it went there" has "$out" "IN_GRACE  $(TZ=Europe/Paris date +%F)"
expect 4 "$retain" request answer 2 --outcome erased --reason done
expect 2 "$retain" certificate "$list"
expect 0 "$retain" purge --apply "$("$retain" purge --digest)"

# The proof.
expect 0 "$retain" certificate "$list" --format json
valid "$work/out" || fail "certificate --format json"
holds "D12: it is the file" same "$(value "d['meetings']")" "['$first', '$second']"
expect 0 "$retain" certificate "$list" --lang fr
for word in "Certificat d'élimination" "$digest" $first unlink DESTROYED_LOCAL louise; do
  holds "D12: the certificate has $word" has "$out" "$word"
done
holds "D13: it has no title" hasnt "$out" 'équipe'
expect 0 "$retain" certificate "$list" --number 1 --format html -o "$work/certificate.html"
expect 2 "$retain" certificate "$list" --number 2
expect 0 "$retain" proposals "$list" --format json
holds "D13: nor has the list any more" same "$(value "[l.get('title') for l in d['lines']]")" "[None, None]"
expect 0 "$retain" --json request show 2
holds "erased" same "$(value "d['states'][0]['state']")" ERASED
holds "with its certificate" same "$(value "d['states'][0]['certificate']")" 1
expect 0 "$retain" request show 2 --letter
holds "the letter names the certificate" has "$out" "certificate 1, $list"
expect 0 "$retain" request answer 2 --outcome erased --reason 'told by post'
expect 0 "$retain" request answer 2 --outcome erased --reason 'told by post'
expect 2 "$retain" request answer 2 --outcome refused --reason 'other'
expect 0 "$retain" request show 2
holds "its answer is shown" has "$out" 'told by post'
expect 0 "$retain" request add --reference DPO-3 --meeting $second
expect 0 "$retain" request answer 1 --outcome partly --reason 'the rest is kept'
expect 0 "$verify" journal
grep -q '"erasure-answer"' "$GREFFE_ARCHIVE"/journal/*.jsonl || fail "answers are journaled"
! grep -q 'DPO-1\|by post' "$GREFFE_ARCHIVE"/journal/*.jsonl || fail "A1: the journal has what was said"
rm "$GREFFE_ARCHIVE/disposals/requests/request-1.json"
expect 5 "$retain" request list
exit "$failed"
