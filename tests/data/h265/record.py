#!/usr/bin/env python3
"""record.py TARGET.mjr: sends the test picture by FFmpeg's RTP muxer and records what comes, as Janus would."""

import json
import socket
import struct
import subprocess
import sys
import time

X265 = "log-level=error:bframes=0:keyint=20:min-keyint=20:scenecut=0:repeat-headers=1"

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
receiver.settimeout(4)
sender = subprocess.Popen(
    ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=6",
     "-c:v", "libx265", "-tune", "zerolatency", "-preset", "veryfast", "-b:v", "90k", "-x265-params", X265,
     "-f", "rtp", "-payload_type", "96", "-ssrc", "305419896",
     f"rtp://127.0.0.1:{receiver.getsockname()[1]}?pkt_size=700"],
    stdout=subprocess.DEVNULL,
)
start, records = None, []
while True:
    try:
        packet = receiver.recv(65536)
    except TimeoutError:
        break
    now = time.time()
    start = start or now
    records.append(struct.pack(">4sIH", b"MEET", round((now - start) * 1000), len(packet)) + packet)
sender.wait()
micros = round(start * 1e6)
header = json.dumps({"t": "v", "c": "h265", "s": micros, "u": micros}).encode()
with open(sys.argv[1], "wb") as target:
    target.write(b"MJR00002" + struct.pack(">H", len(header)) + header + b"".join(records))
