#!/usr/bin/python3
"""Pictures of films, held against those in tests/data/golden/ with a tolerance.

Another version of a font, a decoder or a scaler may change pixels; a tile that moved, a name that is not there or
another colour must not pass. So the pictures are compared in windows of 32 pixels, at half their size: each must
look alike by its structure (SSIM of luma) and have the same colours in the mean. That the measure sees what it
should is tested, too: each picture is held against all others, and against itself with something changed.

    golden_pictures_test.py            compares
    golden_pictures_test.py --renew    writes tests/data/golden/ anew: look at what it wrote, then commit

GREFFE_BUILD and GREFFE_SOURCE as for all tests; by default what stands around this file.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy

SOURCE = pathlib.Path(os.environ.get("GREFFE_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("GREFFE_BUILD", SOURCE / "build" / "release")) / "bin"
GOLDEN = SOURCE / "tests" / "data" / "golden"
COUNCIL = SOURCE / "examples" / "samples" / "council"

CHUNKS = 4  # of ten seconds: the film has 33
LEAST_ALIKE = 0.5  # SSIM of each window
MOST_OFF = 12  # of 255: the means of a window
WINDOW, STEP = 16, 4  # at half size

REGIONS = {"canvas": {"width": 320, "height": 180}, "regions": {
    "large": {"width": 212, "video_sources": ["bruno"], "max_rows": 1, "max_columns": 1},
    "people": {"x_pos": 212, "max_columns": 1, "video_sources": ["*"], "video_sources_excluded": ["bruno"]},
    "corner": {"x_pos": 140, "y_pos": 120, "width": 64, "height": 48, "z_pos": 1, "max_rows": 1, "max_columns": 1,
               "video_sources": ["amelie"]}}}

# Name of the picture, second of the film, meeting, options.
PICTURES = [
    ("grid", 22, "council", []),
    ("grid-three", 3, "council", ["--corners", "round"]),
    ("speaker-light", 14, "council", ["--layout", "speaker", "--theme", "light", "--corners", "round", "--clock", "utc"]),
    ("strip-captions", 16, "council", ["--layout", "strip-bottom", "--captions", "burn"]),
    ("presentation", 22, "shared", ["--layout", "presentation"]),
    ("pip", 22, "shared", ["--layout", "pip"]),
    ("side-by-side", 25, "council", ["--layout", "side-by-side", "--theme", "light"]),
    ("regions", 22, "council", ["--regions", "regions.json"]),
    ("portrait", 22, "council", ["--layout", "speaker", "--size", "180x320"]),
    ("placeholders", 20, "voices", ["--captions", "burn"]),
    ("title-card", 1, "council", ["--title-card"]),
]

# What a picture must not be taken for: options left out, or put in, that change it.
WRONG = [
    ("grid", 22, "council", ["--no-labels"]),
    ("grid", 22, "council", ["--no-highlights"]),
    ("strip-captions", 16, "council", ["--layout", "strip-bottom"]),
]
# The others are drawn by the same code, which a sanitizer need not look at twice.
SANITIZED = {"strip-captions"}


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, check=False, **more)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def ingest_meetings(names):
    """The sample; the same with a camera as a shared screen; the same without pictures."""
    meetings = {}
    for name in names:
        description = json.loads((COUNCIL / "meeting.json").read_text())
        for person in description["participants"]:
            if name == "shared" and person["id"] == "dana":
                person["tracks"][1]["role"] = "screen"
            if name == "voices":
                del person["tracks"][1]
        folder = pathlib.Path(name)
        folder.mkdir()
        for file in COUNCIL.iterdir():
            shutil.copy(file, folder)
        (folder / "meeting.json").unlink()
        (folder / "meeting.json").write_text(json.dumps(description))
        meeting = run(BIN / "greffe-ingest", "-q", "--archive", name + ".archive", "--create", folder / "meeting.json")
        meetings[name] = next(pathlib.Path(name + ".archive").glob(f"meetings/*/*/*/{meeting.decode().strip()}"))
    pathlib.Path("regions.json").write_text(json.dumps(REGIONS))
    return meetings


def pixels_of(file, *options):
    """RGB of one picture, as an array of rows, columns and colours."""
    size = run("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0", file)
    width, height = (int(side) for side in size.decode().strip().rstrip(",").split(","))
    raw = run("ffmpeg", "-nostdin", "-v", "error", "-i", file, *options, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-")
    return numpy.frombuffer(raw, numpy.uint8).reshape(height, width, 3).astype(float)


def drawn(name, second, meeting, options):
    """A picture of the film, which has one a second and loses nothing. Only the chunk with it is rendered."""
    usual = [] if "--size" in options else ["--size", "320x180"]
    usual += [] if "--captions" in options else ["--captions", "none"]
    chunk, frame = divmod(second, 10)
    folder = run(BIN / "greffe-compose", "-q", "--for", "preservation", "--fps", "1", *usual, *options, "--chunk",
                 f"{chunk + 1}/{CHUNKS}", "-o", name + ".mkv", meeting).decode().strip()
    [pictures] = pathlib.Path(folder).glob(f"{chunk:06}-*.mkv")
    return pixels_of(pictures, "-vf", f"select=eq(n\\,{frame})")


def windows(plane):
    return numpy.lib.stride_tricks.sliding_window_view(plane, (WINDOW, WINDOW))[::STEP, ::STEP]


def halved(pixels):
    height, width = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    quarters = pixels[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
    return quarters.mean(axis=(1, 3))


def differences(one, other):
    """What is wrong, as sentences; none when the pictures look alike."""
    if one.shape != other.shape:
        return [f"{one.shape[1]}x{one.shape[0]} and {other.shape[1]}x{other.shape[0]}"]
    one, other = halved(one), halved(other)
    off = numpy.max([abs(windows(one[..., c]).mean(axis=(2, 3)) - windows(other[..., c]).mean(axis=(2, 3)))
                     for c in range(3)], axis=0)
    a, b = (windows(pixels @ (0.299, 0.587, 0.114)) for pixels in (one, other))
    mean_a, mean_b = a.mean(axis=(2, 3)), b.mean(axis=(2, 3))
    var_a, var_b = a.var(axis=(2, 3)), b.var(axis=(2, 3))
    both = (a * b).mean(axis=(2, 3)) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_a * mean_b + c1) * (2 * both + c2) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))

    def place(where):
        row, column = numpy.unravel_index(where, alike.shape)
        return f"around {2 * STEP * column + WINDOW},{2 * STEP * row + WINDOW}"

    wrong = []
    if alike.min() < LEAST_ALIKE:
        wrong.append(f"SSIM {alike.min():.2f} {place(alike.argmin())}")
    if off.max() > MOST_OFF:
        wrong.append(f"colours off by {off.max():.0f} {place(off.argmax())}")
    if os.environ.get("GOLDEN_FIGURES"):
        print(f"least SSIM {alike.min():.3f}, mean {alike.mean():.3f}; most off {off.max():.1f}")
    return wrong


def write_golden(name, pixels):
    """With 256 colours: all together stay small."""
    GOLDEN.mkdir(exist_ok=True)
    height, width = pixels.shape[:2]
    run("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-i", "-",
        "-vf", "split[a][b];[a]palettegen=max_colors=256:reserve_transparent=0[p];[b][p]paletteuse=dither=none",
        "-fflags", "+bitexact", "-update", "1", "-pred", "none", GOLDEN / f"{name}.png",
        input=pixels.astype(numpy.uint8).tobytes())


def changed(pixels):
    """The picture with something wrong in it: what it is, and the picture."""
    yield "moved by 4 pixels", numpy.roll(pixels, 4, axis=1)
    yield "mirrored", pixels[:, ::-1]
    if numpy.ptp(pixels, axis=2).max() > 60:  # colours to speak of
        yield "in other colours", pixels[..., ::-1]


def complaints(pictures, wrong, golden):
    for name, pixels in pictures.items():
        if found := differences(pixels, golden[name]):
            yield f"{name}: {'; '.join(found)}"
        for what, picture in changed(pixels):
            if not differences(picture, golden[name]):
                yield f"{name}: {what} it passes"
        for other, picture in golden.items():
            if other != name and not differences(pixels, picture):
                yield f"{name} passes for {other}"
    for (name, *_, options), pixels in wrong:
        if not differences(pixels, golden[name]):
            yield f"{name} with {options} passes"
    if extra := {file.stem for file in GOLDEN.glob("*.png")} - {name for name, *_ in PICTURES}:
        yield f"nobody draws {sorted(extra)}"


def main():
    renew = sys.argv[1:] == ["--renew"]
    if sys.argv[1:] and not renew:
        sys.exit(__doc__)
    sanitized = os.environ.get("GREFFE_SANITIZE") and not renew
    wanted = [picture for picture in PICTURES if not sanitized or picture[0] in SANITIZED]
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        meetings = ingest_meetings(sorted({meeting for _, _, meeting, _ in wanted}))
        pictures = {name: drawn(name, second, meetings[meeting], options) for name, second, meeting, options in wanted}
        wrong = [] if renew or sanitized else [
            (one, drawn(f"wrong-{number}", one[1], meetings[one[2]], one[3])) for number, one in enumerate(WRONG)]
    if renew:
        for name, pixels in pictures.items():
            write_golden(name, pixels)
        return
    golden = {name: pixels_of(GOLDEN / f"{name}.png") for name in pictures}
    told = list(complaints(pictures, wrong, golden))
    for complaint in told:
        print(f"FAIL: {complaint}")
    sys.exit(bool(told))


if __name__ == "__main__":
    main()
