#!/bin/bash
# greffe-verify catalog: the living catalog is what a rebuild makes, row for row, and every difference is named.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
export GREFFE_ARCHIVE=$work/archive
verify=$GREFFE_BUILD/bin/greffe-verify
valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }
kept() { rm -rf "$work/kept" && cp -a "$GREFFE_ARCHIVE" "$work/kept"; }
back() { rm -rf "$GREFFE_ARCHIVE" && cp -a "$work/kept" "$GREFFE_ARCHIVE"; }
# sql STATEMENT…: somebody edits the catalog.
sql() {
  python3 - "$GREFFE_ARCHIVE/catalog.sqlite" "$@" <<'PY'
import sqlite3, sys
catalog = sqlite3.connect(sys.argv[1])
for statement in sys.argv[2:]:
    catalog.execute(statement)
catalog.commit()
PY
}
# found LINE…: exit 5, these reasons and places and no others.
found() {
  expect 5 "$verify" catalog
  holds "it finds $*" same "$(grep -v -e ' compared$' -e '^does not hold' -e '^greffe-catalog' <<<"$out" | cut -d: -f1,2 | LC_ALL=C sort -u)" \
    "$(printf '%s\n' "$@" | LC_ALL=C sort)"
}
rebuilt() {
  holds "a rebuild is named" has "$out" "greffe-catalog rebuild"
  expect 0 greffe-catalog rebuild
  expect 0 "$verify" catalog
}

# Meetings, a film, an edit, holds that stand and a hold that is released.
expect 7 "$verify" catalog
expect 0 greffe-ingest -q --create "$GREFFE_SOURCE/tests/data/council_short"
first=$out
cp -r "$GREFFE_SOURCE/tests/data/council_short" "$work/council"
python3 "$GREFFE_SOURCE/tests/support/lose_packets.py" "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr" \
  "$work/council/bruno-audio.mjr" 0.05 1 1 >/dev/null
greffe-ingest -q "$work/council" >"$work/id" 2>/dev/null
second=$(cat "$work/id")
expect 0 greffe-hold place --matter one --owner legal --reason test --meeting "$second"
standing=$(tail -n 1 <<<"$out")
expect 0 greffe-hold place --matter two --owner legal --reason test --query 'from:2000-01-01' --blocks dispose
live=$(tail -n 1 <<<"$out")
cat >"$work/rules.json" <<'JSON'
{"rules": [{"id": "all", "level": "default", "duration": "P5Y", "final_action": "review"}]}
JSON
expect 0 greffe-retain rules add "$work/rules.json"
expect 0 greffe-retain event dossier_closed --meeting "$first" --on 2026-11-01 --evidence letter
expect 0 greffe-catalog edit "$first" --title "Another title"
expect 0 greffe-compose -q --size 160x90 --fps 5 --video vp8 "$first"
SUDO_USER=another expect 0 greffe-hold release "$live" --reason over

expect 0 "$verify" catalog
holds "all is compared" has "$out" "2 meetings, 2 legal holds"
expect 0 "$verify" catalog --words
expect 0 "$verify" catalog --json
cp "$work/out" "$work/report.json"
holds "the report holds to its schema" valid "$work/report.json"
expect 0 greffe-catalog dump
cp "$work/out" "$work/living"
expect 0 greffe-catalog rebuild
expect 0 greffe-catalog dump
holds "a rebuilt catalog equals the living one row for row" cmp "$work/out" "$work/living"
kept

place() { echo "meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1"; }
# Rows that somebody edited, in every table.
for change in "meetings: title:UPDATE meetings SET title = 'x'" "participants:UPDATE participants SET name = 'x'" \
  "tracks:UPDATE tracks SET lost = lost + 1" "assets:UPDATE assets SET bytes = 1" \
  "renders:UPDATE renders SET options = '{}'" "assets:DELETE FROM assets WHERE path LIKE 'dumps/%'" \
  "participants:DELETE FROM participants WHERE position = 0"; do
  # The programs are the same for each table; a sanitizer is slow.
  [ -z "${GREFFE_SANITIZE:-}" ] || [[ $change == meetings* || $change == assets:DELETE* ]] || continue
  statement=${change##*:}
  table=${change%:*}
  id=$first
  [ "$table" = renders ] || id=$second
  where=" meeting = '$id'"
  [[ $statement != *meetings* ]] || where=" id = '$id'"
  if [[ $statement == *WHERE* ]]; then sql "$statement AND $where"; else sql "$statement WHERE $where"; fi
  found "other-rows: $(place "$id")"
  holds "$table is named" has "$out" ": $table"
  rebuilt
  back
done
sql 'PRAGMA foreign_keys = ON' "DELETE FROM meetings WHERE id = '$second'"
expect 5 "$verify" catalog
holds "a folder without rows is found" has "$out" "missing-rows: $(place "$second")"
back
mv "$GREFFE_ARCHIVE/$(place "$second")" "$work/gone"
found "missing-folder: $(place "$second")"
holds "a rebuild would forget it: it is not advised" [ "${out/greffe-catalog rebuild/}" = "$out" ]
mv "$work/gone" "$GREFFE_ARCHIVE/$(place "$second")"
sql "INSERT INTO meetings SELECT '../../etc', title, start_unix_ms, duration_ms, origin, class, manifest_sha256 FROM meetings LIMIT 1"
found "missing-folder: catalog.sqlite"
back

# A file and the manifest changed together: the folder agrees with itself, the catalog and the journal do not.
folder=$GREFFE_ARCHIVE/$(place "$second")
dump=$(cd "$folder" && ls dumps/*.mjr | head -n 1)
echo x >>"$folder/$dump"
sed -i "s#^.*  $dump\$#$(sha256sum "$folder/$dump" | cut -c1-64)  $dump#" "$folder/manifest-sha256.txt"
expect 0 "$verify" files
found "other-rows: $(place "$second")" "other-manifest: $(place "$second")/manifest-sha256.txt"
expect 0 greffe-catalog rebuild
found "other-manifest: $(place "$second")/manifest-sha256.txt"
back
rm "$folder/meeting.json"
found "unreadable-folder: $(place "$second")"
back
rm "$folder/$dump"
found "damaged-folder: $(place "$second")"
holds "a rebuild would forget it: it is not advised" [ "${out/greffe-catalog rebuild/}" = "$out" ]
holds "what is missing is named" has "$out" "$dump"
back

# Holds.
sql "UPDATE holds SET reason = 'x' WHERE id = '$standing'"
found "other-hold-rows: holds/$standing"
rebuilt
back
sql "DELETE FROM hold_members WHERE hold = '$standing'"
found "other-hold-rows: holds/$standing"
sql "DELETE FROM holds WHERE id = '$standing'"
found "missing-hold-rows: holds/$standing"
rebuilt
back
sql "UPDATE holds SET released_date = '' WHERE id = '$live'"
found "other-hold-rows: holds/$live"
back
mv "$GREFFE_ARCHIVE/holds/$live" "$work/hold"
found "missing-hold: holds/$live"
rm -rf "$work/hold"
back
echo '{' >"$GREFFE_ARCHIVE/holds/$live/hold.json"
found "unreadable-hold: holds/$live"
back

# The policy.
sql "UPDATE policy_rules SET duration = 'P1Y'"
found "other-policy-rows: policy"
rebuilt
back
sql "DELETE FROM event_meetings"
found "other-policy-rows: policy"
rebuilt
back
event=$(find "$GREFFE_ARCHIVE/policy" -name 'event*' | head -n 1)
mv "$event" "$work/event"
expect 5 "$verify" catalog
holds "a missing event is found" has "$out" "missing-policy: policy: events: row 1"
holds "a rebuild would forget it: it is not advised" [ "${out/greffe-catalog rebuild/}" = "$out" ]
back
echo '{' >"$event"
expect 5 "$verify" catalog
holds "a broken event is found" has "$out" "unreadable-policy"
back

# The index of the journal, and the file itself.
sql "DROP TRIGGER journal_is_not_changed" "UPDATE journal SET outcome = 'failed' WHERE seq = 2"
found "rolled-back-catalog: catalog.sqlite"
rebuilt
back
sql "UPDATE cue_words_data SET block = zeroblob(length(block)) WHERE id > 10" 2>/dev/null
sql "UPDATE meeting_words_data SET block = zeroblob(length(block)) WHERE id > 10"
expect 0 "$verify" catalog
expect 5 "$verify" catalog --words
holds "a broken index of words is found" has "$out" "damaged-catalog"
back
printf 'x%.0s' {1..5000} | dd of="$GREFFE_ARCHIVE/catalog.sqlite" bs=1 seek=20000 conv=notrunc 2>/dev/null
expect 5 "$verify" catalog
holds "a damaged file is found" has "$out" "damaged-catalog: catalog.sqlite"
back
rm "$GREFFE_ARCHIVE"/catalog.sqlite*
found "missing-catalog: catalog.sqlite"
rebuilt
expect 0 greffe-catalog dump
holds "made from nothing, it is the same" cmp "$work/out" "$work/living"

# An archive that nobody can write to.
chmod -R a-w "$GREFFE_ARCHIVE"
expect 0 "$verify" catalog
exit $failed
