#!/bin/bash
# greffe-verify render: films made again by their receipts, and what is said when that is not possible.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin=$GREFFE_BUILD/bin
cd "$work" || exit 1
export GREFFE_ARCHIVE=$work/archive
expect 0 "$bin/greffe-ingest" -q --create "$GREFFE_SOURCE/tests/data/council_short"
id=$out
folder=$(echo "$GREFFE_ARCHIVE"/meetings/*/*/*/"$id")
again() { "$bin/greffe-verify" render "$@"; }
compose() { "$bin/greffe-compose" -q --size 320x180 --fps 10 "$@" "$id"; }

# In the archive, with all that has a say in the bytes.
expect 0 compose --layout speaker --theme light --corners round --title-card --clock Europe/Paris --pan --captions burn
film=$out
again_alike() {
  expect 0 again "$film.receipt.json"
  holds "the same bytes are told" has "$out" "the same bytes again"
}
[ -n "${GREFFE_SANITIZE:-}" ] || again_alike  # a sanitizer sees the next alone
expect 0 again --json --jobs 1 "$film.receipt.json"
printf '%s\n' "$out" >report.json
holds "a report is as its schema says" python3 -W ignore -m jsonschema -i report.json "$GREFFE_SOURCE/schemas/verify-render.schema.json"
holds "a receipt is as its schema says" python3 -W ignore -m jsonschema -i "$film.receipt.json" "$GREFFE_SOURCE/schemas/receipt.schema.json"

# Elsewhere, in other codecs, with an agenda.
printf '00:00 One\n00:02 Two\n' >agenda.txt
for coded in "film.mp4 --video h264 --sound aac" "film.mkv --for preservation" "vp8.webm --video vp8 --loudness off --captions track"; do
  read -r name words <<<"$coded"
  [ -z "${GREFFE_SANITIZE:-}" ] || [ "$name" = vp8.webm ] || continue
  # shellcheck disable=SC2086
  expect 0 compose $words --agenda agenda.txt -o "$name"
  expect 0 again --folder "$folder" "$name.receipt.json"
  holds "$coded: the same bytes again" has "$out" "the same bytes again"
done
[ -n "${GREFFE_SANITIZE:-}" ] || holds "R108: the receipt names what coded it" grep -q '"libx264": "[0-9]' film.mp4.receipt.json
expect 1 again vp8.webm.receipt.json
holds "a film outside of its meeting's folder: what to give" has "$err" "is not in the renders/ of a meeting folder: give --folder"

# Other versions, other bytes: 3. The same versions, other bytes: 5.
python3 - "$film.receipt.json" <<'PY'
import json, sys
receipt = json.load(open(sys.argv[1]))
receipt["options"]["fps"] = "5/1"
json.dump(receipt, open("other-options.json", "w"))
receipt["libraries"]["libvpx"] = "v0.0.1"
json.dump(receipt, open("other-versions.json", "w"))
receipt["options"]["fps"] = "10/1"
receipt["scenes"]["chapters"] = [{"start_ms": 0, "title": "One"}]
json.dump(receipt, open("other-chapters.json", "w"))
receipt["options"]["look"]["theme"] = "dark"
json.dump(receipt, open("other-look.json", "w"))
receipt["inputs"][0]["file"] = "../../secret"
json.dump(receipt, open("hostile.json", "w"))
del receipt["scenes"]
json.dump(receipt, open("old.json", "w"))
PY
cp "$film" .
expect 5 again --folder "$folder" other-options.json
holds "other bytes are told" has "$out" "other bytes"
other_versions() {
  expect 3 again --folder "$folder" other-versions.json
  holds "the version is named" has "$out" "libvpx v0.0.1, now v"
}
[ -n "${GREFFE_SANITIZE:-}" ] || other_versions
expect 3 again --folder "$folder" other-chapters.json
holds "the same pictures are told to be" has "$out" "all the same"
expect 3 again --json --folder "$folder" other-look.json
printf '%s\n' "$out" >report.json
holds "a report with a distance is as its schema says" python3 -W ignore -m jsonschema -i report.json "$GREFFE_SOURCE/schemas/verify-render.schema.json"
holds "the distance is told" python3 -c 'import json; p = json.load(open("report.json"))["pictures"]; assert p["count"] > 20 and 3 < p["psnr_db"] < 40, p'
expect 1 again --folder "$folder" hostile.json
holds "a name that leaves the folder is refused" has "$err" "no path in the meeting folder"
expect 1 again --folder "$folder" old.json
holds "a receipt without scenes says so" has "$err" "scenes: missing"
expect 1 again --folder "$folder" agenda.txt
expect 1 again nowhere.json

# Its own logo, another, or one that it never had.
ffmpeg -v error -f lavfi -i color=red:s=40x40 -frames:v 1 red.png
ffmpeg -v error -f lavfi -i color=blue:s=40x40 -frames:v 1 blue.png
expect 0 compose --logo red.png -o logo.webm
expect 2 again --folder "$folder" logo.webm.receipt.json
holds "a logo is asked for" has "$err" "give --logo"
expect 0 again --folder "$folder" --logo red.png logo.webm.receipt.json
expect 5 again --folder "$folder" --logo blue.png logo.webm.receipt.json
holds "another logo is named, and nothing made with it" has "$out" "input-changed: blue.png"
holds "the film is not accused" has "$out" "not made again of other inputs"
expect 5 again --folder "$folder" --logo nowhere.png logo.webm.receipt.json
holds "so is one that is not there" has "$out" "input-missing: nowhere.png"
expect 0 again --folder "$folder" --logo red.png vp8.webm.receipt.json
holds "a logo of no use is told" has "$err" "the film has no logo"

# A film, a track, a sidecar or a meeting that somebody changed.
printf x >>"$film"
expect 5 again "$film.receipt.json"
holds "a changed film is named, and made again" has "$out" "film-changed: "
holds "nobody takes it for good" has "$out" "no longer as its receipt says; made again as it was"
mv vp8.webm gone.webm
expect 5 again --folder "$folder" vp8.webm.receipt.json
holds "a film that is gone is named" has "$out" "input-missing: "
holds "nor that" has "$out" "no longer as its receipt says; made again as it was"
cp -r "$folder" copy
chmod -R u+w copy
for file in meeting.json "$(cd copy && ls tracks/*.track.json | head -n 1)"; do
  cp "copy/$file" kept
  printf x >>"copy/$file"
  expect 5 again --folder copy vp8.webm.receipt.json
  holds "a changed $file is named" has "$out" "input-changed: copy/$file"
  rm "copy/$file"
  expect 5 again --folder copy vp8.webm.receipt.json
  holds "a missing $file is named" has "$out" "input-missing: copy/$file"
  mv kept "copy/$file"
done
printf x >>"$(find "$folder/tracks" -name "*.mkv" | head -n 1)"
expect 5 again "$film.receipt.json"
holds "a changed track is named, and nothing made of it" has "$out" "not made again of other inputs"
exit $failed
