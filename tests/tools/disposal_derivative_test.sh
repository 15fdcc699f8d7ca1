#!/bin/bash
# A film and its transcript that are a record of their own (RETENTION D8): taken in as one, with a class, they outlive the
# meeting they were made of, are found, and do not keep it any longer.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77  # disposal_race_test runs the same code there
command -v ffmpeg >/dev/null || exit 77
retain=$GREFFE_BUILD/bin/greffe-retain
export GREFFE_ARCHIVE=$work/archive
unset SUDO_USER GREFFE_KEY
json() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }

# film FILE HERTZ: a second of it.
film() {
  ffmpeg -v error -f lavfi -i testsrc=size=320x180:rate=25:duration=1 -f lavfi -i "sine=$2:duration=1" -c:v libvpx \
    -c:a libopus "$1" || fail "ffmpeg"
}
# The meeting, and what was made of it: a film with the minutes that the council has validated.
mkdir "$work/council" "$work/minutes"
film "$work/council/bruno.webm" 220
cat >"$work/council/meeting.json" <<'JSON'
{"title": "Council", "class": "council", "start": "2021-02-21T22:30:00Z",
 "participants": [{"id": "b", "name": "Bruno", "tracks": [{"file": "bruno.webm", "role": "camera",
  "started_at": "2021-02-21T22:30:00Z"}]}]}
JSON
source=$(greffe-ingest -q --create "$work/council") || [ $? -eq 3 ] || fail "ingest"
film "$work/minutes/film.webm" 440
printf 'WEBVTT\n\n00:00:00.000 --> 00:00:00.900\n<v Bruno>the validated quokka\n' >"$work/minutes/minutes.vtt"
cat >"$work/minutes/meeting.json" <<JSON
{"title": "Minutes", "class": "minutes", "start": "2021-02-21T22:30:00Z", "origin": "$source",
 "participants": [{"id": "film", "name": "Film", "tracks": [{"file": "film.webm", "role": "room",
  "started_at": "2021-02-21T22:30:00Z"}]}], "transcripts": [{"file": "minutes.vtt"}]}
JSON
cat >"$work/rules.json" <<'JSON'
{"notice_days": 0, "cooling_days": 0, "rules": [
 {"id": "council", "level": "default", "class": "council", "duration": "P5Y", "grace_days": 0, "final_action": "destroy"},
 {"id": "minutes", "level": "default", "class": "minutes", "duration": "forever"}]}
JSON
"$retain" -q rules add "$work/rules.json" >/dev/null
expect 0 "$retain" --json rules diff 1
expect 0 "$retain" rules activate 1 --reason r --diff "$(json "d['digest']" <"$work/out")"

due=$(greffe-catalog --json why "$source" | json "d['due_from']")
minutes=$(greffe-ingest -q "$work/minutes") || [ $? -eq 3 ] || fail "ingest of the minutes"
holds "D8: it does not extend its source" same "$(greffe-catalog --json why "$source" | json "d['due_from']")" "$due"
holds "D8: it has rules of its own" same "$(greffe-catalog --json why "$minutes" | json "d['code']")" KEEP_FOREVER
holds "D8: it names its source" has "$(cat "$GREFFE_ARCHIVE"/meetings/*/*/*/"$minutes"/meeting.json)" "$source"

expect 0 "$retain" -q propose --all
list=$out
holds "D8: only the source is due" same "$(grep -c '"meeting"' "$GREFFE_ARCHIVE/disposals/$list/list.json")" 1
SUDO_USER=anna expect 0 "$retain" approve "$list" --accept-all \
  --digest "$("$retain" proposals "$list" --format json | json "d['sha512']")"
expect 0 "$retain" apply "$list" --apply "$("$retain" apply "$list" --digest)"
expect 0 "$retain" purge "$list" --apply "$("$retain" purge "$list" --digest)"
holds "D8: the source is gone" test -z "$(find "$GREFFE_ARCHIVE/meetings" "$GREFFE_ARCHIVE/trash" -name "$source")"
expect 0 greffe-catalog search quokka
holds "D8: the record is found" has "$out" "$minutes"
expect 0 greffe-verify files
expect 0 greffe-verify catalog
exit "$failed"
