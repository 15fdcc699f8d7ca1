#!/usr/bin/python3
"""Captures in which several senders tell the time: each track goes by its own sender's clock, or by arrival."""
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

INGEST = pathlib.Path(os.environ["GREFFE_BUILD"]) / "bin" / "greffe-ingest"
BEGUN = 1_795_175_705
SERVER = ("10.0.9.9", 6000)


class Capture:
    """A pcap of raw IPv4 (LINKTYPE_RAW)."""

    def __init__(self):
        self.records = []

    def add(self, at, sender, receiver, payload):
        datagram = struct.pack(">HHHH", sender[1], receiver[1], 8 + len(payload), 0) + payload
        address = bytes(int(number) for host in (sender[0], receiver[0]) for number in host.split("."))
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(datagram), 0, 0, 64, 17, 0) + address
        self.records.append((at, head + datagram))

    def sound(self, sender, receiver, ssrc, kind, stamps=None):
        """30 s of G.711. `stamps`: seconds by which the capturer's clock is off, for abs-capture-time under id 5."""
        for number in range(1500):
            at = number * 0.02
            packet = struct.pack(">BBHII", 0x80, kind, number, 160 * number, ssrc)
            if stamps is not None and number % 10 == 0:
                packet = b"\x90" + packet[1:] + struct.pack(">HH", 0xBEDE, 3) + b"\x57" + ntp(at + stamps) + bytes(3)
            self.add(at + 0.02, sender, receiver, packet + bytes(0x20 + (number + step) % 80 for step in range(160)))

    def reports(self, sender, receiver, ssrc, off, cname=b""):
        """One a second, by a clock that is `off` seconds ahead."""
        for at in range(1, 30):
            packet = struct.pack(">BBHI", 0x80, 200, 6, ssrc) + ntp(at + off) + struct.pack(">III", 8000 * at, 50 * at, 8000 * at)
            if cname:
                item = b"\x01" + bytes([len(cname)]) + cname + b"\0"
                item += bytes(-len(item) % 4)
                packet += struct.pack(">BBHI", 0x81, 202, 1 + len(item) // 4, ssrc) + item
            self.add(at + 0.02, sender, receiver, packet)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
            for at, packet in sorted(self.records):
                file.write(struct.pack("<IIII", BEGUN + int(at), round(at % 1 * 1e6), len(packet), len(packet)) + packet)


def ntp(at):
    seconds = BEGUN + 2_208_988_800 + at
    return struct.pack(">II", int(seconds), int(seconds % 1 * 2**32))


def take_in(source, archive):
    """-> exit code, the meeting's folder, {track: its entry in clocks.json}"""
    code = subprocess.run([INGEST, "-q", "--archive", archive, "--create", source], check=False, stdout=subprocess.DEVNULL).returncode
    folder = next(archive.glob("meetings/*/*/*/*"))
    clocks = json.loads((folder / "reports/clocks.json").read_text())["clocks"]
    return code, folder, {clock["track"]: clock for clock in clocks}


def ingest(capture, meeting=None, sdp=""):
    """-> exit code, {(participant, SSRC): start in ms}, {(participant, SSRC): witness}, conditions of damage"""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        capture.write(work / "capture.pcap")
        if sdp:
            (work / "capture.sdp").write_text(sdp)
        source = work / "capture.pcap"
        if meeting:
            source = work / "meeting.json"
            source.write_text(json.dumps({"title": "t", "participants": [
                {"id": who, "tracks": [{"file": "capture.pcap", "role": role, "ssrc": ssrc} for role, ssrc in tracks]}
                for who, tracks in meeting.items()]}))
        code, folder, clocks = take_in(source, work / "archive")
        clocks = {track: clock["witness"] for track, clock in clocks.items()}
        starts, witnesses = {}, {}
        for path in folder.glob("tracks/*.track.json"):
            track = json.loads(path.read_text())
            key = (track["participant"], track["ssrc"])
            starts[key] = track["start_ns"] / 1e6
            witnesses[key] = clocks[track["track"]]
        damage = json.loads((folder / "reports/damage.json").read_text())["damage"]
        return code, starts, witnesses, {one["condition"] for one in damage}


FAILED = []


def claim(what, good, shown):
    if not good:
        FAILED.append(what)
        print(f"FAIL: {what}: {shown}")


def one_ssrc_two_people():
    """R12: the reports of one go by his flow, beside the media or one port above it."""
    for above in (0, 1):
        capture = Capture()
        for number, off in ((1, 0), (2, 0.6)):
            here, there = (f"10.0.0.{number}", 5000), (SERVER[0], SERVER[1] + 10 * number)
            control = [(host, port + above) for host, port in (here, there)]
            for ssrc, kind in ((7, 0), (50 + number, 8)):
                capture.sound(here, there, ssrc, kind)
                capture.reports(*control, ssrc, off)
        code, starts, witnesses, _ = ingest(capture)
        claim("R12: reports of an SSRC that two people have", code == 0 and len(starts) == 4
              and set(witnesses.values()) == {"sender-reports"} and max(starts.values()) - min(starts.values()) < 5, (code, starts))


def one_person_two_machines():
    """A telephone's clock says nothing of a laptop's: neither by their names nor, without names, by their addresses."""
    for names in ((b"phone", b"laptop"), (b"", b"")):
        for off in (0.15, 0.7):
            capture = Capture()
            for number, ssrc in ((1, 11), (2, 22)):
                here, there = (f"10.0.0.{number}", 5000), (SERVER[0], SERVER[1] + 2 * number)
                capture.sound(here, there, ssrc, 0)
                capture.reports(here, there, ssrc, off * number, names[number - 1])
            code, starts, witnesses, _ = ingest(capture, {"ann": [("microphone", 11), ("screen-audio", 22)]})
            claim(f"R4: two machines {off} s apart", code == 0 and set(witnesses.values()) == {"sender-reports"}
                  and max(starts.values()) - min(starts.values()) < 5, (names, code, starts, witnesses))


def one_flow_many_people():
    """What a server sends a bot comes from one address, but the capture times are of many laptops."""
    sdp = ("v=0\r\no=- 0 0 IN IP4 10.0.0.7\r\ns=-\r\nc=IN IP4 10.0.0.7\r\nt=0 0\r\nm=audio 7000 RTP/AVP 0\r\n"
           "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time\r\n")
    capture = Capture()
    for number, off in ((1, 0), (2, 0.6), (3, -0.3)):
        capture.sound(SERVER, ("10.0.0.7", 7000), 100 + number, 0, stamps=off)
    code, starts, witnesses, damage = ingest(capture, sdp=sdp)
    claim("R9: clocks of a server's flow that lie apart are not shared, and it is told", code == 3 and len(starts) == 3
          and damage == {"sender-clocks-apart"} and set(witnesses.values()) == {"arrival"}
          and max(starts.values()) - min(starts.values()) < 5, (code, damage, starts, witnesses))


def mjr(path, packets):
    """Of PCMU: (seconds, packet)."""
    head = json.dumps({"t": "a", "c": "pcmu", "s": BEGUN * 1_000_000, "u": BEGUN * 1_000_000}).encode()
    records = (b"MEET" + struct.pack(">IH", round(at * 1000), len(packet)) + packet for at, packet in packets)
    path.write_bytes(b"MJR00002" + struct.pack(">H", len(head)) + head + b"".join(records))


def witnessed(bases, ways, above=0):
    """Two people of one SSRC, recorded one by one, and what was on the wire: `bases` of their RTP time, clocks 0.6 s apart.
    Each comes by so many `ways` one after the other, reports `above` their ports. -> exit code, {person: sender reports}"""
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "room"
        folder.mkdir()
        capture = Capture()
        for person, base in enumerate(bases):
            dice = random.Random(person)
            packets = []
            for number in range(1500):
                here = f"10.0.0.{1 + person}", 5000 + 10 * (number * ways // 1500)
                at = number * 0.02
                sound = bytes(0x40 + dice.randrange(48) for _ in range(160))
                packet = struct.pack(">BBHII", 0x80, 0, number, (base + 160 * number) % 2**32, 7) + sound
                packets.append((at + 0.02, packet))
                capture.add(at + 0.02, here, (SERVER[0], SERVER[1] + 10 * person), packet)
                if number % 50 == 0 and number > 0:
                    report = struct.pack(">BBHI", 0x80, 200, 6, 7) + ntp(at + 0.6 * person)
                    report += struct.pack(">III", (base + 160 * number) % 2**32, number, 160 * number)
                    capture.add(at + 0.02, (here[0], here[1] + above), (SERVER[0], SERVER[1] + 10 * person + above), report)
            mjr(folder / f"videoroom-1-user-{person}-{BEGUN}000000-audio-0.mjr", packets)
        capture.write(folder / "wire.pcap")
        code, _, clocks = take_in(folder, pathlib.Path(work) / "archive")
        return code, {clock["participant"]: next((one for one in clock["witnesses"] if one["witness"] == "sender-reports"), None)
                      for clock in clocks.values()}


def one_ssrc_in_a_witness():
    """R12: what a capture beside the recordings says of an SSRC goes to the one by whose flow it comes."""
    for bases in ((0, 0), (0, 900_000_000)):
        for ways in (1, 5):
            for above in (0, 1):
                code, said = witnessed(bases, ways, above)
                claim("R12: reports of a witness' SSRC that two people have", code == 0 and len(said) == 2 and all(
                    one and one["seen"] == 29 and one["refused"] == 0 and abs(one["residual_ms"]) < 5 for one in said.values()),
                      (bases, ways, above, code, said))


def two_machines_in_a_witness():
    """The same two machines, recorded one by one: only the capture beside the recordings says whose clock is whose."""
    for names in ((b"phone", b"laptop"), (b"", b"")):
        for off in (0.15, 0.7):
            with tempfile.TemporaryDirectory() as work:
                folder = pathlib.Path(work) / "room"
                folder.mkdir()
                capture, tracks = Capture(), []
                for number, role in enumerate(("microphone", "screen-audio")):
                    ssrc, dice = 11 + number, random.Random(number)
                    here, there = (f"10.0.0.{1 + number}", 5000), (SERVER[0], SERVER[1] + 2 * number)
                    packets = []
                    for count in range(1500):
                        sound = bytes(0x40 + dice.randrange(48) for _ in range(160))
                        packets.append((count * 0.02 + 0.02, struct.pack(">BBHII", 0x80, 0, count, 160 * count, ssrc) + sound))
                        capture.add(packets[-1][0], here, there, packets[-1][1])
                    capture.reports(here, there, ssrc, off * number, names[number])
                    mjr(folder / f"{role}.mjr", packets)
                    tracks.append({"file": f"{role}.mjr", "role": role})
                capture.write(folder / "wire.pcap")
                (folder / "meeting.json").write_text(json.dumps(
                    {"title": "t", "witnesses": ["wire.pcap"], "participants": [{"id": "ann", "tracks": tracks}]}))
                code, kept, clocks = take_in(folder / "meeting.json", pathlib.Path(work) / "archive")
                starts = [json.loads(path.read_text())["start_ns"] / 1e6 for path in kept.glob("tracks/*.track.json")]
                claim(f"R4: two machines {off} s apart by a witness", code == 0 and max(starts) - min(starts) < 5
                      and {clock["witness"] for clock in clocks.values()} == {"sender-reports"}, (names, code, starts))


def main():
    one_ssrc_in_a_witness()
    two_machines_in_a_witness()
    one_ssrc_two_people()
    one_person_two_machines()
    one_flow_many_people()
    sys.exit(bool(FAILED))


if __name__ == "__main__":
    main()
