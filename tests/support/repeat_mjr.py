#!/usr/bin/python3
"""repeat_mjr.py SOURCE.mjr TARGET.mjr MEGABYTES: a Janus recording (version 2) again and again, as one long valid track.

Each turn carries on what the one before left: arrival, sequence number, RTP time, and VP8's picture id. Turns are
written until the target has MEGABYTES (of 10^6 bytes), the last one whole. VP8 and Opus only.
"""
import json
import pathlib
import struct
import sys

CLOCK_KHZ = {"opus": 48, "vp8": 90}


class Place:
    """Of one record in a turn, and what its packet says."""

    def __init__(self, data, at, codec):
        self.at = at
        self.arrival, length = struct.unpack_from(">IH", data, at + 4)
        self.end = at + 10 + length
        first, = struct.unpack_from("B", data, at + 10)
        self.sequence, self.timestamp = struct.unpack_from(">HI", data, at + 12)
        payload = at + 22 + 4 * (first & 0x0F)
        if first & 0x10:
            payload += 4 + 4 * struct.unpack_from(">H", data, payload + 2)[0]
        # RFC 7741 §4.2: X, then I, then M = 1 stands before an id of 15 bits.
        has_id = codec == "vp8" and data[payload] & 0x80 and data[payload + 1] & 0x80 and data[payload + 2] & 0x80
        self.picture = payload + 2 if has_id else None
        self.picture_id = struct.unpack_from(">H", data, self.picture)[0] & 0x7FFF if has_id else None


def places_of(data, at, codec):
    places = []
    while at < len(data):
        assert data[at:at + 4] == b"MEET"
        places.append(Place(data, at, codec))
        at = places[-1].end
    return places


def span(values, modulus):
    """How far the values reach, wraps apart: they are in order but for neighbours."""
    reach = farthest = 0
    for before, value in zip(values, values[1:]):
        reach += (value - before + modulus // 2) % modulus - modulus // 2
        farthest = max(farthest, reach)
    return farthest


def repeat(data, megabytes, write):
    head = 10 + struct.unpack_from(">H", data, 8)[0]
    codec = json.loads(data[10:head])["c"]
    khz = CLOCK_KHZ[codec]
    places = places_of(data, head, codec)
    numbers = span([place.sequence for place in places], 1 << 16) + 1
    # A turn lasts until where the next frame would be: 20 ms after the last packet, or one picture of 15 in a second.
    turn_ms = (span([place.timestamp for place in places], 1 << 32) + khz * (20 if codec == "opus" else 66)) // khz
    ids = [place.picture_id for place in places if place.picture]
    pictures = span(ids, 1 << 15) + 1 if ids else 0
    write(data[:head])
    done, turn = head, 0
    arrival_at, number_at, id_at = struct.Struct(">I"), struct.Struct(">HI"), struct.Struct(">H")
    while done < megabytes * 1_000_000:
        block = bytearray(data[head:])
        for place in places:
            at = place.at - head
            arrival_at.pack_into(block, at + 4, place.arrival + turn * turn_ms)
            number_at.pack_into(block, at + 12, (place.sequence + turn * numbers) & 0xFFFF,
                                (place.timestamp + turn * turn_ms * khz) & 0xFFFFFFFF)
            if place.picture:
                id_at.pack_into(block, place.picture - head, 0x8000 | (place.picture_id + turn * pictures) & 0x7FFF)
        write(block)
        done += len(block)
        turn += 1


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[2], "wb") as target:
        repeat(pathlib.Path(sys.argv[1]).read_bytes(), float(sys.argv[3]), target.write)


if __name__ == "__main__":
    main()
