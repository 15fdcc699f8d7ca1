#!/bin/bash
# greffe-caption converts, checks and re-times, and says what it left out.
set -euo pipefail
. "$GREFFE_SOURCE/tests/support/expect.sh"
cd "$work"

printf 'WEBVTT\n\n00:01.000 --> 00:02.500\n<v ann>One &amp; two.\n\n00:03.000 --> 00:04.000\n<v Bob>{\\p1}Three.\n' >in.vtt
cat >in.json <<'JSON'
{"segments": [{"start": 1.0, "end": 2.5, "text": " One & two.", "speaker": "ann", "words": [{"word": "One", "start": 1.0, "end": 1.2}, {"word": "&"}, {"word": "two."}]}], "word_segments": [], "language": "en"}
JSON
printf '{"participants": [{"id": "ann", "name": "Ann Lee"}, {"id": "bob", "name": "Bob"}]}' >meeting.json

holds "WebVTT becomes WebVTT on standard output" exits 0 greffe-caption in.vtt
holds "with its text and speakers" grep -qx '<v ann>One &amp; two.' out
holds "text that looks like ASS stays text" grep -qxF '<v Bob>{\p1}Three.' out
holds "it becomes JSON by name" exits 0 greffe-caption in.vtt -o out.json --meeting meeting.json
holds "and the names come from the meeting" grep -q '"speaker": "Ann Lee"' out.json
holds "the JSON is read again" exits 0 greffe-caption out.json -o again.vtt
holds "and says the same" grep -qx '<v Ann Lee>One &amp; two.' again.vtt
# Longer than a pipe holds, to a reader that goes away.
awk 'BEGIN { print "WEBVTT\n"; for (i = 0; i < 5000; ++i) printf "00:00:%02d.000 --> 00:01:00.000\n%040d\n\n", i % 60, i }' >long.vtt
code=$( (set +o pipefail; greffe-caption long.vtt 2>closed.err | head -c1 >/dev/null; echo "${PIPESTATUS[0]}"))
holds "a closed pipe ends with 141" same "$code" 141
holds "and without a word: $(cat closed.err)" [ ! -s closed.err ]
holds "WhisperX is read" exits 0 greffe-caption in.json --speaker "ann=Ann L." --offset=-500ms --stretch 2
holds "renamed" grep -qx '<v Ann L.>One &amp; two.' out
holds "and re-timed" grep -qx '00:00:01.500 --> 00:00:04.500' out
holds "a check says what is there" exits 0 greffe-caption --check --json in.json
holds "as JSON" grep -q '"schema":"greffe.caption-check/1","format":"WhisperX JSON","language":"en","cues":1' out
holds "as its schema says" /usr/bin/python3 -W ignore -m jsonschema -i out "$GREFFE_SOURCE/schemas/caption-check.schema.json"

printf 'WEBVTT\n\nbroken --> \nx\n\n00:01.000 --> 00:02.000\nkept\n' >damaged.vtt
holds "R80: a bad cue is damage" exits 3 greffe-caption damaged.vtt
holds "that is told" grep -q bad-cue err
holds "and the rest is there" grep -qx kept out
holds "R84: what comes before zero is clipped" exits 3 greffe-caption in.vtt --offset=-1500ms
holds "and told" grep -q cue-clipped err
printf '1\r\n00:00:01,000 --> 00:00:02,500\r\n[ann]: One & <i>two</i>.\r\n' >in.srt
holds "SubRip is read" exits 0 greffe-caption in.srt
holds "with speakers in brackets" grep -qx '<v ann>One &amp; two.' out
printf '00:00:01.000-->00:00:02.500\none\n' >odd.srt
holds "R80: SubRip in an odd form is read" exits 3 greffe-caption odd.srt
holds "and told" grep -q 'line 1: no number' err
printf 'SPEAKER x 1 0.5 9 <NA> <NA> SPEAKER_01 <NA> <NA>\n' >who.rttm
holds "R91: who spoke is told by RTTM" exits 3 greffe-caption odd.srt --rttm who.rttm --speaker SPEAKER_01=Bob
holds "and renamed" grep -qx '<v Bob>one' out
printf 'LEXEME x\n' >words.rttm
holds "R91: RTTM without speakers is refused" exits 1 greffe-caption odd.srt --rttm words.rttm -o gone.vtt
holds "by its name" grep -q 'words.rttm: no SPEAKER line' err
: >empty.srt
holds "R82: an empty one is refused" exits 1 greffe-caption empty.srt
printf 'hello\n' >text.vtt
holds "R81: no WEBVTT line is refused" exits 1 greffe-caption text.vtt -o gone.vtt
holds "and nothing is left" test ! -e gone.vtt
: >empty.vtt
holds "R82: an empty file is refused" exits 1 greffe-caption empty.vtt
printf 'WEBVTT\n' >silent.vtt
holds "R82: a transcript without cues is told" exits 3 greffe-caption silent.vtt
printf '{"segments": [{"start": NaN}]}' >nan.json
holds "R90: what is not JSON is refused" exits 1 greffe-caption nan.json
printf '\377\376W\0' >utf16.vtt
holds "R85: UTF-16 is refused" exits 1 greffe-caption utf16.vtt
holds "a missing file is a failure" exits 1 greffe-caption none.vtt
holds "no file is a mistake" exits 2 greffe-caption
holds "an unknown ending is a mistake" exits 2 greffe-caption in.vtt -o out.srt
holds "a stretch that is none is a mistake" exits 2 greffe-caption in.vtt --stretch 0
holds "a speaker without = is a mistake" exits 2 greffe-caption in.vtt --speaker ann
exit $failed
