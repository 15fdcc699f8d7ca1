#!/bin/bash
# greffe-ingest as a user runs it: a short meeting of two tracks, again, by names, bad input, and a late track.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
ingest=$GREFFE_BUILD/bin/greffe-ingest
catalog=$GREFFE_BUILD/bin/greffe-catalog
council=$GREFFE_SOURCE/tests/data/council_short
export GREFFE_ARCHIVE=$work/archive
is_empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }

expect 7 "$ingest" "$council"
expect 0 "$ingest" --create "$council"
id=$out
holds "the id is the only line on stdout" grep -qxE '[0-9]{8}-[0-9]{6}Z-[0-9a-f]{10}' <<<"$id"
folder=$(echo "$GREFFE_ARCHIVE"/meetings/*/*/*/"$id")
holds "the manifest holds" sh -c "cd '$folder' && sha256sum --quiet --strict -c manifest-sha256.txt"
holds "the manifest names every other file" [ "$(cd "$folder" && find . -type f | wc -l)" -eq $(($(wc -l <"$folder/manifest-sha256.txt") + 1)) ]
holds "dumps are byte for byte what they were" cmp "$council/bruno-audio.mjr" "$folder/dumps/bruno-audio.mjr"
holds "nothing is left in staging" is_empty "$GREFFE_ARCHIVE/staging"
for file in "$folder"/tracks/*.track.json; do
  holds "$(basename "$file") is as its schema says" python3 -W ignore -m jsonschema -i "$file" "$GREFFE_SOURCE/schemas/track.schema.json"
done
holds "missing.json is as its schema says" python3 -W ignore -m jsonschema -i "$folder/reports/missing.json" "$GREFFE_SOURCE/schemas/missing.schema.json"
holds "and drawn" cmp -s -n 8 "$folder/reports/missing.png" <(printf '\x89PNG\r\n\x1a\n')
holds "clocks.json is as its schema says" python3 -W ignore -m jsonschema -i "$folder/reports/clocks.json" "$GREFFE_SOURCE/schemas/clocks.schema.json"
holds "and names every witness" grep -q '"used_for": "place and drift"' "$folder/reports/clocks.json"
holds "meeting.json is as its schema says" python3 -W ignore -m jsonschema -i "$folder/meeting.json" "$GREFFE_SOURCE/schemas/meeting.schema.json"
holds "the description is as its schema says" python3 -W ignore -m jsonschema -i "$council/meeting.json" "$GREFFE_SOURCE/schemas/description.schema.json"
expect 0 "$catalog" list
holds "the catalog knows it" has "$out" "$id"

before=$(find "$GREFFE_ARCHIVE" -type f -exec sha256sum {} + | grep -v sqlite | sort)
expect 0 "$ingest" "$council"
holds "the same dumps are the same meeting" [ "$out" = "$id" ]
after=$(find "$GREFFE_ARCHIVE" -type f -exec sha256sum {} + | grep -v sqlite | sort)
holds "and nothing is done a second time" [ "$before" = "$after" ]

cp -r "$council" "$work/renamed"
sed -i 's/"title": *"[^"]*"/"title": "Another"/' "$work/renamed/meeting.json"
expect 3 "$ingest" "$work/renamed"
holds "other metadata is refused and named" has "$err" "described differently"

cp -r "$council" "$work/mapped"
sed -i 's/"role": "microphone"/&, "extmap": {"7": "urn:x"}/' "$work/mapped/meeting.json"
expect 3 "$ingest" "$work/mapped"
holds "other header extensions as well" has "$err" "described differently"

expect 3 "$ingest" --start 2026-11-20T13:00:00Z "$council"
holds "another start as well" has "$err" "but begun at"
holds "both are named" has "$err" "not at 2026-11-20T13:00:00.000000000Z"
expect 0 "$ingest" --archive "$work/begun" --create --start 2026-11-20T11:58:44Z "$council"
expect 0 "$ingest" --archive "$work/begun" --start 2026-11-20T12:58:44+01:00 "$council"
holds "the same start is the same meeting, in any zone" has "$out" "20261120-115844Z-"
expect 0 "$ingest" --archive "$work/begun" "$council"

# Hostile names stay text (R70, R71).
mkdir "$work/hostile"
cp "$council"/*.mjr "$work/hostile"
python3 - "$work/hostile" <<'PY'
import json, sys
tracks = lambda f, r: [{"file": f, "role": r}]
json.dump({"title": "../../../etc/x \x1b[31m", "participants": [
    {"id": "../../evil", "name": "a/b\n" + "x" * 4096 + " \U0001f600", "tracks": tracks("bruno-audio.mjr", "microphone")},
    {"id": "..", "name": "", "tracks": tracks("bruno-video.mjr", "camera")}]}, open(sys.argv[1] + "/meeting.json", "w"))
PY
expect 0 "$ingest" --archive "$work/second" --create "$work/hostile"
holds "names never become paths" [ -z "$(find "$work" -newer "$work/hostile/meeting.json" -name '*evil*' -not -path "*/second/meetings/*" -print)" ]
holds "tracks are there under plain names" [ "$(ls "$work"/second/meetings/*/*/*/*/tracks/*.mkv | wc -l)" -eq 2 ]

# Bad input.
echo "a letter" >"$work/letter.txt"
expect 1 "$ingest" "$work/letter.txt"
holds "what is no dump is shown with its first bytes" has "$err" "61 20 6c 65"
printf 'MJR00002' >"$work/header.mjr"
expect 1 "$ingest" "$work/header.mjr"
expect 1 "$ingest" "$work/nowhere"
expect 2 "$ingest" --extmap x "$council"
mkdir "$work/mixed"
cp "$council"/*.mjr "$work/letter.txt" "$work/mixed"
cat >"$work/mixed/meeting.json" <<'JSON'
{"title": "Mixed", "start": "2026-11-20T12:00:00Z", "participants": [
  {"id": "b", "name": "B", "tracks": [{"file": "bruno-audio.mjr", "role": "microphone"}]},
  {"id": "c", "name": "C", "tracks": [{"file": "letter.txt", "role": "camera"}, {"file": "gone.mjr", "role": "screen"}]}]}
JSON
expect 3 "$ingest" --archive "$work/third" --create "$work/mixed"
holds "one bad track among good ones: the report says which and why" has "$err" "letter.txt: not a dump"
holds "a listed file that is missing is named (R63)" has "$err" "gone.mjr"
printf '' >"$work/mixed/transcript.vtt"
cp "$council"/*.mjr "$work/mixed"
expect 3 "$ingest" --archive "$work/fourth" --create "$work/mixed"
holds "an empty transcript is told and fails no meeting (R81)" has "$err" "transcript.vtt"

# A late track.
expect 0 "$ingest" --archive "$work/late" --create "$council/bruno-audio.mjr"
late=$out
expect 0 "$ingest" --archive "$work/late" --into "${late:0:8}" "$council/bruno-video.mjr"
holds "--into keeps the id" [ "$out" = "$late" ]
holds "what is missing is told of all tracks" test "$(grep -o '"track": "[^"]*"' "$work"/late/meetings/*/*/*/"$late"/reports/missing.json | sort -u | wc -l)" = 2
folder=$(echo "$work"/late/meetings/*/*/*/"$late")
holds "and the folder is whole" sh -c "cd '$folder' && sha256sum --quiet --strict -c manifest-sha256.txt"
holds "with both tracks" [ "$(ls "$folder"/tracks/*.mkv | wc -l)" -eq 2 ]
expect 0 "$ingest" --archive "$work/late" --into "$late" "$council/bruno-video.mjr"
holds "a second time does nothing" [ "$(ls "$folder"/tracks/*.mkv | wc -l)" -eq 2 ]

touch "$work/hostile"/*.mjr
expect 6 "$ingest" --archive "$work/fifth" --create --settle 1h "$work/hostile"
exit $failed
