#!/bin/bash
# A film that is made again under its name takes its chunks out of the one that is there: only what changed is rendered,
# and the bytes are those of a film of which everything was.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
sample=$(samples_with council)/council || exit 77
cd "$work" || exit 1
expect 0 greffe-ingest -q --archive archive --create "$sample/meeting.json"
cp -r archive/meetings/*/*/*/"$out" meeting
film=(--progress none --loudness off)
burned=(--size 160x120 --fps 5 --captions burn)
# compose NAME OPTION…: says how many of its four chunks were rendered in $rendered.
compose() {
  local name=$1
  shift
  expect 0 greffe-compose -v "${film[@]}" "$@" -o "$name" meeting
  rendered=$(sed -nE 's/^.*([0-9]) of 4 chunks are rendered, ([0-9]) come from.*$/\1 \2/p' err)
}
# Another word in the cue that is shown at 14 s.
edit() {
  python3 - "$1" <<'PY'
import json, sys
path = "meeting/captions/cues.json"
cues = json.load(open(path))
[cue] = [cue for cue in cues["cues"] if cue["start_ms"] <= 14000 < cue["end_ms"]]
assert 10000 < cue["start_ms"] and cue["end_ms"] < 20000, cue
cue["text"] = sys.argv[1]
json.dump(cues, open(path, "w"))
PY
}
again() { # NAME RENDERED TAKEN OPTION…
  local name=$1 wanted="$2 $3"
  shift 3
  compose "$name" "$@"
  holds "$name: $wanted chunks rendered and taken, not $rendered" same "$rendered" "$wanted"
  holds "$name: nothing is left behind" [ ! -e ".$name.work" ]
  compose "anew-$name" --anew "$@"
  holds "$name: the same bytes as anew" cmp "$name" "anew-$name"
  holds "$name: the same receipt" python3 - "$name" <<'PY'
import json, sys
one, other = (json.load(open(name + ".receipt.json")) for name in (sys.argv[1], "anew-" + sys.argv[1]))
one["output"].pop("file"), other["output"].pop("file")
assert one == other
assert len(one["chunks"]) == 4
PY
}

while read -r -u 3 name words; do
  # Encoders are not ours: one is enough under a sanitizer, which is slow.
  [ -z "${GREFFE_SANITIZE:-}" ] || [ "$name" = vp9.webm ] || continue
  edit "What was said at first"
  # shellcheck disable=SC2086
  compose "$name" "${burned[@]}" $words
  holds "$name: at first all are rendered: $rendered" same "$rendered" "4 0"
  # Of each coding what changed; that nothing is rendered where nothing did needs no encoder.
  # shellcheck disable=SC2086
  [ "$name" != vp9.webm ] || [ -n "${GREFFE_SANITIZE:-}" ] || again "$name" 0 4 "${burned[@]}" $words
  edit "What was corrected"
  # shellcheck disable=SC2086
  again "$name" 1 3 "${burned[@]}" $words
done 3<<'END'
vp9.webm
h264.mkv --video h264
av1.mkv --for archive
ffv1.mkv --for preservation
END

# Copied frames are taken over as well.
bare=(--size 320x240 --video vp8 --layout single --no-labels --no-highlights --captions track)
compose bare.webm "${bare[@]}"
[ -n "${GREFFE_SANITIZE:-}" ] || again bare.webm 0 4 "${bare[@]}"
edit "A track of captions is no picture"
again bare.webm 0 4 "${bare[@]}"

# A glyph that no font has is told of as long as it is there, and no longer.
edit "A word with $(printf '\U000F1234')"
expect 3 greffe-compose "${film[@]}" "${burned[@]}" -o vp9.webm meeting
holds "a missing glyph is damage" has "$err" "U+F1234"
expect 3 greffe-compose "${film[@]}" "${burned[@]}" -o vp9.webm meeting
holds "a missing glyph is damage in a chunk that was taken over, too" has "$err" "U+F1234"
edit "A word"
expect 0 greffe-compose "${film[@]}" "${burned[@]}" -o vp9.webm meeting

cp vp9.webm good.webm
cp vp9.webm.receipt.json good.json
# What is in doubt is rendered: another film, half of one, a receipt of something else.
for harm in 'printf x >>vp9.webm' 'truncate -s 50000 vp9.webm' 'rm vp9.webm' 'rm vp9.webm.receipt.json' \
  'cp bare.webm.receipt.json vp9.webm.receipt.json' 'echo "{}" >vp9.webm.receipt.json' 'echo "[" >vp9.webm.receipt.json'; do
  # The same here: half a film and half a paper are enough.
  [ -z "${GREFFE_SANITIZE:-}" ] || [[ $harm = truncate* || $harm = 'echo "["'* ]] || continue
  cp good.webm vp9.webm
  cp good.json vp9.webm.receipt.json
  eval "$harm"
  compose vp9.webm "${burned[@]}"
  holds "$harm: all are rendered: $rendered" same "$rendered" "4 0"
  holds "$harm: the same bytes" cmp vp9.webm good.webm
done
# A receipt that lies about how many frames a chunk has: what follows is rendered.
python3 - <<'PY'
import json
receipt = json.load(open("vp9.webm.receipt.json"))
receipt["chunks"][3]["packets"] = 100000
json.dump(receipt, open("vp9.webm.receipt.json", "w"))
PY
compose vp9.webm "${burned[@]}"
holds "a chunk that is not all there is rendered: $rendered" same "$rendered" "1 3"
holds "it is whole again" cmp vp9.webm good.webm
# Shares take theirs.
expect 0 greffe-compose -v "${film[@]}" "${burned[@]}" --chunk 1/2 -o vp9.webm meeting
holds "a share takes its own" has "$err" "0 of 2 chunks are rendered, 2 come"
exit $failed
