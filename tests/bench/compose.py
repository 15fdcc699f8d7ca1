#!/usr/bin/python3
"""compose.py [BUILD]: greffe-compose side by side with what people would take instead, on this machine, in one run.

usage: tests/bench/compose.py [build/release] [--seconds 60] [--pairs 5] [--only ROW…] [--plain] [--memory MINUTES] [--json FILE] [--work DIR]

Each row makes the same film from the same recordings, alternating, and prints the medians and their ratio beside the most it
may be on two cores:

  vp8, vp9     nine people of 640x360 in a grid of 1280x720 at 25 a second, nine voices mixed, against ffmpeg (scale, xstack,
               amix; the same codec, speed and rate; one and two threads, the better counts)
  gstreamer    the same in VP8 against GStreamer's compositor and audiomixer
  floor-vp8, floor-vp9   processor time against that of decoding those tracks, coding what was drawn and what was mixed alone
  still        nine people, six without a camera, 15 pictures a second, captions drawn in, VP9, against ffmpeg with subtitles
  captions     captions drawn in against the same film without
  layers       the speaker layout of twelve people who send three layers each, of 1280x720, 640x360 and 320x180, with a key frame every
               ten seconds, in VP8, against ffmpeg on the largest of each, which shows the same tiles all the time
  also         WebM (VP9) and MP4 (H.264) of nine people from one pass against two runs
  copy-video, copy   one speaker of 640x360 for ten times as long, the coded frames copied against coding them anew: the pictures
               alone (of scenes that are planned), and the whole film

greffe also measures the loudness of each voice (EBU R 128), which the others do not: with --plain it leaves that out and does
just what they do.

Then the peak memory. With --memory nothing but that of films of nine people of 1280x720, of one minute and of MINUTES, which is that
minute again and again (two pictures a second, so that 120 minutes are done in a few; memory does not follow the rate). At most
400 MB, and the same for both. Needs ffmpeg and python3; the row gstreamer also gst-launch-1.0 with the plugins base and good (which no
test needs: install them by hand). Ratios mean something only while nothing else runs."""
import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
WIDTH, HEIGHT = 1280, 720
MOST = {"vp8": 0.58, "vp9": 0.66, "gstreamer": 0.40, "floor-vp8": 1.12, "floor-vp9": 1.12, "still": 0.50, "captions": 1.05,
        "layers": 0.33, "also": 0.85, "copy-video": 0.05, "copy": 0.25}


def spent(*command):
    """-> seconds of the wall and of the processors, peak memory in KiB."""
    start = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


class Meeting:
    """A made meeting, in an archive."""

    is_plain = False  # all films without a measure of loudness

    def __init__(self, work, build, people, seconds, cameras=None, fps=25, captions=False, layers=False, size=None):
        self.people, self.seconds, self.cameras, self.build = people, seconds, people if cameras is None else cameras, build
        name = f"meeting-{people}-{seconds}-{self.cameras}-{fps}" + ("-captions" if captions else "") + ("-layers" if layers else "") + (f"-{size}" if size else "")
        self.folder = work / name
        if not (self.folder / "meeting.json").exists():
            subprocess.run([sys.executable, HERE / "bench_meeting.py", self.folder, "--people", str(people), "--seconds", str(seconds),
                            "--cameras", str(self.cameras), "--fps", str(fps),
                            *(["--size", size, "--kbps", "1500"] if size else []),
                            *(["--layers", "--size", "1280x720", "--kbps", "1500"] if layers else [])], check=True)
            if captions:
                self.caption()
        self.archive = work / "archive"
        ingested = subprocess.run([build / "bin/greffe-ingest", "-q", "--archive", self.archive, "--create", self.folder],
                                  stdout=subprocess.PIPE, text=True)
        self.id = ingested.stdout.strip()

    def caption(self):
        def at(second):
            return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000"
        cues = [f"{at(s)} --> {at(s + 3)}\nWhat is said from second {s} on, and then some\n" for s in range(0, self.seconds - 3, 4)]
        (self.folder / "captions.vtt").write_text("WEBVTT\n\n" + "\n".join(cues))
        description = json.loads((self.folder / "meeting.json").read_text())
        description["transcripts"] = [{"file": "captions.vtt", "language": "en"}]
        (self.folder / "meeting.json").write_text(json.dumps(description))

    def greffe(self, target, *options, size=f"{WIDTH}x{HEIGHT}"):
        return spent(self.build / "bin/greffe-compose", "-q", "--archive", self.archive, "--size", size,
                     "--fps", "25", "--anew", *(["--loudness", "off"] if Meeting.is_plain else []), *options, "-o", target, self.id)

    def tile(self):
        columns = math.ceil(math.sqrt(self.people))
        return columns, WIDTH // columns // 2 * 2, HEIGHT // columns // 2 * 2


CODING = {"vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-b:v", "1500k"],
          "vp9": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "0", "-tile-columns", "2", "-crf", "32",
                  "-b:v", "1000k"]}


def ffmpeg(meeting, codec, threads, target, subtitles=False):
    """The grid; who has no camera is a plain tile."""
    columns, width, height = meeting.tile()
    command, filters, tiles, sounds, layout = ["ffmpeg", "-y", "-v", "error", "-nostdin"], "", "", "", []
    for i in range(meeting.people):
        command += ["-i", meeting.folder / f"{i + 1:02}.webm"]
        if i < meeting.cameras:
            filters += f"[{i}:v]scale={width}:{height}:flags=bilinear,setsar=1[v{i}];"
        else:
            filters += f"color=c=0x406080:s={width}x{height}:r=25:d={meeting.seconds},setsar=1[v{i}];"
        tiles += f"[v{i}]"
        sounds += f"[{i}:a]"
        layout.append(f"{i % columns * width}_{i // columns * height}")
    burn = f",subtitles={meeting.folder / 'captions.vtt'}" if subtitles else ""
    filters += (f"{tiles}xstack=inputs={meeting.people}:layout={'|'.join(layout)}:fill=black,pad={WIDTH}:{HEIGHT},fps=25{burn}[v];"
                f"{sounds}amix=inputs={meeting.people}:normalize=0[a]")
    command += ["-filter_complex", filters, "-map", "[v]", "-map", "[a]", *CODING[codec], "-g", "250", "-threads", threads,
                "-c:a", "libopus", "-b:a", "64k", target]
    return spent(*command)


def ffmpeg_tiles(meeting, scenes, threads, target):
    """The tiles of the first scene, of the .webm files, all the time; VP8."""
    command, filters, placed, sounds, layout = ["ffmpeg", "-y", "-v", "error", "-nostdin"], "", "", "", []
    for i, tile in enumerate(json.loads(scenes.read_text())["scenes"][0]["tiles"]):
        command += ["-i", meeting.folder / f"{tile['participant'][1:]}.webm"]
        picture = tile["picture"]
        filters += f"[{i}:v]scale={picture['width']}:{picture['height']}:flags=bilinear,setsar=1[v{i}];"
        placed += f"[v{i}]"
        sounds += f"[{i}:a]"
        layout.append(f"{picture['x']}_{picture['y']}")
    filters += (f"{placed}xstack=inputs={meeting.people}:layout={'|'.join(layout)}:fill=black,pad={WIDTH}:{HEIGHT},fps=25[v];"
                f"{sounds}amix=inputs={meeting.people}:normalize=0[a]")
    command += ["-filter_complex", filters, "-map", "[v]", "-map", "[a]", *CODING["vp8"], "-g", "250", "-threads", threads,
                "-c:a", "libopus", "-b:a", "64k", target]
    return spent(*command)


def gstreamer(meeting, target):
    columns, width, height = meeting.tile()
    command = ["gst-launch-1.0", "-q", "compositor", "name=pictures", "background=black"]
    for i in range(meeting.people):
        command += [f"sink_{i}::xpos={i % columns * width}", f"sink_{i}::ypos={i // columns * height}",
                    f"sink_{i}::width={width}", f"sink_{i}::height={height}"]
    command += ["!", f"video/x-raw,width={WIDTH},height={HEIGHT},framerate=25/1,format=I420", "!", "queue", "!", "vp8enc", "deadline=1",
                "cpu-used=-8", "threads=1", "target-bitrate=1500000", "keyframe-max-dist=250", "!", "queue", "!", "webmmux", "name=film", "!",
                "filesink", f"location={target}", "audiomixer", "name=sound", "!", "audioconvert", "!", "opusenc", "bitrate=64000", "!",
                "queue", "!", "film."]
    for i in range(meeting.people):
        command += ["filesrc", f"location={meeting.folder / f'{i + 1:02}.webm'}", "!", "matroskademux", f"name=d{i}",
                    f"d{i}.video_0", "!", "queue", "!", "vp8dec", "!", f"pictures.sink_{i}",
                    f"d{i}.audio_0", "!", "queue", "!", "opusdec", "!", "audioconvert", "!", "sound."]
    return spent(*command)


def floor_of(meeting, codec, raw, pcm, work):
    """Processor time of decoding all tracks, of coding the pictures that were drawn and of coding the sound that was mixed."""
    total = 0.0
    for i in range(meeting.people):
        total += spent("ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", meeting.folder / f"{i + 1:02}.webm", "-f", "null", "-")[1]
    total += spent("ffmpeg", "-y", "-v", "error", "-nostdin", "-f", "rawvideo", "-s", f"{WIDTH}x{HEIGHT}", "-r", "25", "-i", raw, *CODING[codec],
                   "-g", "250", "-threads", "1", work / "coded.webm")[1]
    total += spent("ffmpeg", "-y", "-v", "error", "-nostdin", "-i", pcm, "-c:a", "libopus", "-b:a", "64k", work / "coded.opus")[1]
    return total


class Bench:
    def __init__(self, arguments):
        self.arguments, self.rows = arguments, []
        self.work = pathlib.Path(arguments.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.build = pathlib.Path(arguments.build).resolve()
        Meeting.is_plain = arguments.plain

    def wants(self, row):
        return not self.arguments.only or row in self.arguments.only

    def note(self, row, ours, theirs, processors=None):
        """`processors`: what both spent of them, which says more where other programs run."""
        ratio = ours / theirs
        self.rows.append({"row": row, "greffe": round(ours, 3), "other": round(theirs, 3), "ratio": round(ratio, 3), "most": MOST[row]})
        spent_text = ""
        if processors:
            mine, others = processors
            self.rows[-1]["processors"] = {"greffe": round(mine, 3), "other": round(others, 3), "ratio": round(mine / others, 3)}
            spent_text = f"   processors {mine:.2f} s, {others:.2f} s: {mine / others:.2f}"
        print(f"{row:10}  greffe {ours:7.2f} s   other {theirs:7.2f} s   ratio {ratio:.2f}   at most {MOST[row]:.2f}{spent_text}", flush=True)

    def pairs(self, row, ours, *others):
        """Medians of the wall time; the best of the others counts."""
        mine, theirs = [], [[] for _ in others]
        for _ in range(self.arguments.pairs):
            mine.append(ours()[:2])
            for times, other in zip(theirs, others):
                times.append(other()[:2])

        def medians(times):
            return tuple(map(statistics.median, zip(*times)))
        (wall, processors), (best_wall, best_processors) = medians(mine), min(map(medians, theirs))
        self.note(row, wall, best_wall, (processors, best_processors))

    def grid(self):
        meeting = Meeting(self.work, self.build, 9, self.arguments.seconds)
        for codec in ("vp8", "vp9"):
            target = self.work / f"greffe-{codec}.webm"
            ours = lambda codec=codec, target=target: meeting.greffe(target, "--captions", "none", "--video", codec)
            if self.wants(codec):
                self.pairs(codec, ours, *(lambda codec=codec, n=n: ffmpeg(meeting, codec, n, self.work / "ffmpeg.webm") for n in ("1", "2")))
            if codec == "vp8" and self.wants("gstreamer") and shutil.which("gst-launch-1.0"):
                self.pairs("gstreamer", ours, lambda: gstreamer(meeting, self.work / "gstreamer.webm"))
            if self.wants(f"floor-{codec}"):
                raw, pcm = self.drawn(meeting)
                taken = [(ours()[1], floor_of(meeting, codec, raw, pcm, self.work)) for _ in range(self.arguments.pairs)]
                mine, theirs = map(statistics.median, zip(*taken))
                self.note(f"floor-{codec}", mine, theirs)
                raw.unlink()
        wall, _, memory = meeting.greffe(self.work / "memory.webm", "--captions", "none", "--video", "vp8")
        print(f"peak memory {memory / 1024:.0f} MiB, {self.arguments.seconds / wall:.1f} times real time")
        self.memory = memory

    def drawn(self, meeting):
        """Pictures and sound of the film, without loss: a coded film is smoother than what was drawn, and takes less time to be
        coded again."""
        film, raw, pcm = self.work / "drawn.mkv", self.work / "film.yuv", self.work / "film.wav"
        meeting.greffe(film, "--captions", "none", "--video", "ffv1")
        spent("ffmpeg", "-y", "-v", "error", "-nostdin", "-i", film, "-map", "0:v", "-f", "rawvideo", raw, "-map", "0:a", pcm)
        film.unlink()
        return raw, pcm

    def still(self):
        meeting = Meeting(self.work, self.build, 9, self.arguments.seconds, cameras=3, fps=15, captions=True)
        burned = lambda: meeting.greffe(self.work / "still.webm", "--captions", "burn", "--video", "vp9")
        if self.wants("still"):
            self.pairs("still", burned, *(lambda n=n: ffmpeg(meeting, "vp9", n, self.work / "ffmpeg.webm", True) for n in ("1", "2")))
        if self.wants("captions"):
            self.pairs("captions", burned, lambda: meeting.greffe(self.work / "plain.webm", "--captions", "none", "--video", "vp9"))

    def layers(self):
        meeting = Meeting(self.work, self.build, 12, self.arguments.seconds, layers=True)
        scenes = self.work / "layers.json"
        subprocess.run([self.build / "bin/greffe-plan", "-q", "--archive", meeting.archive, "--layout", "speaker", "-o", scenes, meeting.id],
                       check=True)
        ours = lambda: meeting.greffe(self.work / "layers.webm", "--scenes", scenes, "--captions", "none", "--video", "vp8")
        self.pairs("layers", ours, *(lambda n=n: ffmpeg_tiles(meeting, scenes, n, self.work / "ffmpeg.webm") for n in ("1", "2")))

    def also(self):
        meeting = Meeting(self.work, self.build, 9, self.arguments.seconds)
        first, second = self.work / "also.webm", self.work / "also.mp4"

        def both():
            times = meeting.greffe(first, "--captions", "none", "--also", second)
            print(f"  two films at once: peak memory {times[2] / 1000:.0f} MB", flush=True)
            return times

        def one_by_one():
            runs = [meeting.greffe(target, "--captions", "none") for target in (first, second)]
            return tuple(map(sum, zip(*runs)))
        self.pairs("also", both, one_by_one)

    def memory_of_minutes(self, minutes):
        minute = Meeting(self.work, self.build, 9, 60, fps=2, size="1280x720")
        if not (self.work / f"minutes-{minutes}/meeting.json").exists():
            repeat = HERE.parent / "support/repeat_mjr.py"
            folder = self.work / f"minutes-{minutes}"
            folder.mkdir(exist_ok=True)
            for source in minute.folder.glob("*.mjr"):
                megabytes = source.stat().st_size * (minutes - 0.5) / 1e6
                subprocess.run([sys.executable, repeat, source, folder / source.name, str(megabytes)], check=True)
            shutil.copy(minute.folder / "meeting.json", folder)
        for name, folder in (("1", minute.folder), (str(minutes), self.work / f"minutes-{minutes}")):
            ingested = subprocess.run([self.build / "bin/greffe-ingest", "-q", "--archive", minute.archive, folder], stdout=subprocess.PIPE, text=True)
            wall, processors, peak = spent(self.build / "bin/greffe-compose", "-q", "--archive", minute.archive, "--fps", "2",
                                           "--anew", "-o", self.work / "memory.webm", ingested.stdout.strip())
            print(f"{name:>4} minutes of nine people of 1280x720: {peak / 1000:.0f} MB (at most 400), {processors:.1f} s of processors", flush=True)

    def copy(self):
        meeting = Meeting(self.work, self.build, 1, 10 * self.arguments.seconds)
        bare = ["--layout", "single", "--no-labels", "--no-highlights"]
        scenes = self.work / "single.json"
        subprocess.run([self.build / "bin/greffe-plan", "-q", "--archive", meeting.archive, "--size", "640x360", *bare, "-o", scenes,
                        meeting.id], check=True)
        target = self.work / "single.webm"
        options = ["--captions", "none", "--video", "vp8", "--copy"]

        def film(how):
            return meeting.greffe(target, *bare, *options, how, size="640x360")

        def pictures(how):
            shutil.rmtree(self.work / ".single.webm.work", ignore_errors=True)
            times = meeting.greffe(target, "--scenes", scenes, "--chunk", "1/1", *options, how, size="640x360")
            shutil.rmtree(self.work / ".single.webm.work")
            return times
        for row, work in (("copy-video", pictures), ("copy", film)):
            if self.wants(row):
                self.pairs(row, lambda work=work: work("auto"), lambda work=work: work("never"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", default="build/release")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=sorted(MOST))
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--memory", type=int, metavar="MINUTES")
    parser.add_argument("--json", help="the figures, for keeping track of them")
    parser.add_argument("--work", default="/tmp/greffe-bench")
    bench = Bench(parser.parse_args())
    if bench.arguments.memory:
        return bench.memory_of_minutes(bench.arguments.memory)
    if any(bench.wants(row) for row in MOST if row not in ("still", "captions", "layers", "also", "copy-video", "copy")):
        bench.grid()
    if bench.wants("still") or bench.wants("captions"):
        bench.still()
    if bench.wants("layers"):
        bench.layers()
    if bench.wants("also"):
        bench.also()
    if bench.wants("copy-video") or bench.wants("copy"):
        bench.copy()
    if bench.arguments.json:
        pathlib.Path(bench.arguments.json).write_text(json.dumps({"seconds": bench.arguments.seconds, "rows": bench.rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
