#!/bin/bash
# greffe-plan as a user runs it: scenes as text, in both layouts, as their schema says; of a bare description too.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
plan=$GREFFE_BUILD/bin/greffe-plan
council=$GREFFE_SOURCE/examples/samples/council
cd "$work" || exit 1

for layout in grid speaker; do
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
assert min(people) == 3 and max(people) == 4, people
PY
done
holds "nothing of the private meeting folder is left" [ "$(ls)" = "$(printf 'grid.json\nspeaker.json')" ]
"$plan" -q nowhere.json 2>err
holds "what is not there is named" grep -q nowhere err
exit $failed
