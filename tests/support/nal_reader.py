"""NAL units of H.264 and H.265, read from Janus recordings and from Matroska: a second reader to hold greffe against.

It shares no code with greffe and takes whole input only: what is broken stops it.
"""

import struct


def packets(dump):
    """The RTP packets of a Janus recording of version 2 (bytes), each with the bytes of its record."""
    at = 10 + struct.unpack_from(">H", dump, 8)[0]
    while at < len(dump):
        length = struct.unpack_from(">H", dump, at + 8)[0]
        yield dump[at + 10 : at + 10 + length], dump[at : at + 10 + length]
        at += 10 + length


def without(dump, lost):
    """The recording without the records whose numbers (from 0) are in `lost`."""
    head = dump[: 10 + struct.unpack_from(">H", dump, 8)[0]]
    return head + b"".join(record for i, (_, record) in enumerate(packets(dump)) if i not in lost)


def payload(packet):
    start = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        start += 4 + 4 * struct.unpack_from(">H", packet, start + 2)[0]
    return packet[start : len(packet) - (packet[-1] if packet[0] & 0x20 else 0)]


def rtp_time(packet):
    return struct.unpack_from(">I", packet, 4)[0]


def frames_of_dump(dump, codec):
    """[(RTP time, [unit])], in order of sequence numbers, which must not wrap."""
    header, aggregate, fragment = {"h264": (1, 24, 28), "h265": (2, 48, 49)}[codec]
    frames, unit = [], b""
    for packet, _ in sorted(packets(dump), key=lambda p: struct.unpack_from(">H", p[0], 2)):
        body = payload(packet)
        if not body:
            continue
        if not frames or frames[-1][0] != rtp_time(packet):
            frames.append((rtp_time(packet), []))
        units = frames[-1][1]
        kind = body[0] & 31 if codec == "h264" else body[0] >> 1 & 63
        if kind == aggregate:
            at = header
            while at < len(body):
                length = struct.unpack_from(">H", body, at)[0]
                units.append(body[at + 2 : at + 2 + length])
                at += 2 + length
        elif kind == fragment:
            flags = body[header]
            if flags & 0x80 and codec == "h264":
                unit = bytes([body[0] & 0xE0 | flags & 31])
            elif flags & 0x80:
                unit = bytes([body[0] & 0x81 | (flags & 63) << 1, body[1]])
            unit += body[header + 1 :]
            if flags & 0x40:
                units.append(unit)
        else:
            units.append(body)
    return frames


def units_of(frame):
    """The units of a frame of a track, each behind its length in 32 bits."""
    units, at = [], 0
    while at < len(frame):
        length = struct.unpack_from(">I", frame, at)[0]
        units.append(frame[at + 4 : at + 4 + length])
        at += 4 + length
    return units


def number(data, at, with_marker):
    """A variable-length integer of EBML (RFC 8794 §4): value, whether it means "unknown", and where it ends."""
    length = 1
    while not data[at] & 0x80 >> length - 1:
        length += 1
    value = int.from_bytes(data[at : at + length], "big")
    plain = value & (1 << 7 * length) - 1
    return value if with_marker else plain, plain == (1 << 7 * length) - 1, at + length


def read_matroska(data):
    """(CodecPrivate, [frame]) of a file with one track."""
    private, frames = b"", []
    masters = (0x18538067, 0x1F43B675, 0xA0, 0x1654AE6B, 0xAE)  # Segment, Cluster, BlockGroup, Tracks, TrackEntry

    def walk(at, end):
        nonlocal private
        while at < end:
            name, _, at = number(data, at, True)
            length, unknown, at = number(data, at, False)
            stop = end if unknown else at + length
            if name in masters:
                walk(at, stop)
            elif name == 0x63A2:
                private = data[at:stop]
            elif name in (0xA1, 0xA3):  # Block, SimpleBlock: track, 16 bits of time, flags
                frames.append(data[at + 4 : stop])
            at = stop

    walk(0, len(data))
    return private, frames
