#!/usr/bin/python3
"""join_mp4.py FIRST.mp4 SECOND.mp4 JOINED.mp4: one stream of video with two sample descriptions, as recorders write where a
camera changes its resolution (ISO/IEC 14496-12 §8.5.2). Both files are of one H.264 stream without B frames at 25 a second."""
import struct
import sys

PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def boxes(data):
    """-> [[type, content]]: bytes, or boxes of a parent."""
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        content = data[at + 8:at + size]
        found.append([kind, boxes(content) if kind in PARENTS else content])
        at += size
    return found


def written(tree):
    out = b""
    for kind, content in tree:
        inside = written(content) if isinstance(content, list) else content
        out += struct.pack(">I4s", len(inside) + 8, kind) + inside
    return out


def find(tree, *path):
    content = next(content for kind, content in tree if kind == path[0])
    return find(content, *path[1:]) if len(path) > 1 else content


def numbers(box):
    return list(struct.unpack(f">{(len(box) - 8) // 4}I", box[8:]))


def table(*columns):
    return struct.pack(">II", 0, len(columns)) + b"".join(struct.pack(f">{len(row)}I", *row) for row in columns)


def main():
    first, second = (boxes(open(name, "rb").read()) for name in sys.argv[1:3])
    tables = [find(tree, b"moov", b"trak", b"mdia", b"minf", b"stbl") for tree in (first, second)]
    media = [find(tree, b"mdat") for tree in (first, second)]
    sizes = [find(each, b"stsz")[12:] for each in tables]
    counts = [len(each) // 4 for each in sizes]
    keys = [[key + before for key in numbers(find(each, b"stss"))] for each, before in zip(tables, (0, counts[0]))]
    start = len(written(first[:1])) + 8
    changed = {b"stsd": struct.pack(">II", 0, 2) + find(tables[0], b"stsd")[8:] + find(tables[1], b"stsd")[8:],
               b"stts": table((sum(counts), 512)),
               b"stss": table(*((key,) for key in sum(keys, []))),
               b"stsc": table((1, counts[0], 1), (2, counts[1], 2)),
               b"stsz": struct.pack(">III", 0, 0, sum(counts)) + sizes[0] + sizes[1],
               b"stco": table((start,), (start + len(media[0]),))}
    for box in tables[0]:
        box[1] = changed.get(box[0], box[1])
    trak = find(first, b"moov", b"trak")
    trak[:] = [box for box in trak if box[0] != b"edts"]
    with open(sys.argv[3], "wb") as joined:
        joined.write(written([first[0], [b"mdat", media[0] + media[1]], [b"moov", find(first, b"moov")]]))


main()
