#!/usr/bin/env python3
"""packetize.py OUT.rtpdump SDP FFMPEG-ARGUMENT…: what FFmpeg's RTP muxer makes of an input, as rtpdump; its SDP beside.

Packets arrive when the latest RTP time so far was due, at 90000 ticks a second, so that a recording of seconds is made
at once and is the same each time.
"""

import socket
import struct
import subprocess
import sys

out, sdp, *arguments = sys.argv[1:]
listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
listener.bind(("127.0.0.1", 0))
listener.settimeout(0.3)
target = f"rtp://127.0.0.1:{listener.getsockname()[1]}?pkt_size=1200&rtcpport=9"
made = subprocess.Popen(
    ["ffmpeg", "-nostdin", "-v", "error", *arguments, "-seq", "1000", "-ssrc", "4711", "-sdp_file", sdp, "-f", "rtp", target],
    stdin=subprocess.DEVNULL,
)
records, first, latest = [], None, 0
while True:
    try:
        packet = listener.recv(65536)
    except TimeoutError:
        if made.poll() is not None:
            break
        continue
    if 200 <= packet[1] <= 204:
        continue
    time = struct.unpack(">I", packet[4:8])[0]
    first = time if first is None else first
    # B frames come with earlier times.
    latest = max(latest, (time - first + 2**31) % 2**32 - 2**31)
    records.append(struct.pack(">HHI", len(packet) + 8, len(packet), latest // 90) + packet)
assert made.wait() == 0 and records, "ffmpeg gave no packets"
with open(out, "wb") as dump:
    dump.write(b"#!rtpplay1.0 127.0.0.1/5004\n" + struct.pack(">IIIHH", 1795175705, 0, 0x7F000001, 5004, 0))
    dump.write(b"".join(records))
