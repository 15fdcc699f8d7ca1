#!/bin/bash
# greffe-plan and greffe-compose as a user runs them, on a meeting of the samples.
set -eu
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin="$GREFFE_BUILD/bin"
unset GREFFE_ARCHIVE || true
sample=$(samples_with council)/council || exit 77
[ -x "$bin/greffe-ingest" ] || exit 77
cd "$work"

id=$("$bin/greffe-ingest" -q --archive demo --create "$sample/meeting.json") || [ $? = 3 ]
export GREFFE_ARCHIVE="$work/demo"
folder=$(find demo/meetings -type d -name "$id")

# The plan: valid, the same again, and read back by compose.
expect 0 "$bin/greffe-plan" -q "$id"
mv out first.json
"$bin/greffe-plan" -q -o second.json "$folder"
cmp first.json second.json || fail "two plans of one meeting differ"
grep -q '"greffe.scenes/1"' first.json || fail "no schema in the plan"

# The film: printed as the only line, same bytes again, entered in manifest, journal and catalog.
small="--size 320x180 --fps 10 --video vp8"
expect 0 "$bin/greffe-compose" -q $small "$id"
[ "$(wc -l <out)" = 1 ] || fail "more than one line on standard output"
film=$(cat out)
[ -s "$film" ] && [ -s "$film.receipt.json" ] || fail "film or receipt missing"
starts=$(ffprobe -v error -show_entries stream=start_time -of csv=p=0 "$film" | sort -u)
[ "$starts" = 0.000000 ] || fail "pictures, sound and captions do not all begin at 0: $starts"
# R108: other versions make other bytes, so the receipt names those that made these.
for library in libvpx libopus libavcodec libass; do
  grep -q "\"$library\"" "$film.receipt.json" || fail "R108: the receipt does not name $library"
done
(cd "$folder" && sha256sum --quiet -c manifest-sha256.txt) || fail "manifest does not hold"
grep -q "renders/$(basename "$film")\$" "$folder/manifest-sha256.txt" || fail "film is not in the manifest"
grep -q '"compose"' demo/journal/*.jsonl || fail "film is not in the journal"
expect 0 "$bin/greffe-compose" -q $small -o again.webm "$id"
cmp "$film" again.webm || fail "two films of one meeting differ"

# Scenes of a person's own.
"$bin/greffe-plan" -q --layout speaker --size 320x180 -o mine.json "$id"
expect 0 "$bin/greffe-compose" -q --fps 5 --video vp8 --scenes mine.json -o mine.mkv "$id"
sed 's/amelie-camera-1/nobody-camera-1/' mine.json >wrong.json
expect 1 "$bin/greffe-compose" -q --scenes wrong.json -o wrong.webm "$id"
grep -q 'no video track "nobody-camera-1"' err || fail "the wrong track is not named"
[ ! -e wrong.webm ] || fail "a failed film is left"

# Mistakes.
expect 2 "$bin/greffe-compose" -q -o film.avi "$id"
expect 2 "$bin/greffe-compose" -q --fps 0 -o film.webm "$id"
expect 2 "$bin/greffe-compose" -q --size 321x180 -o film.webm "$id"
expect 2 "$bin/greffe-compose" -q 1999
expect 7 "$bin/greffe-compose" -q --archive "$work/nowhere" "$id"

# A signal in the middle leaves nothing but finished chunks, for the next run (R79).
before=$(find . -type f | sort)
"$bin/greffe-compose" -q --size 1280x720 -o stopped.webm "$id" >/dev/null 2>&1 &
pid=$!
sleep 1
kill -TERM $pid
code=0; wait $pid || code=$?
[ "$code" = 143 ] || fail "exit $code after SIGTERM"
[ "$before" = "$(find . -type f -not -path './.stopped.webm.work/*' | sort)" ] || fail "a stopped compose left files"
[ -z "$(find . -name '*.part')" ] || fail "a stopped compose left half a chunk"
exit $failed
