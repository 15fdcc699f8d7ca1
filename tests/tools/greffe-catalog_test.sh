#!/bin/bash
# greffe-catalog as a user runs it: an archive with two meetings, asked, corrected, lost and made again.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
catalog=$GREFFE_BUILD/bin/greffe-catalog
retain=$GREFFE_BUILD/bin/greffe-retain
hold=$GREFFE_BUILD/bin/greffe-hold
export GREFFE_ARCHIVE=$work/archive

# valid FILE…: each line, or a whole document, holds to the schema it names.
valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }

# meeting ID TITLE CUE: a meeting folder as ingest leaves one, without media.
meeting() {
  local folder=$GREFFE_ARCHIVE/meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1
  mkdir -p "$folder/captions" "$folder/dumps"
  echo "dump of $1" >"$folder/dumps/a.mjr"
  cat >"$folder/meeting.json" <<JSON
{"schema": "greffe.meeting/1", "id": "$1", "title": "$2", "start": "${1:0:4}-${1:4:2}-${1:6:2}T08:00:00Z",
 "end_ns": 60000000000, "origin": "janus", "class": "",
 "participants": [{"id": "a", "name": "Amélie", "tracks": []}, {"id": "b", "name": "Bérénice", "tracks": []}],
 "transcripts": [], "witnesses": []}
JSON
  echo "{\"schema\":\"greffe.cues/1\",\"cues\":[{\"start_ms\":1000,\"end_ms\":3000,\"speaker\":\"Amélie\",\"text\":\"$3\"}]}" \
    >"$folder/captions/cues.json"
  (cd "$folder" && LC_ALL=C find captions dumps meeting.json -type f | LC_ALL=C sort | xargs sha256sum >manifest-sha256.txt)
}
sum_of_bytes() { find "$GREFFE_ARCHIVE/meetings" -type f ! -name manifest-sha256.txt -printf '%s\n' | awk '{ n += $1 } END { print n }'; }
first=20261120-080000Z-0123456789
second=20261121-080000Z-0123456789

# No archive is exit 7, no archive named is exit 2.
expect 7 "$catalog" list
expect 2 env -u GREFFE_ARCHIVE "$catalog" list
expect 2 "$catalog"
expect 2 "$catalog" nonsense
expect 2 "$catalog" init --time-zone Europe/Nowhere
expect 0 "$catalog" init --owner 'Commune'
expect 0 "$catalog" init
expect 0 "$catalog" list
holds "an empty list is empty" same "$out" ""
meeting $first 'Council of November' 'We planted apple trees.'
meeting $second 'The day after' 'Apple trees again.'
expect 0 "$catalog" rebuild

expect 0 "$catalog" list
holds "newest meeting is first" same "$(sed -n 2p <<<"$out" | cut -d' ' -f1)" $second
expect 0 "$catalog" --json list
holds "the output holds to its schema" valid "$work/out"
holds "JSON list has a schema on each line" same "$(grep -c '^{"schema":"greffe.list/1"' <<<"$out")" 2
# The table: the time of the archive's zone, amounts for people; the rest by --limit, --query and --where.
expect 0 "$catalog" list
holds "the zone is said" has "$out" "START (Europe/Paris)"
holds "times are those of the zone" has "$out" "2026-11-21 09:00"
holds "lengths and bytes are for people" has "$out" "0:01:00"
expect 0 "$catalog" list --limit 1
holds "no more than asked for" same "$(grep -c '^2026' <<<"$out")" 1
holds "what is left off is counted, and how to see it told" same "$err" "1 of 2 meetings; --limit 0 shows all"
expect 0 "$catalog" list --limit 0 --query 'title:november'
holds "a query finds meetings" same "$(grep -o '^2026[^ ]*' <<<"$out")" $first
expect 0 "$catalog" list --where "participants = 2 AND start_utc < '2026-11-21'"
holds "a condition finds meetings" same "$(grep -o '^2026[^ ]*' <<<"$out")" $first
expect 2 "$catalog" list --query 'nofield:x'
holds "a mistake in the query is told with its place" has "$err" "character 1: no field"
expect 2 "$catalog" list --where 'nocolumn = 1'
expect 2 "$catalog" list --where '1) OR 1; DELETE FROM meetings; --'
expect 2 "$catalog" list --query a --where 1
expect 2 "$catalog" list --limit -1
expect 2 "$catalog" list --limit ten
expect 0 "$catalog" list --csv --limit 1
holds "CSV has the fields of JSON" same "$(head -1 <<<"$out")" \
  $'meeting,title,start,duration_ms,origin,class,manifest_sha256,participants,tracks,renders,bytes\r'
holds "and instants in UTC" has "$out" "$second,The day after,2026-11-21T08:00:00.000Z,60000,janus,,"
expect 0 "$catalog" list --csv --query class:none
holds "CSV of nothing is the line of titles" same "$(wc -l <<<"$out")" 1
on_terminal=$GREFFE_SOURCE/tests/support/on_terminal.py
expect 0 "$on_terminal" 70 "$catalog" list
holds "on a narrow terminal columns yield" same "$(grep -c CLASS <<<"$out")" 0
holds "no line is longer than the terminal" same "$(LC_ALL=C.UTF-8 grep -E '^.{71}' <<<"$out")" ""
expect 0 "$on_terminal" 200 "$catalog" list
holds "on a wide one all are there" has "$out" CLASS

# Queries with a name.
expect 0 "$catalog" query list
holds "no query has a name" same "$out" ""
expect 0 "$catalog" query save november --query 'title:november from:2026-11-01'
expect 0 "$catalog" query save two --where 'participants = 2'
expect 0 "$catalog" list --query @november
holds "a saved query finds meetings" same "$(grep -o '^2026[^ ]*' <<<"$out")" $first
expect 0 "$catalog" list --query @two
holds "a saved condition does, too" same "$(grep -c '^2026' <<<"$out")" 2
expect 0 "$catalog" query list
holds "they are listed" has "$out" "title:november from:2026-11-01"
expect 0 "$catalog" query list --json
holds "the output holds to its schema" valid "$work/out" "$GREFFE_ARCHIVE"/queries/*.json
expect 0 "$catalog" query show two
holds "one is shown" same "$out" "WHERE participants = 2"
expect 0 "$hold" simulate --matter M --owner O --reason R --query @november
holds "a hold takes what is saved" has "$out" $first
expect 2 "$hold" simulate --matter M --owner O --reason R --query @december
holds "a name there is not: those there are, are told" has "$err" "there are november, two"
expect 2 "$catalog" list --query @december
expect 0 "$retain" event file_closed --query @november --on 2026-11-20
expect 2 "$retain" event file_closed --query @december --on 2026-11-20
holds "an event, too" has "$err" "there are november, two"
expect 2 "$retain" propose --query @december --dry-run
echo '{"rules": [{"id": "a", "level": "scoped", "query": "@november", "duration": "P1Y"}]}' >"$work/rules.json"
expect 1 "$retain" rules add "$work/rules.json"
holds "a rule has none" has "$err" "stands alone"
for filter in --class --rule --query --meeting; do
  expect 2 "$retain" propose --all $filter "" --dry-run
  holds "an empty value narrows nothing: it is refused" has "$err" "$filter: is empty"
done
expect 2 "$catalog" query save 'a b' --query x
expect 2 "$catalog" query save a --query 'nofield:x'
expect 2 "$catalog" query save a
expect 0 "$catalog" query delete two
expect 2 "$catalog" query show two
expect 2 "$catalog" query
holds "R71: the journal holds no queries" same "$(grep -c november "$GREFFE_ARCHIVE"/journal/*.jsonl)" 0

expect 0 "$catalog" show 20261120
holds "show names the people" has "$out" "Bérénice"
expect 0 "$catalog" show $first --json
holds "the output holds to its schema" valid "$work/out"
holds "show is JSON on demand" has "$out" '"schema":"greffe.show/1"'
expect 2 "$catalog" show 2026
holds "an ambiguous id is named" has "$err" "2 meetings begin so"
expect 2 "$catalog" show 2025

expect 0 "$catalog" search 'apple trees'
holds "search answers with meeting, time and speaker" has "$out" "$first  Council of November"
holds "search answers with meeting, time and speaker" has "$out" "00:01.000  Amélie: We planted apple trees."
expect 0 "$catalog" --json search --rank 'apple trees'
holds "the output holds to its schema" valid "$work/out"
holds "JSON hits have a schema" same "$(grep -c '"schema":"greffe.search/1"' <<<"$out")" 2
expect 0 "$catalog" search --csv 'apple trees'
holds "hits as CSV" has "$out" "$first,Council of November,1000,3000,Amélie,We planted apple trees."
expect 0 "$catalog" search --limit 1 'apple trees'
holds "the newest hit only" same "$(grep -c '^  ' <<<"$out")" 1
holds "that there are more is told" same "$err" "1 captions, there are more; --limit 0 shows all"
expect 0 "$catalog" search --csv --quiet --limit 1 'apple trees'
holds "quiet is quiet" same "$err" ""
expect 0 "$catalog" search -- '--rank'
expect 0 "$catalog" search 'pears" OR 1'
holds "R71: search text is no query language" same "$out" ""
expect 2 "$catalog" search '!'

# How much there is: by class, state and year, in all; any of them at once.
expect 0 "$catalog" stats
holds "stats are by class" has "$out" "-             2    0.0"
holds "and by state" has "$out" "NO_RULE         2"
holds "and by year" has "$out" "2026         2"
expect 0 "$catalog" --json stats
holds "the output holds to its schema" valid "$work/out"
holds "by class, state, year, and all" same "$(wc -l <<<"$out")" 4
expect 0 "$catalog" stats --by year,class --csv
holds "CSV has a line of titles, and CR LF" same "$out" \
  $'by,class,state,year,meetings,duration_ms,bytes\r\nyear class,,,2026,2,120000,'"$(sum_of_bytes)"$'\r'
expect 0 "$catalog" stats --by state --json --as-of 2030-01-01
holds "the day is told" has "$out" '"as_of":"2030-01-01"'
expect 2 "$catalog" stats --by class,class
holds "a mistake is named" has "$err" "--by class,class"
expect 2 "$catalog" stats --by size
expect 2 "$catalog" stats --as-of tomorrow

expect 0 "$catalog" sql 'SELECT id, title FROM meetings ORDER BY id'
holds "sql prints a table" has "$out" "Council of November"
expect 0 "$catalog" --json sql 'SELECT count(*) AS n FROM journal WHERE seq = 1'
holds "the output holds to its schema" valid "$work/out"
holds "sql prints JSON rows" same "$out" '{"schema":"greffe.sql/1","row":{"n":1}}'
expect 0 "$catalog" sql --csv "SELECT '=1+1' AS \"a,b\", -1 AS n, NULL AS x, 'two
lines' AS t"
holds "S11, RFC 4180: CSV has no formulas" same "$out" $'"a,b",n,x,t\r\n\'=1+1,-1,,"two\nlines"\r'
expect 2 "$catalog" sql 'DELETE FROM meetings'
expect 2 "$catalog" sql "ATTACH '$work/x' AS x"

expect 0 "$catalog" edit $first --title $'Zahl \e[31m "2"' --name 'a=Amélie = Durand'
expect 0 "$catalog" show $first
holds "R71: control characters are escaped" has "$out" '\u{1b}[31m "2"'
holds "names may hold anything" has "$out" "Amélie = Durand"
expect 0 "$catalog" search 'apple' durand
holds "speakers follow the new name" has "$out" "Amélie = Durand: We planted"
(cd "$GREFFE_ARCHIVE"/meetings/2026/11/20/$first && sha256sum --quiet --strict -c manifest-sha256.txt)
holds "the manifest follows the edit" same $? 0
holds "the edit is journaled before and after" same "$(grep -c '"action":"edit"' "$GREFFE_ARCHIVE"/journal/*.jsonl)" 2
holds "R71: the journal holds no names" same "$(grep -c Durand "$GREFFE_ARCHIVE"/journal/*.jsonl)" 0
expect 2 "$catalog" edit $first
expect 2 "$catalog" edit $first --name c=Nobody
expect 2 "$catalog" edit $first --name nonsense

expect 0 "$catalog" dump
cp "$work/out" "$work/dump"
holds "dump, journal, archive and cues hold to their schemas" valid "$work/dump" "$GREFFE_ARCHIVE"/journal/*.jsonl \
  "$GREFFE_ARCHIVE/archive.json" "$GREFFE_ARCHIVE"/meetings/*/*/*/*/captions/cues.json
expect 0 "$catalog" backup "$work/backup.sqlite"
expect 1 "$catalog" backup "$work/backup.sqlite"
holds "a backup is a whole database" same "$(sqlite3 "$work/backup.sqlite" 'PRAGMA quick_check' 2>/dev/null || echo ok)" ok
expect 1 "$catalog" load "$work/dump"
holds "a catalog with meetings is not loaded over" has "$err" "move it away first"
rm "$GREFFE_ARCHIVE"/catalog.sqlite*
expect 1 "$catalog" list
expect 1 "$catalog" load <(head -3 "$work/dump")
head -3 "$work/dump" >"$work/cut"
expect 1 "$catalog" load "$work/cut"
holds "a dump cut short is refused" has "$err" "cut short"
holds "a refused dump leaves no catalog" [ ! -e "$GREFFE_ARCHIVE/catalog.sqlite" ]
mkfifo "$work/lines"
"$catalog" load - <"$work/lines" 2>/dev/null &
load=$!
exec 9>"$work/lines"
cat "$work/cut" >&9
sleep 0.3
kill -TERM $load
tail -n +4 "$work/dump" >&9
exec 9>&-
wait $load && code=0 || code=$?
holds "a stopped load is told by the exit code" same "$code" 143
holds "a stopped load leaves no catalog" [ ! -e "$GREFFE_ARCHIVE/catalog.sqlite" ]
expect 0 "$catalog" load "$work/dump"
expect 0 "$catalog" dump
holds "load gives the rows of the dump" cmp -s "$work/out" "$work/dump"
expect 0 "$catalog" rebuild
expect 0 "$catalog" dump
holds "rebuild gives the same rows from the folders alone" cmp -s "$work/out" "$work/dump"

# A damaged folder does not stop a rebuild: exit 3, the others are there.
meeting 20261122-080000Z-0123456789 'Broken' 'x'
echo '{' >"$GREFFE_ARCHIVE"/meetings/2026/11/22/20261122-080000Z-0123456789/meeting.json
expect 3 "$catalog" rebuild
holds "the folder is named" has "$err" "20261122-080000Z-0123456789"
rm -r "$GREFFE_ARCHIVE/meetings/2026/11/22"

# R96: a damaged catalog is told, kept, and made again.
cp "$GREFFE_ARCHIVE/catalog.sqlite" "$work/good"
rm -f "$GREFFE_ARCHIVE"/catalog.sqlite-*
head -c 5000 /dev/urandom >"$GREFFE_ARCHIVE/catalog.sqlite"
expect 5 "$catalog" list
expect 0 "$catalog" rebuild
expect 0 "$catalog" dump
holds "R96: rebuilt from the folders" cmp -s "$work/out" "$work/dump"
holds "R96: the damaged one is kept" [ -e "$GREFFE_ARCHIVE/catalog.sqlite.damaged-1" ]

# R102: no terminal, no environment, closed descriptors, a closed pipe.
expect 0 env -i "$catalog" --archive "$GREFFE_ARCHIVE" list
"$catalog" list <&- >&- 2>&-
holds "R102: works with closed descriptors" same $? 0
"$catalog" sql 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT i FROM n' --json | head -1 >/dev/null
holds "a closed pipe ends with 141" same "${PIPESTATUS[0]}" 141
# R103: the locale changes nothing.
expect 0 env LC_ALL=fr_FR.UTF-8 "$catalog" --json sql 'SELECT 0.5 AS half'
holds "R103: decimal point" same "$out" '{"schema":"greffe.sql/1","row":{"half":0.5}}'

# R97: a later version is refused.
if command -v sqlite3 >/dev/null; then
  sqlite3 "$GREFFE_ARCHIVE/catalog.sqlite" 'PRAGMA user_version = 99' >/dev/null
  expect 7 "$catalog" list
  expect 7 "$catalog" rebuild
fi
sed -i 's|archive/1|archive/2|' "$GREFFE_ARCHIVE/archive.json"
expect 7 "$catalog" list

expect 0 "$catalog" --version
holds "--version names SQLite" has "$out" SQLite
exit $failed
