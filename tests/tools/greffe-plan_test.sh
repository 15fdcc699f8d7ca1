#!/bin/bash
# greffe-plan as a user runs it: scenes as text, in both layouts, as their schema says; of a bare description too.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
plan=$GREFFE_BUILD/bin/greffe-plan
council=$GREFFE_SOURCE/examples/samples/council
cd "$work" || exit 1

for layout in grid speaker strip-bottom presentation pip single side-by-side; do
  holds "$layout is planned from a bare description" "$plan" -q --layout $layout --size 640x360 -o $layout.json "$council/meeting.json"
  holds "$layout is as its schema says" python3 -W ignore -m jsonschema -i $layout.json "$GREFFE_SOURCE/schemas/scenes.schema.json"
  holds "$layout: scenes are back to back, tiles inside the canvas, pictures inside their tiles" python3 - $layout.json <<'PY'
import json, sys
plan = json.load(open(sys.argv[1]))
at = 0
for scene in plan["scenes"]:
    assert scene["start_ms"] == at and scene["end_ms"] > at, scene
    at = scene["end_ms"]
    for tile in scene["tiles"]:
        assert 0 <= tile["x"] and tile["x"] + tile["width"] <= 640 and tile["y"] + tile["height"] <= 360, tile
        assert all(tile[key] % 2 == 0 for key in ("x", "y", "width", "height")), tile
        picture = tile["picture"]
        assert tile["x"] <= picture["x"] and picture["x"] + picture["width"] <= tile["x"] + tile["width"], tile
# One joins at 6 s, one leaves at 20 s.
people = [len({tile["participant"] for tile in scene["tiles"]}) for scene in plan["scenes"]]
wanted = {"pip": (2, 2), "single": (1, 1), "side-by-side": (2, 2)}.get(sys.argv[1][:-5], (3, 4))
assert (min(people), max(people)) == wanted, people
PY
done
holds "nothing of the private meeting folder is left" [ -z "$(ls | grep -v json)" ]

expect 0 "$plan" -q --explain "$council/meeting.json"
holds "a table tells when, why and who" grep -Eq '^ +1  00:05\.[0-9]+ +00:19\..* dana joined .* dana 640x360\+640\+360' out
holds "below it stands how calm the plan is" grep -Eq '^3 scenes, [0-9]+ moves \([0-9.]+ a minute\), mean stay [0-9.]+ s, shortest' out
expect 0 "$plan" -q --scenes grid.json "$council/meeting.json"
holds "a plan that was read is written as it was" cmp grid.json out

# Who is shown, where and how.
expect 0 "$plan" -q --layout single --lock dana --without chidi --chapters -o lock.json "$council/meeting.json"
holds "who is locked has the main place, who is left out never appears" python3 - <<'PY'
import json
plan = json.load(open("lock.json"))
shown = [tile["participant"] for scene in plan["scenes"] for tile in scene["tiles"]]
assert shown[-1] == "dana" and "chidi" not in shown, shown
assert [chapter["title"] for chapter in plan["chapters"]] == ["Council", "Dana Lindqvist joins"], plan["chapters"]
assert plan["scenes"][-1]["tiles"][0]["label"] == "Dana Lindqvist"
PY
expect 2 "$plan" -q --lock nobody "$council/meeting.json"
holds "somebody unknown is named" has "$err" 'no participant "nobody" in this meeting'
expect 2 "$plan" -q --min-stay soon "$council/meeting.json"
for time in nan -nan inf -1s 1e300h; do
  expect 2 "$plan" -q --look-ahead="$time" "$council/meeting.json"
done
calm() { "$plan" -q --layout speaker --min-stay "$1" "$council/meeting.json" | python3 -c 'import json, sys; print(json.load(sys.stdin)["steadiness"]["moves"])'; }
holds "a longer stay means fewer moves" test "$(calm 8s)" -lt "$(calm 1s)"

# A layout of one's own.
cat >regions.json <<'JSON'
{"resolution": "640x480",
 "video_layout": {
   "who speaks": {"height": 360, "max_rows": 1, "max_columns": 1, "video_sources": ["@speaker"]},
   "two more": {"y_pos": 360, "max_rows": 1, "max_columns": 2, "reuse": "show_newest",
                "video_sources": ["*"], "video_sources_excluded": ["amelie*"]}}}
JSON
expect 0 "$plan" -q --regions regions.json -o own.json "$council/meeting.json"
holds "regions are filled by their rules" python3 - <<'PY'
import json
plan = json.load(open("own.json"))
assert plan["canvas"] == {"width": 640, "height": 480}, plan["canvas"]
for scene in plan["scenes"]:
    assert scene["layout"] == "regions" and len(scene["tiles"]) == 3, scene
    assert [tile["height"] for tile in scene["tiles"]] == [360, 120, 120], scene
    assert "amelie" not in [tile["participant"] for tile in scene["tiles"][1:]], scene
PY
expect 0 "$plan" -q --scenes own.json -o own2.json "$council/meeting.json"
expect 2 "$plan" -q --layout grid --regions regions.json "$council/meeting.json"
holds "two layouts are refused" has "$err" "has no say where --regions gives the layout"
expect 2 "$plan" -q --layout grid --scenes own.json "$council/meeting.json"
echo '{"regions": {"left": {"video_sources": ["zz", "@screen", "*"]}}}' >odd.json
expect 0 "$plan" --regions odd.json "$council/meeting.json"
holds "a name that is nobody's is told" has "$err" '"zz" of region "left" fits nobody in this meeting'
holds "no other" same "$(grep -c "fits nobody" <<<"$err")" 1
sed -i 's/"max_columns": 2/"max_columns": 0/; s/show_newest/random/' regions.json
expect 1 "$plan" -q --regions regions.json "$council/meeting.json"
holds "what is wrong in them is told with line and field" has "$err" "line 4: video_layout.two more.max_columns: 0 is not within 1 to 100"
holds "all of it" has "$err" "regions.json: 2 mistakes"

# What it will look like.
expect 0 "$plan" -q --layout pip --size 640x360 --preview sheet.png "$council/meeting.json"
holds "a preview alone prints nothing" [ -z "$out" ]
holds "a sheet of seven scenes, four in a row" same "$(python3 -c 'import struct; print(*struct.unpack(">II", open("sheet.png", "rb").read(24)[16:]))')" "1360 496"
expect 0 "$plan" -q --scenes pip.json --preview again.png "$council/meeting.json"
holds "of a plan that was read, too" cmp sheet.png again.png

# All mistakes at once, with line and field.
python3 - <<'PY'
import json
plan = json.load(open("grid.json"))
plan["scenes"][0]["tiles"][0]["track"] = "nobody-camera-1"
plan["scenes"][0]["tiles"][1]["participant"] = "nobody"
plan["scenes"][1]["tiles"][1].update(plan["scenes"][1]["tiles"][0], participant="bruno", track="bruno-camera-1")
plan["scenes"][1]["tiles"][2]["width"] = 800
plan["scenes"][2]["start_ms"] += 1
plan["scenes"][2]["end_ms"] = 999000
del plan["scenes"][2]["tiles"][0]["kind"]
json.dump(plan, open("wrong.json", "w"), indent=2)
PY
expect 1 "$plan" -q --scenes wrong.json "$council/meeting.json"
line() { awk -v n="$2" 'index($0, "\"" w "\"") { if (++k == n) { print NR; exit } }' w="$1" wrong.json; }
for mistake in "$(line track 1): scenes[0].tiles[0].track: no video track \"nobody-camera-1\" in this meeting" \
  "$(line participant 2): scenes[0].tiles[1].participant: no participant \"nobody\" in this meeting" \
  "scenes[1].tiles[1]: overlaps tiles[0], and both have z 0" \
  "scenes[1].tiles[2].width: 800 is not within 2 to 640" \
  "$(line start_ms 3): scenes[2].start_ms:" \
  "$(line end_ms 3): scenes[2].end_ms: 999000 is after the end of the meeting" \
  "scenes[2].tiles[0].kind: missing"; do
  holds "told: $mistake" has "$err" "$mistake"
done
holds "all in one message" has "$err" "wrong.json: 8 mistakes"
"$plan" -q nowhere.json 2>err
holds "what is not there is named" grep -q nowhere err
exit $failed
