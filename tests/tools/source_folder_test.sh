#!/bin/bash
# A folder as greffe-ingest finds it: links that lead out of it, names that are no UTF-8,
# folders below it.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
council=$GREFFE_SOURCE/tests/data/council_short
cd "$work" || exit 1
folder_of() { find "$1" -type d -name "$2" -path '*/meetings/*'; }
kept() { (cd "$(folder_of "$1" "$2")" && find dumps captions documents -type f -printf '%f\n' 2>/dev/null | sort | tr '\n' ' '); }
# one_line TEXT: standard error tells it once.
one_line() { [ "$(grep -c "$1" <<<"$err")" -eq 1 ]; }

# Links that lead out of the folder are not followed, whatever they are (R70).
mkdir plain elsewhere
cp "$council/bruno-audio.mjr" plain
cp "$council/bruno-video.mjr" elsewhere
printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nthe secret okapi\n' >elsewhere/words.vtt
ln -s ../elsewhere/bruno-video.mjr plain/video.mjr
ln -s ../elsewhere/words.vtt plain/transcript.vtt
ln -s nowhere plain/lost.mjr
expect 3 greffe-ingest --archive archive --create plain
holds "a link to a dump is told" one_line 'plain/video.mjr: a link that leads out of its folder is not followed'
holds "one to a transcript as well" one_line 'plain/transcript.vtt: a link that leads out'
holds "and one that leads nowhere" one_line 'plain/lost.mjr: a link that leads out'
holds "only what lies in the folder is kept" same "$(kept archive "$out")" "bruno-audio.mjr "
holds "the report has it" grep -q link-not-followed "$(folder_of archive "$out")/reports/damage.json"
rm plain/bruno-audio.mjr
expect 1 greffe-ingest --archive archive plain
holds "a folder of such links alone says so" has "$err" "plain/lost.mjr: a link that leads out of its folder"

# A capture's session description.
mkdir capture
python3 "$GREFFE_SOURCE/tests/support/protect_packets.py" rtx "$council/bruno-video.mjr" capture/a.pcap >/dev/null 2>&1 || fail "no capture"
mv capture/a.sdp elsewhere
ln -s ../elsewhere/a.sdp capture
expect 3 greffe-ingest --archive archive capture
holds "a link to a session description is told" one_line 'capture/a.sdp: a link that leads out'
holds "and not kept" same "$(kept archive "$out")" "a.pcap "
expect 3 greffe-ingest --archive other --create capture/a.pcap
holds "not beside a capture given by itself either" one_line 'capture/a.sdp: a link that leads out'

# Where it lies beside its capture it is no dump that is refused, nor one that is left out as a copy.
mkdir beside
cp capture/a.pcap beside/a.pcap
cp elsewhere/a.sdp beside/a.sdp
{ cat capture/a.pcap; tail -c 100 capture/a.pcap; } >beside/b.pcap
cp elsewhere/a.sdp beside/b.sdp
expect 3 greffe-ingest --archive described --create beside
holds "a session description is not told" test "$(grep -c '[ab].sdp' <<<"$err")" = 0
holds "and kept" has "$(kept described "$out")" "a.pcap a.sdp "
expect 0 greffe-ingest --archive named --create beside/a.pcap beside/a.sdp
holds "one that is named neither" same "$err" ""
rm -r described
rm beside/*.pcap
cp "$council/bruno-audio.mjr" beside
expect 0 greffe-ingest --archive lone --create beside
holds "alone it is" one_line 'a.sdp: not a dump'

# So is a transcript.
mkdir words
cp "$council/bruno-audio.mjr" words/videoroom-1-user-9-0-audio-0.mjr
cp elsewhere/words.vtt words/transcript.vtt
expect 0 greffe-ingest --archive spoken --create words
holds "a transcript is taken, and not told" same "$err" ""
head -c -1000 "$council/bruno-audio.mjr" >words/videoroom-2-user-9-0-audio-0.mjr
expect 3 greffe-ingest --archive parted --create --split words
holds "of several meetings it is of none" one_line 'transcript.vtt: left out: nothing says which meeting'

# Links that stay inside.
mkdir -p inside/.store
cp "$council/bruno-audio.mjr" inside/.store/0815
ln -s .store/0815 inside/bruno.mjr
expect 0 greffe-ingest --archive inner --create inside
holds "a link inside is what it names" same "$(kept inner "$out")" "bruno.mjr "

# Plain names of a description do not lead out through links; names that say so openly do.
mkdir described
cp "$council/bruno-audio.mjr" described
ln -s ../elsewhere/bruno-video.mjr ../elsewhere/words.vtt described
ln -s ../elsewhere described/below
cat >described/meeting.json <<'JSON'
{"title": "T", "start": "2026-11-20T12:00:00Z",
 "participants": [{"id": "b", "tracks": [{"file": "bruno-audio.mjr", "role": "microphone"},
                                         {"file": "bruno-video.mjr", "role": "camera"}]}],
 "transcripts": [{"file": "words.vtt"}],
 "documents": [{"file": "below/words.vtt"}, {"file": "../elsewhere/words.vtt"}]}
JSON
for source in described described/meeting.json; do
  rm -rf third
  expect 3 greffe-ingest --archive third --create "$source"
  holds "$source: the camera is told" one_line 'described/bruno-video.mjr: a link that leads out'
  holds "$source: the transcript" one_line 'described/words.vtt: a link that leads out'
  holds "$source: the document in a folder that is a link" one_line 'described/below/words.vtt: a link that leads out'
  holds "$source: the rest is kept" same "$(kept third "$out")" "bruno-audio.mjr words.vtt "
done
expect 0 greffe-probe --missing described/meeting.json
holds "a description that is looked at follows none either" test "$(grep -c camera <<<"$out")" = 0
mv described/meeting.json elsewhere
ln -s ../elsewhere/meeting.json described
expect 1 greffe-ingest --archive third described
holds "a description that is such a link is refused" has "$err" "described/meeting.json: a link that leads out"
ln -s described alias
rm described/meeting.json
expect 3 greffe-ingest --archive fourth --create alias
holds "the folder itself may be one" same "$(kept fourth "$out")" "bruno-audio.mjr "
expect 0 greffe-ingest --archive fifth --create plain/video.mjr
holds "and a file that is named" test -n "$out"

# Names of files are any bytes; what is written of them is UTF-8 (R71).
mkdir latin $'lat\xefn'
cp "$council/bruno-audio.mjr" latin/$'caf\xe9.mjr'
cp "$council/bruno-video.mjr" latin/$'caf\xe8.mjr'
expect 0 greffe-ingest --archive bytes --create latin
id=$out
folder=$(folder_of bytes "$id")
expect 0 greffe-ingest --archive bytes latin
holds "the same again is the same" same "$out" "$id"
expect 0 greffe-catalog show --archive bytes "$id"
expect 0 greffe-verify files --archive bytes
expect 0 greffe-verify journal --archive bytes
expect 0 greffe-catalog rebuild --archive bytes
holds "both files are kept under plain names" test "$(LC_ALL=C find "$folder/dumps" -name '[a-z-]*.mjr' | wc -l)" = 2
holds "and are two people's" test "$(greffe-catalog sql --archive bytes "select count(*) from participants" | tail -1)" = 2
while read -r file; do
  holds "$file is JSON in UTF-8" python3 -c 'import json, sys; json.loads(open(sys.argv[1], "rb").read().decode())' "$file"
done < <(find bytes -name '*.json')
cp "$council/bruno-audio.mjr" "$council/meeting.json" $'lat\xefn'
sed -i 's/"title": *"[^"]*",//' $'lat\xefn/meeting.json'
expect 3 greffe-ingest --archive titled --create $'lat\xefn'
expect 0 greffe-catalog show --archive titled "$out"
printf 'minutes' >$'minut\xe9s.txt'
expect 0 greffe-ingest --archive bytes --record-of "$id" $'minut\xe9s.txt'
expect 0 greffe-catalog show --archive bytes "$out"
expect 0 greffe-verify files --archive bytes

# Recordings of no use among good ones are damage, as when they are named, and kept; other files are none.
mkdir refused
cp "$council/bruno-audio.mjr" refused/videoroom-1-user-9-0-audio-0.mjr
python3 - "$council/bruno-video.mjr" refused/videoroom-1-user-8-0-video-0.mjr <<'PY'
import json, struct, sys
text = open(sys.argv[1], "rb").read()
end = 10 + struct.unpack(">H", text[8:10])[0]
header = json.dumps({**json.loads(text[10:end]), "e": True}).encode()
open(sys.argv[2], "wb").write(text[:8] + struct.pack(">H", len(header)) + header + text[end:])
PY
: >refused/videoroom-1-user-7-0-audio-0.mjr
echo "a letter" >refused/letter.txt
expect 3 greffe-ingest --archive refused/archive --create refused
holds "R37: what is encrypted is told" one_line 'track-refused.*encrypted end to end; the dump is kept'
holds "R52: what is empty is" one_line 'file-refused.*the file is empty'
holds "a letter is no damage" one_line 'letter.txt: not a dump'
holds "dumps are kept" same "$(kept refused/archive "$out")" "videoroom-1-user-8-0-video-0.mjr videoroom-1-user-9-0-audio-0.mjr "
holds "the report has both" test "$(grep -c 'condition.*-refused' "$(folder_of refused/archive "$out")/reports/damage.json")" = 2
expect 0 greffe-ingest -q --archive refused/archive refused
head -c -1000 "$council/bruno-audio.mjr" >refused/videoroom-2-user-9-0-audio-0.mjr
expect 3 greffe-ingest -q --archive refused/split --create --split refused
holds "of several meetings only one has them" test "$(grep -l -- -refused refused/split/meetings/*/*/*/*/reports/damage.json | wc -l)" = 1

# Folders below are not looked into for tracks, which is told where they have recordings.
mkdir -p nested/camera nested/notes/empty nested/.hidden
cp "$council/bruno-audio.mjr" nested
cp "$council/bruno-audio.mjr" nested/.hidden
echo "a letter" >nested/notes/letter.txt
expect 0 greffe-ingest --archive nested/archive --create nested
expect 0 greffe-ingest --archive nested/archive nested
cp "$council/bruno-video.mjr" nested/camera
expect 3 greffe-ingest --archive above --create nested
holds "a folder with recordings is told" one_line 'nested/camera: a folder with recordings, which are not taken'
holds "no other is" test "$(grep -c 'a folder with' <<<"$err")" = 1
holds "it is not taken" same "$(kept above "$out")" "bruno-audio.mjr "
rm nested/bruno-audio.mjr
expect 1 greffe-ingest --archive above nested
holds "nor is it forgotten where nothing else is there" has "$err" "nested/camera: a folder with recordings"
exit $failed
