#!/usr/bin/python3
"""lose_packets.py SOURCE.mjr TARGET.mjr RATE BURST SEED: a Janus recording (version 2) without some of its packets.

RATE: share of packets that are taken away, 0 … 1; BURST: how many of them lie side by side. The first and the last
packet stay. The same arguments take away the same packets. Prints their sequence numbers, one a line.
"""
import random
import struct
import sys


def records(data):
    """-> (begin, end) of each record"""
    at = 10 + struct.unpack_from(">H", data, 8)[0]
    while at < len(data):
        end = at + 10 + struct.unpack_from(">H", data, at + 8)[0]
        yield at, end
        at = end


def choose(count, rate, burst, seed):
    """Which of `count` records are lost."""
    chance = random.Random(seed)
    lost = set()
    while len(lost) < rate * count:
        begin = chance.randrange(1, count - 1)
        lost.update(at for at in range(begin, begin + burst) if at < count - 1)
    return lost


def lose(data, rate, burst, seed):
    """-> the recording without the packets, their sequence numbers"""
    places = list(records(data))
    lost = choose(len(places), rate, burst, seed)
    kept = b"".join(data[begin:end] for at, (begin, end) in enumerate(places) if at not in lost)
    numbers = [struct.unpack_from(">H", data, places[at][0] + 12)[0] for at in sorted(lost)]
    return data[:places[0][0]] + kept, numbers


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    kept, numbers = lose(data, float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    with open(sys.argv[2], "wb") as file:
        file.write(kept)
    print("\n".join(map(str, numbers)))


if __name__ == "__main__":
    main()
