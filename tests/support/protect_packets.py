#!/usr/bin/python3
"""protect_packets.py HOW SOURCE.mjr TARGET.pcap [--drop-repairs] [--own-port]: a Janus recording (version 2) of VP8 as a capture in
which packets are lost and protected.

HOW: rtx (RFC 4588, a stream of its own, with padding probes), ulpfec (RFC 5109 in RFC 2198 redundancy, as browsers send
it) or flexfec, flexfec-mask, flexfec-row and flexfec-copy (draft-ietf-payload-flexible-fec-scheme-03, RFC 8627 with a mask, a row
of five and whole packets again; a stream of its own). Every second group of five packets
loses one; each loss can be repaired. TARGET.sdp beside it says what is what. --drop-repairs leaves out what repairs,
--own-port sends it from and to a port of its own: retransmissions under the SSRC of the media then (RFC 4588, 5.3).
Prints how many packets are lost. Written from the RFCs, without greffe's code.
"""
import struct
import sys

MEDIA, REPAIR = 0x11111111, 0x22222222
VP8, RTX, RED, ULPFEC, FLEXFEC = 96, 97, 116, 117, 118
GROUP = 5


def packets(data):
    """-> (ms, packet) of each record"""
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    while at < len(data):
        ms, length = struct.unpack_from(">IH", data, at + 4)
        yield ms, data[at + 10:at + 10 + length]
        at += 10 + length


def header_length(packet):
    length = 12 + 4 * (packet[0] & 15)
    return length + 4 + 4 * struct.unpack_from(">H", packet, length + 2)[0] if packet[0] & 16 else length


def renumbered(packet, number, ssrc, kind=VP8):
    return packet[:1] + bytes([packet[1] & 0x80 | kind]) + struct.pack(">H", number & 0xffff) + packet[4:8] + \
        struct.pack(">I", ssrc) + packet[12:]


def in_red(packet, inner):
    at = header_length(packet)
    return packet[:1] + bytes([packet[1] & 0x80 | RED]) + packet[2:at] + bytes([inner]) + packet[at:]


def fresh(number, packet, ssrc, kind, payload):
    return struct.pack(">BBH", 0x80, kind, number & 0xffff) + packet[4:8] + struct.pack(">I", ssrc) + payload


def summed(group):
    """XOR of first octet, second octet, RTP time, length, rest"""
    rest = bytearray(max(len(packet) - 12 for packet in group))
    first = second = time = length = 0
    for packet in group:
        first ^= packet[0]
        second ^= packet[1]
        time ^= struct.unpack_from(">I", packet, 4)[0]
        length ^= len(packet) - 12
        for i, octet in enumerate(packet[12:]):
            rest[i] ^= octet
    return first & 0x3f, second, time, length, bytes(rest)


def mask(group, bits):
    base = struct.unpack_from(">H", group[0], 2)[0]
    value = 0
    for packet in group:
        value |= 1 << (bits - 1 - ((struct.unpack_from(">H", packet, 2)[0] - base) & 0xffff))
    return base, value


def ulpfec(group):
    first, second, time, length, rest = summed(group)
    base, bits = mask(group, 16)
    return struct.pack(">BBHIHHH", first, second, base, time, length, len(rest), bits) + rest


def flexfec(group):
    first, second, time, length, rest = summed(group)
    base, bits = mask(group, 15)
    return struct.pack(">BBHIIIHH", first, second, length, time, 1 << 24, MEDIA, base, 0x8000 | bits) + rest


def final_flexfec(how, group):
    first, second, time, length, rest = summed(group)
    base, bits = mask(group, 15)
    if how == "flexfec-row":
        return struct.pack(">BBHIHBB", 0x40 | first, second, length, time, base, len(group), 0) + rest
    return struct.pack(">BBHIHH", first, second, length, time, base, bits) + rest


def naming(packet):
    """an error correction packet that names the stream as its CSRC"""
    return bytes([packet[0] | 1]) + packet[1:12] + struct.pack(">I", MEDIA) + packet[12:]


class Sender:
    """Everything that is sent, with what is lost on the way."""

    def __init__(self, how, with_repairs, own_port):
        self.how, self.with_repairs = how, with_repairs
        self.port = 5006 if own_port else 5004
        self.ssrc = MEDIA if own_port and how == "rtx" else REPAIR
        self.sent, self.lost, self.number, self.own = [], 0, 65000, 65500

    def repair(self, ms, packet):
        if self.with_repairs:
            self.sent.append((ms, packet, self.port))

    def send(self, index, group):
        numbered = []
        for ms, packet in group:
            numbered.append((ms, renumbered(packet, self.number, MEDIA)))
            self.number += 1
        gone = index % 10 // 2 % len(group) if index % 2 and len(group) == GROUP else None
        for place, (ms, packet) in enumerate(numbered):
            if place != gone:
                self.sent.append((ms, in_red(packet, VP8) if self.how == "ulpfec" else packet, 5004))
        if gone is not None:
            self.lost += 1
        last = numbered[-1][0]
        plain = [packet for _, packet in numbered]
        if self.how == "ulpfec":
            fec = fresh(self.number, plain[-1], MEDIA, ULPFEC, ulpfec(plain))
            self.number += self.with_repairs
            self.repair(last, in_red(fec, ULPFEC))
        elif self.how == "flexfec":
            self.repair(last, fresh(self.own, plain[-1], REPAIR, FLEXFEC, flexfec(plain)))
            self.own += 1
        elif self.how == "flexfec-copy":
            for packet in plain:
                copy = bytes([0x80 | packet[0] & 0x3f]) + packet[1:]
                self.repair(last, naming(fresh(self.own, packet, REPAIR, FLEXFEC, copy)))
                self.own += 1
        elif self.how.startswith("flexfec-"):
            self.repair(last, naming(fresh(self.own, plain[-1], REPAIR, FLEXFEC, final_flexfec(self.how, plain))))
            self.own += 1
        else:
            self.retransmit(last, plain[gone] if gone is not None else None)

    def retransmit(self, ms, packet):
        if packet is None:  # a probe: padding only
            probe = struct.pack(">BBHII", 0xa0, RTX, self.own & 0xffff, 7, self.ssrc) + bytes(199) + bytes([200])
            self.repair(ms, probe)
        else:
            at = header_length(packet)
            again = renumbered(packet, self.own, self.ssrc, RTX)
            self.repair(ms + 40, again[:at] + packet[2:4] + packet[at:])
        self.own += 3  # others of this stream are lost, too


def capture(sent):
    """A pcap of raw IPv4 (LINKTYPE_RAW)."""
    data = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
    for ms, packet, port in sent:
        length = 28 + len(packet)
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, length, 0, 0, 64, 17, 0, 0x0a000001, 0x0a000002)
        udp = struct.pack(">HHHH", port - 4, port, 8 + len(packet), 0)
        data += struct.pack("<IIII", 1795175924 + ms // 1000, ms % 1000 * 1000, length, length) + ip + udp + packet
    return data


def description(how, own_port):
    other = ["m=video 5006 RTP/AVP 97 118"] if own_port else []
    lines = ["v=0", "o=- 1 1 IN IP4 10.0.0.1", "s=-", "c=IN IP4 10.0.0.2", "t=0 0",
             "m=video 5004 RTP/AVP 96 97 116 117 118", f"a=rtpmap:{VP8} VP8/90000"]
    if how == "rtx":
        lines += other + [f"a=rtpmap:{RTX} rtx/90000", f"a=fmtp:{RTX} apt={VP8}"]
        lines += [] if own_port else [f"a=ssrc-group:FID {MEDIA} {REPAIR}"]
    elif how == "ulpfec":
        lines += [f"a=rtpmap:{RED} red/90000", f"a=rtpmap:{ULPFEC} ulpfec/90000"]
    else:
        name = "flexfec-03" if how == "flexfec" else "flexfec"
        lines += other + [f"a=rtpmap:{FLEXFEC} {name}/90000", f"a=ssrc-group:FEC-FR {MEDIA} {REPAIR}"]
    return "".join(line + "\r\n" for line in lines)


def main():
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    own_port = "--own-port" in sys.argv
    if len(arguments) != 3 or arguments[0] not in (
            "rtx", "ulpfec", "flexfec", "flexfec-mask", "flexfec-row", "flexfec-copy"):
        sys.exit(__doc__)
    how, source, target = arguments
    with open(source, "rb") as file:
        every = list(packets(file.read()))
    sender = Sender(how, "--drop-repairs" not in sys.argv, own_port)
    for index in range(0, len(every), GROUP):
        sender.send(index // GROUP, every[index:index + GROUP])
    with open(target, "wb") as file:
        file.write(capture(sorted(sender.sent, key=lambda entry: entry[0])))
    with open(target.rsplit(".", 1)[0] + ".sdp", "w", encoding="ascii") as file:
        file.write(description(how, own_port))
    print(sender.lost)


if __name__ == "__main__":
    main()
