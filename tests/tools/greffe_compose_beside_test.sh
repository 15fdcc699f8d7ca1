#!/bin/bash
# What others do to a meeting while a film of it is composed: another film, an edit, --clean, the trash. And what is
# refused before hours of work.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
sample=$(samples_with council)/council || exit 77
cd "$work" || exit 1
export GREFFE_ARCHIVE=$work/archive
expect 0 greffe-ingest -q --create "$sample/meeting.json"
id=$out
folder=$(echo archive/meetings/*/*/*/"$id")
chunks=$folder/renders/.work/film-speaker-640x360.webm
# Under a sanitizer a film with fewer pictures lasts long enough.
rate=${GREFFE_SANITIZE:+--fps 8}
# shellcheck disable=SC2086
long() { exec greffe-compose -q --layout speaker --size 640x360 $rate --anew "$id"; }
# begin_long: $! composes, and has the first of its chunks.
begin_long() {
  (long) >long.out 2>long.err &
  until ls "$chunks"/*.json >/dev/null 2>&1 || ! kill -0 $! 2>/dev/null; do sleep 0.02; done
}

# Films that are kept and edits put another folder in the place of this one, again and again.
begin_long
edits=0
while kill -0 $! 2>/dev/null; do
  greffe-compose -q --layout single --size 64x64 --fps 1 --video vp8 --captions none --anew "$id" >/dev/null 2>short.err || fail "$(cat short.err)"
  greffe-catalog edit "$id" --title "Edited $((++edits)) times" >/dev/null || failed=1
done
wait $!
code=$?
holds "the film survives $edits edits: exit $code: $(cat long.err)" [ $code = 0 ]
holds "no chunks are left" [ ! -e "$folder/renders/.work" ]
expect 0 greffe-verify files

# Chunks of a film that is being composed are not removed.
begin_long
expect 6 greffe-compose --clean "$id"
holds "the film is named" has "$err" "film-speaker-640x360.webm"
wait $!
code=$?
holds "the film survives --clean: exit $code: $(cat long.err)" [ $code = 0 ]

# A meeting that goes to the trash stays there.
begin_long
mkdir trash
mv "$folder" trash/
wait $!
code=$?
holds "a film of a meeting that is gone fails" [ $code = 1 ]
holds "the failure names a file of the meeting: $(cat long.err)" has "$(cat long.err)" "$id"
holds "the folder does not come back" [ ! -e "$folder" ]
mv trash/* "$folder"
expect 0 greffe-compose --clean "$id"
holds "nothing is left" [ ! -e "$folder/renders/.work" ]

# Stopped before the first chunk is done.
greffe-compose -q --size 640x360 --anew -o stopped.webm "$id" >/dev/null 2>&1 &
until [ -e .stopped.webm.work/lock ] || ! kill -0 $! 2>/dev/null; do sleep 0.01; done
kill $!
wait $!
holds "exit 143" [ $? = 143 ]
holds "nothing is left of a film without a chunk" [ ! -e .stopped.webm.work ]

# Options that would have no say, and targets that are not there.
expect 0 greffe-plan -q --layout single --size 640x360 -o scenes.json "$id"
for option in "--without chidi" --no-labels "--size 1280x720" "--layout grid" --chapters; do
  # shellcheck disable=SC2086
  expect 2 greffe-compose -q --scenes scenes.json $option -o none.webm "$id"
  holds "$option is named" has "$err" "${option%% *}"
done
expect 2 greffe-plan -q --scenes scenes.json --lock dana "$id"
expect 1 greffe-compose -q --contact-sheet none/sheet.png -o none.webm "$id"
holds "the folder is named" has "$err" "there is no folder none"
printf '0:00 D\xe9lib\xe9ration\n' >agenda.txt
expect 1 greffe-compose -q --agenda agenda.txt -o none.webm "$id"
holds "the remedy is told" has "$err" "agenda.txt: line 1: not UTF-8"
holds "no film of these" [ ! -e none.webm ]

# Names that would get in each other's way.
mkdir folder.webm t
for names in "-o none.webm --contact-sheet none.webm" "-o none.webm --contact-sheet ./none.vtt" "-o folder.webm" \
  "-o none.webm --thumbnails none.webm" "-o t/thumbnails.webm --thumbnails t" "-o none.webm --contact-sheet t/poster.jpg --thumbnails t" "-o none.webm --thumbnails agenda.txt" "-o none.webm --also none.webm"; do
  # shellcheck disable=SC2086
  expect 2 greffe-compose -q --scenes scenes.json $names "$id"
done
holds "no work is begun" [ ! -e .none.webm.work ] && [ ! -e .folder.webm.work ]

# What people gave is not replaced, whichever output has its name.
mkdir own
cp "$(echo "$sample"/*101*audio*.mjr)" own/a.mka
cp scenes.json own/scenes.json
cat >own/meeting.json <<JSON
{"title": "Own", "participants": [{"id": "a", "name": "A", "tracks": [{"file": "a.mka", "role": "microphone"}]}]}
JSON
before=$(sha256sum own/*)
for names in "--stems own --stems-as opus" "--contact-sheet own/a.mka" "--contact-sheet own/meeting.json"; do
  # shellcheck disable=SC2086
  expect 2 greffe-compose -q --fps 1 --size 64x64 -o own.webm $names own/meeting.json
  holds "$names: the file is named" has "$err" "is what this is made of, and would be replaced"
done
expect 2 greffe-compose -q --fps 1 --scenes own/scenes.json --contact-sheet own/scenes.json -o own.webm "$id"
for names in "-o own/a.mka" "-o own/meeting.json" "--preview own/meeting.json"; do
  # shellcheck disable=SC2086
  expect 2 greffe-plan -q $names own/meeting.json
done
expect 2 greffe-plan -q --scenes own/scenes.json --preview own/scenes.json "$id"
expect 2 greffe-plan -q -o own/same --preview own/same own/meeting.json
holds "all is as it was" same "$(sha256sum own/*)" "$before"
for names in "--stems $folder/dumps" "--stems $folder/tracks/sub" "--thumbnails $folder/dumps/th" "--contact-sheet $folder/tracks/new.png"; do
  # shellcheck disable=SC2086
  expect 2 greffe-compose -q --fps 1 --scenes scenes.json -o none.webm $names "$id"
  holds "$names: nothing goes among the record's files" has "$err" "lies among the files of the meeting's record"
done
holds "nor a folder" [ ! -e "$folder/dumps/th" ] && [ ! -e "$folder/tracks/sub" ]
for name in tracks/plan.json manifest-sha256.txt; do
  expect 2 greffe-plan -q -o "$folder/$name" "$id"
done
sed 's/"meeting": ".*"/"meeting": "20260102-030405Z-ffffffffff"/' scenes.json >other.json
expect 0 greffe-plan --scenes other.json -o checked.json "$id"
holds "scenes of another meeting are told" has "$err" "is of meeting 20260102-030405Z-ffffffffff"

# What a share left beside a film that has a path.
expect 0 greffe-compose -q --fps 1 --scenes scenes.json --captions none --chunk 1/1 -o share.webm "$id"
holds "chunks lie beside it" [ -d .share.webm.work ]
expect 0 greffe-compose --clean -o share.webm "$id"
holds "and are removed by its name" [ ! -e .share.webm.work ]

# A film without captions, of the name of one that had some.
expect 0 greffe-compose -q --fps 1 --size 64x64 --captions none -o named.webm "$id"
holds "captions lie beside" [ -e named.vtt ]
holds "the receipt names them" grep -q "\"captions_sha256\": \"$(sha256sum <named.vtt | cut -d' ' -f1)\"" named.webm.receipt.json
cat >silent.json <<JSON
{"title": "Silent", "participants": [{"id": "a", "name": "A", "tracks": [{"file": "$(echo "$sample"/*101*audio*.mjr)", "role": "microphone"}]}]}
JSON
expect 0 greffe-compose -q --fps 1 --size 64x64 -o named.webm silent.json
holds "those of the film before are gone" [ ! -e named.vtt ]
echo "by hand" >named.vtt
expect 0 greffe-compose --fps 1 --size 64x64 -o named.webm silent.json
holds "what somebody wrote stays, and is told" has "$err" "named.vtt: not of this film"
holds "it stays" same "$(cat named.vtt)" "by hand"

# Outside an archive a film is named after the scenes it shows.

(cd "$work" && unset GREFFE_ARCHIVE && greffe-compose -q --fps 1 --captions none --scenes scenes.json "$sample/meeting.json" >named) || failed=1
holds "named after its scenes: $(cat named)" same "$(cat named)" "film-single-640x360.webm"

# The day is that of the archive's zone.
expect 0 greffe-compose -q --fps 1 --size 160x90 --video vp8 --title-card -o card.webm "$id"
holds "the receipt has the zone of the card's date" grep -q "\"date_zone\": \"" card.webm.receipt.json
exit $failed
