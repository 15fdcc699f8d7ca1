#!/bin/bash
# greffe-hold as legal runs it: placed before the meeting comes, covers it, blocks what it says, is released by another.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin=$GREFFE_BUILD/bin
cd "$work" || exit 1
export GREFFE_ARCHIVE=$work/archive
hold=$bin/greffe-hold
council=$GREFFE_SOURCE/examples/samples/council
count() { find "$GREFFE_ARCHIVE/holds" -name "$1" 2>/dev/null | wc -l; }
actions() { python3 -c "
import json, pathlib, sys
for file in sorted(pathlib.Path('$GREFFE_ARCHIVE/journal').glob('*.jsonl')):
    for line in file.read_text().splitlines():
        entry = json.loads(line)
        if entry['action'].startswith('hold'): print(entry['action'], entry['outcome'])"; }
base=(--matter "Dossier 12" --owner legal --reason litigation)

expect 0 "$bin/greffe-catalog" init

# What is asked for must make sense, before anything is placed.
expect 2 "$hold" place "${base[@]}"
holds "a hold without a scope is refused" has "$err" "--query"
expect 2 "$hold" place "${base[@]}" --query 'author:x'
holds "the place of a mistake is named" has "$err" "no field \"author\""
expect 2 "$hold" place "${base[@]}" --where "colour = 'red'"
holds "a condition that does not compile is refused (H5)" has "$err" "no such column: colour"
expect 2 "$hold" place --owner legal --reason x --query 'title:x'
holds "a hold names its matter (H1)" has "$err" "--matter"
expect 2 "$hold" place "${base[@]}" --query 'title:x' --blocks sleep
expect 2 "$hold" place "${base[@]}" --query 'title:x' --auto-release
holds "nothing was placed" [ "$(count hold.json)" = 0 ]

# Placed before the meeting is there: evaluated inside ingest (H3), sticky, with its evidence (H4).
expect 0 "$hold" place "${base[@]}" --query 'participant:amelie'
live=$(tail -1 <<<"$out")
expect 0 "$hold" place "${base[@]}" --query 'participant:amelie'
holds "the same hold on the same day is the same" same "$(tail -1 <<<"$out")" "$live"
meeting=$("$bin/greffe-ingest" -q "$council")
expect 0 "$hold" show "$live" --json
printf '%s\n' "$out" >show.json
holds "a meeting that comes is covered" has "$out" "\"meeting\":\"$meeting\""
holds "the evidence says why" has "$out" '"evidence":{"by":"query","manifest_sha256":"'
holds "a report is as its schema says" python3 -W ignore -m jsonschema -i show.json "$GREFFE_SOURCE/schemas/hold-report.schema.json"
for kind in hold members release; do
  [ $kind = release ] && continue
  file=$(find "$GREFFE_ARCHIVE/holds" -name "$kind*.json" | sort | tail -1)
  schema=$kind
  [ $kind = members ] && schema=hold-members
  holds "$kind is as its schema says" python3 -W ignore -m jsonschema -i "$file" "$GREFFE_SOURCE/schemas/$schema.schema.json"
done

# H12: what a hold would cover, by count, bytes and name, before anything is placed.
placed=$(count hold.json)
expect 0 "$hold" simulate --query 'participant:amelie'
holds "H12: the meeting is named, with its bytes" has "$out" "$meeting  "
holds "H12: the count is told" has "$err" "would cover 1 meetings, "
expect 0 "$hold" simulate --query 'participant:nobody' --json
holds "H12: a hold that would cover nothing says so" has "$out" '"count":0,"bytes":0'
expect 2 "$hold" simulate --query 'author:x'
holds "simulation places nothing" same "$(count hold.json)" "$placed"

# H7: what is in the folder is not changed; new derivatives may come.
expect 4 "$bin/greffe-catalog" edit "$meeting" --title Other
holds "the hold that refuses is named" has "$err" "$live"
expect 4 "$bin/greffe-ingest" --into "$meeting" "$GREFFE_SOURCE/examples/samples/council/$(ls "$council" | grep mjr | head -1)"

# Holds add up: releasing one leaves the other (H2); what it covered stays on record (H11).
expect 0 "$hold" place --matter Other --owner legal --reason x --where "title <> ''" --end 2030-01-01
second=$(tail -1 <<<"$out")
expect 4 "$hold" release "$live" --reason settled
holds "who placed it does not release it (H11)" has "$err" "somebody else"
expect 2 env SUDO_USER=judge "$hold" release "$live"
holds "a release says why" has "$err" "--reason"
expect 0 env SUDO_USER=judge "$hold" release "$live" --reason settled
expect 0 env SUDO_USER=judge "$hold" release "$live" --reason again
expect 4 "$bin/greffe-catalog" edit "$meeting" --title Other
holds "only the other hold refuses now" has "$err" "$second"
holds "not the released one" [ "${err/$live/}" = "$err" ]
expect 0 "$hold" show "$live"
holds "a released hold still names its meetings" has "$out" "$meeting"
expect 0 "$hold" list
holds "released holds are not listed" [ "${out/$live/}" = "$out" ]
expect 0 "$hold" list --all
holds "unless they are asked for" has "$out" "$live"
expect 0 "$hold" release "$second" --reason mistaken --same-person
expect 0 "$bin/greffe-catalog" edit "$meeting" --title Other
expect 2 "$hold" release hold-20200101-000000 --reason x

# Sticky (H4): the title no longer matches, the hold still covers.
expect 0 "$hold" place --matter Title --owner legal --reason x --query 'title:Other' --blocks dispose
third=$(tail -1 <<<"$out")
expect 0 "$bin/greffe-catalog" edit "$meeting" --title Renamed
expect 0 "$hold" show "$third"
holds "what was matched stays covered" has "$out" "$meeting"

# H10: a review that passed is told, by the exit code too.
expect 0 "$hold" place --matter Review --owner legal --reason x --meeting "$meeting" --start 2020-01-01 --review-on 2020-02-01
review=$(tail -1 <<<"$out")
expect 3 "$hold" list
holds "the hold to review is named" has "$err" "$review: hold-review-passed: was to be reviewed on 2020-02-01"

# H5: a query that breaks later counts as a match, and the exit code says so.
expect 0 "$hold" place --matter Broken --owner legal --reason x --where "duration_ms < 0"
broken=$(tail -1 <<<"$out")
python3 - "$GREFFE_ARCHIVE/catalog.sqlite" "$broken" <<'PY'
import sqlite3, sys
catalog = sqlite3.connect(sys.argv[1])
catalog.execute("UPDATE holds SET condition = 'gone > 1' WHERE id = ?", (sys.argv[2],))
catalog.commit()
PY
expect 4 "$bin/greffe-catalog" edit "$meeting" --title Again
holds "edits are refused under the review's hold" has "$err" "$review"
env SUDO_USER=judge "$hold" release "$review" --reason seen 2>/dev/null
expect 4 "$bin/greffe-catalog" edit "$meeting" --title Again
holds "the query that failed is told" has "$err" "hold-query-failed"
expect 0 "$hold" show "$broken"
holds "it counts as a match" has "$out" "$meeting"

# What was saved before such words were refused stays what it was.
expect 0 "$bin/greffe-catalog" query save early --query 'title:budget title:plan'
sed -i 's/title:budget title:plan/title:budget and title:plan/' "$GREFFE_ARCHIVE/queries/query-1.json"
expect 2 "$hold" simulate --query 'title:budget and title:plan'
expect 0 "$hold" simulate --query @early
expect 2 "$hold" simulate --query @late

# The catalog is an index: the files make it again.
"$hold" list --all >before 2>/dev/null
rm "$GREFFE_ARCHIVE/catalog.sqlite"
expect 0 "$bin/greffe-catalog" rebuild
"$hold" list --all >after 2>/dev/null
holds "a rebuilt catalog has the same holds" cmp -s before after
expect 0 "$hold" show "$third"
holds "and what they cover" has "$out" "$meeting"
holds "all was journaled before and after" [ "$(actions | grep -c intended)" = "$(actions | grep -c done)" ]
holds "a release by the same person is told apart" has "$(actions)" "hold-release-same-person"
exit $failed
