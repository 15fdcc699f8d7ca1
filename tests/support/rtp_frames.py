#!/usr/bin/python3
"""Frames of a Janus recording, put together by another reader than greffe's, for tests that compare the two.

usage: rtp_frames.py vp9|av1 SOURCE.mjr

Prints one line per RTP time whose packets make a whole: SHA-256 of what a Matroska block of it holds, and how many
frames (VP9) or OBUs (AV1) that is. Straightforward, for recordings without loss: packets are sorted by number, what
lacks its beginning or end is left out, and nobody asks whether the rest can be decoded.
VP9: RFC 9628 section 4.2 and the superframe index of Annex B of the VP9 bitstream specification; a single frame has
none. AV1: section 4 of the AV1 RTP specification and "AV1 in Matroska": OBUs with sizes, without temporal delimiters,
tile lists and padding.
"""
import hashlib
import itertools
import struct
import sys


def packets(path):
    """-> (number, RTP time, marker, payload), in order of number"""
    with open(path, "rb") as file:
        data = file.read()
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    found = {}
    while at < len(data):
        length = struct.unpack_from(">H", data, at + 8)[0]
        packet = data[at + 10:at + 10 + length]
        at += 10 + length
        first, second, number, time = struct.unpack_from(">BBHI", packet)
        start = 12 + 4 * (first & 15)
        if first & 0x10:
            start += 4 + 4 * struct.unpack_from(">H", packet, start + 2)[0]
        end = len(packet) - (packet[-1] if first & 0x20 else 0)
        if end > start:
            found[number] = (number, time, bool(second & 0x80), packet[start:end])
    return [found[number] for number in sorted(found)]


def vp9_payload(payload):
    """-> (begins a frame, ends one, VP9 bytes)"""
    flags = payload[0]
    at = 1
    if flags & 0x80:
        at += 2 if payload[at] & 0x80 else 1
    if flags & 0x20:
        at += 1 if flags & 0x10 else 2
    if flags & 0x10 and flags & 0x40:
        while payload[at] & 1:
            at += 1
        at += 1
    if flags & 0x02:
        structure = payload[at]
        at += 1
        if structure & 0x10:
            at += 4 * ((structure >> 5) + 1)
        if structure & 0x08:
            group = payload[at]
            at += 1
            for _ in range(group):
                at += 1 + (payload[at] >> 2 & 3)
    return bool(flags & 8), bool(flags & 4), payload[at:]


def superframe(frames):
    if len(frames) == 1:
        return frames[0]
    width = (max(len(frame) for frame in frames).bit_length() + 7) // 8
    mark = bytes([0xC0 | width - 1 << 3 | len(frames) - 1])
    return b"".join(frames) + mark + b"".join(len(frame).to_bytes(width, "little") for frame in frames) + mark


def vp9_block(group):
    frames, ended = [], True
    for _, _, _, payload in group:
        begins, ends, coded = vp9_payload(payload)
        if begins:
            frames.append(b"")
        elif not frames:
            return None
        frames[-1] += coded
        ended = ends
    return (superframe(frames), len(frames)) if ended else None


def leb128(data, at):
    value = 0
    for count in range(8):
        octet = data[at + count]
        value |= (octet & 127) << 7 * count
        if not octet & 128:
            return value, at + count + 1
    raise ValueError("leb128")


def as_leb128(value):
    octets = b""
    while value > 127:
        octets += bytes([value & 127 | 128])
        value >>= 7
    return octets + bytes([value])


def av1_elements(payload):
    """-> (goes on from the packet before, goes on in the next one, OBU elements)"""
    head, at = payload[0], 1
    count = head >> 4 & 3
    elements = []
    while at < len(payload):
        if count and len(elements) == count - 1:
            size = len(payload) - at
        else:
            size, at = leb128(payload, at)
        elements.append(payload[at:at + size])
        at += size
    return bool(head & 0x80), bool(head & 0x40), elements


def with_size(obu):
    """The OBU with obu_has_size_field, or nothing for a kind that files leave out."""
    head = 2 if obu[0] & 4 else 1
    body = obu[head:]
    if obu[0] & 2:
        size, start = leb128(obu, head)
        body = obu[start:start + size]
    if obu[0] >> 3 & 15 in (2, 8, 15):
        return b""
    return bytes([obu[0] | 2]) + obu[1:head] + as_leb128(len(body)) + body


def av1_block(group):
    obus, open_end = [], False
    for _, _, _, payload in group:
        goes_on, more, elements = av1_elements(payload)
        if goes_on != open_end:
            return None
        if goes_on:
            obus[-1] += elements.pop(0)
        obus += elements
        open_end = more
    if open_end or not group[-1][2]:
        return None
    kept = [obu for obu in map(with_size, obus) if obu]
    return b"".join(kept), len(kept)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("vp9", "av1"):
        sys.exit(__doc__)
    block_of = {"vp9": vp9_block, "av1": av1_block}[sys.argv[1]]
    for _, group in itertools.groupby(packets(sys.argv[2]), key=lambda packet: packet[1]):
        block = block_of(list(group))
        if block:
            print(hashlib.sha256(block[0]).hexdigest(), block[1])


if __name__ == "__main__":
    main()
