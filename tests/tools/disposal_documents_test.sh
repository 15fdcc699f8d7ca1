#!/bin/bash
# Documents: kept with a meeting, or as a record of their own with a class of its own, which outlives the meeting it was
# made of and does not keep it any longer (RETENTION D8).
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
command -v ffmpeg >/dev/null || exit 77
retain=$GREFFE_BUILD/bin/greffe-retain
export GREFFE_ARCHIVE=$work/archive
unset SUDO_USER GREFFE_KEY
json() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
folder_of() { find "$GREFFE_ARCHIVE/meetings" -name "$1"; }

mkdir "$work/council"
ffmpeg -v error -f lavfi -i testsrc=size=320x180:rate=25:duration=1 -c:v libvpx "$work/council/bruno.webm" || fail "ffmpeg"
printf '%%PDF-1.4 the minutes of the capybara\n' >"$work/minutes.pdf"
printf '%%PDF-1.4 the agenda\n' >"$work/agenda.pdf"
printf 'WEBVTT\n\n00:00:00.000 --> 00:00:00.900\n<v Bruno>the validated quokka\n' >"$work/minutes.vtt"

# With a meeting.
cat >"$work/council/meeting.json" <<'JSON'
{"title": "Council", "class": "council", "producers": ["Mairie"], "start": "2021-02-21T22:30:00Z",
 "participants": [{"id": "b", "name": "Bruno", "tracks": [{"file": "bruno.webm", "role": "camera",
  "started_at": "2021-02-21T22:30:00Z"}]}],
 "documents": [{"file": "../agenda.pdf", "title": "Agenda"}, {"file": "../agenda.pdf"}]}
JSON
source=$(greffe-ingest -q --create "$work/council") || [ $? -eq 3 ] || fail "ingest"
holds "a document is kept with its meeting" cmp "$(folder_of "$source")/documents/agenda.pdf" "$work/agenda.pdf"
holds "and named once" same "$(json "d['documents']" <"$(folder_of "$source")/meeting.json")" \
  "[{'file': 'documents/agenda.pdf', 'title': 'Agenda'}]"
again=$(greffe-ingest -q "$work/council") || [ $? -eq 3 ] || fail "again"
holds "the same again is the same" same "$again" "$source"
greffe-ingest -q --into "$source" "$work/council" >"$work/out" || [ $? -eq 3 ] || fail "into"
holds "into again adds nothing" same "$(find "$(folder_of "$source")/documents" -type f | wc -l)" 1
echo later >"$work/later.txt"
echo '{"documents": [{"file": "later.txt"}]}' >"$work/meeting.json"
expect 0 greffe-ingest -q --into "$source" "$work/meeting.json"
holds "into adds a document" cmp "$(folder_of "$source")/documents/later.txt" "$work/later.txt"

# As a record of their own, from a meeting.json or in one step.
mkdir "$work/alone"
cp "$work/minutes.pdf" "$work/alone"
echo '{"title": "Minutes", "documents": [{"file": "minutes.pdf"}]}' >"$work/alone/meeting.json"
expect 2 greffe-ingest "$work/alone"
holds "without a start it is told" has "$err" 'documents alone have no time: give "start" or --start'
echo '{"title": "Minutes", "documents": [{"file": "lost.pdf"}]}' >"$work/alone/meeting.json"
expect 1 greffe-ingest "$work/alone" --start 2021-02-21T22:30:00Z
holds "a document that is not there is named" has "$err" "lost.pdf"
expect 2 greffe-ingest --class minutes "$work/alone"
expect 2 greffe-ingest --record-of "$source" "$work/minutes.vtt"
holds "words alone are no record" has "$err" "a transcript alone is no record"
expect 2 greffe-ingest --record-of 19990101 "$work/minutes.pdf"

cat >"$work/rules.json" <<'JSON'
{"notice_days": 0, "cooling_days": 0, "rules": [
 {"id": "council", "level": "default", "class": "council", "duration": "P5Y", "grace_days": 0, "final_action": "destroy"},
 {"id": "minutes", "level": "default", "class": "minutes", "duration": "forever"},
 {"id": "drafts", "level": "default", "class": "draft", "duration": "P1Y", "grace_days": 0, "final_action": "destroy"}]}
JSON
"$retain" -q rules add "$work/rules.json" >/dev/null
expect 0 "$retain" --json rules diff 1
expect 0 "$retain" rules activate 1 --reason r --diff "$(json "d['digest']" <"$work/out")"
due=$(greffe-catalog --json why "$source" | json "d['due_from']")
expect 0 greffe-ingest -q --record-of "${source:0:15}" --class minutes --title "Validated minutes" \
  "$work/minutes.pdf" "$work/minutes.vtt"
minutes=$out
holds "D8: it does not extend its source" same "$(greffe-catalog --json why "$source" | json "d['due_from']")" "$due"
holds "D8: it has rules of its own" same "$(greffe-catalog --json why "$minutes" | json "d['code']")" KEEP_FOREVER
python3 - "$(folder_of "$minutes")/meeting.json" "$source" <<'PYTHON' || fail "meeting.json of the minutes"
import json, sys
record = json.load(open(sys.argv[1]))
assert record["origin"] == sys.argv[2] and record["class"] == "minutes" and record["title"] == "Validated minutes"
assert record["start"].startswith("2021-02-21T22:30:00") and record["producers"] == ["Mairie"]
assert record["documents"] == [{"file": "documents/minutes.pdf", "title": ""}]
assert [person["tracks"] for person in record["participants"]] == [[]] * len(record["participants"])
assert [person["name"] for person in record["participants"]] == ["Bruno"]
PYTHON
holds "byte for byte" cmp "$(folder_of "$minutes")/documents/minutes.pdf" "$work/minutes.pdf"
expect 0 greffe-ingest -q --record-of "$source" --class minutes --title "Validated minutes" "$work/minutes.pdf" "$work/minutes.vtt"
holds "the same again is the same" same "$out" "$minutes"
expect 0 greffe-catalog show "$minutes"
holds "show names it" has "$out" "documents/minutes.pdf"
expect 0 greffe-probe --missing "$minutes"
expect 1 greffe-compose "$minutes" -o "$work/x.webm"
holds "there is nothing to make a film of" has "$err" "no media"
expect 1 greffe-plan "$minutes"
expect 0 greffe-verify files
expect 0 greffe-verify catalog
expect 0 greffe-catalog rebuild
expect 0 greffe-verify catalog
expect 0 "$GREFFE_BUILD/bin/greffe-export" --format bagit --recipient "Archives" -o "$work/bag" "$minutes"
holds "an export has it" test -n "$(find "$work/bag" -name minutes.pdf)"

# A request to erase tells of it; what it does not ask for stays.
expect 0 "$retain" request add --meeting "$source" --reference "DPO 1"
holds "D8: a request tells what was made of its meeting" has "$err" "$minutes"
expect 0 "$retain" --json request show 1
holds "D8: so does its state" has "$out" "\"records\":[\"$minutes\"]"
expect 0 "$retain" request show 1
holds "D8: and its table" has "$out" "not asked for: $minutes"
expect 0 "$retain" request show 1 --letter --lang fr
holds "D8: and the letter" has "$out" "$minutes."
expect 0 "$retain" request add --meeting "$source" --meeting "$minutes" --reference "DPO 2"
expect 0 "$retain" --json request show 2
holds "D8: not one that asks for it, too" has "$out" '"records":[]'

# The meeting goes, the minutes stay.
destroy() {
  expect 0 "$retain" -q propose --all
  local list=$out
  holds "D8: only what is due" same "$(grep -c '"meeting"' "$GREFFE_ARCHIVE/disposals/$list/list.json")" 1
  SUDO_USER=anna expect 0 "$retain" approve "$list" --accept-all \
    --digest "$("$retain" proposals "$list" --format json | json "d['sha512']")"
  expect 0 "$retain" apply "$list" --apply "$("$retain" apply "$list" --digest)"
  expect 0 "$retain" purge "$list" --apply "$("$retain" purge "$list" --digest)"
}
destroy
holds "D8: the source is gone" test -z "$(find "$GREFFE_ARCHIVE/meetings" "$GREFFE_ARCHIVE/trash" -name "$source")"
expect 0 greffe-catalog search quokka
holds "D8: the record is found" has "$out" "$minutes"
expect 0 "$retain" request show 1
holds "D8: a request still tells of it" has "$out" "$minutes"

# A record of documents ends as others do; what comes again is known.
cp "$work/agenda.pdf" "$work/draft.pdf"
echo draft >>"$work/draft.pdf"
expect 0 greffe-ingest -q --record-of "$minutes" --class draft "$work/draft.pdf"
draft=$out
destroy
holds "D8: no word of it is left" test -z "$(find "$GREFFE_ARCHIVE/meetings" "$GREFFE_ARCHIVE/trash" -name "$draft")"
expect 3 greffe-ingest --record-of "$minutes" --class draft "$work/draft.pdf"
holds "D14: it is told" has "$err" "a file of this content was destroyed with $draft"
exit "$failed"
