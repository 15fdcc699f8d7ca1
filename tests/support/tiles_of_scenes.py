#!/usr/bin/python3
"""scenes.json -> where the cameras stand in the film, as a list for programs that measure films.

usage: tiles_of_scenes.py SCENES.json > TILES.json

Gives [{"who": participant, "x", "y", "w", "h": picture rectangle in pixels, "start", "end": seconds of film time}],
one entry per camera tile and scene.
"""
import json
import sys


def tiles(plan):
    for scene in plan["scenes"]:
        for tile in scene["tiles"]:
            if tile["kind"] != "camera":
                continue
            picture = tile.get("picture", tile)
            yield {"who": tile["participant"], "x": picture["x"], "y": picture["y"], "w": picture["width"],
                   "h": picture["height"], "start": scene["start_ms"] / 1000, "end": scene["end_ms"] / 1000}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        json.dump(list(tiles(json.load(file))), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
