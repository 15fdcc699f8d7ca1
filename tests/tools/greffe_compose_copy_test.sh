#!/bin/bash
# Where a camera alone is the picture its coded frames are copied: bit for bit, at their own times, so that each frame of
# the film shows what it would without; the same bytes for any number of jobs, after a kill and from shares.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
sample=$(samples_with council)/council || exit 77
cd "$work" || exit 1
# What is drawn, and how often the same bytes come, is shown without a sanitizer.
sanitized=${GREFFE_SANITIZE:-}
some_jobs=${sanitized:+3}
export GREFFE_ARCHIVE=$work/archive
expect 0 greffe-ingest -q --create "$sample/meeting.json"
id=$out
folder=$(echo archive/meetings/*/*/*/"$id")
bare=(-q --size 320x240 --layout single --no-labels --no-highlights --captions track)
compose() { greffe-compose "${bare[@]}" --video vp8 "$@" "$id"; }
packets() { ffprobe -v error -select_streams v -show_packets -show_data_hash md5 -show_entries packet=data_hash,flags,pts_time -of csv=p=0 "$1"; }

# All of one camera.
expect 0 compose --lock amelie -o copied.webm
packets copied.webm >copied.txt
packets "$folder/tracks/amelie-camera-1.mkv" >track.txt
holds "every frame of the camera is in the film as it was sent" python3 - <<'PY'
def rows(file): return [line.strip().split(",") for line in open(file)]
copied, track = rows("copied.txt"), rows("track.txt")
assert len(track) == 479, len(track)
# Two of the film's frames come before the camera does.
assert [row[2] for row in copied[2:]] == [row[2] for row in track], "other bytes"
for ours, theirs in zip(copied[2:], track):
    assert abs(float(ours[0]) - float(theirs[0])) < 0.0015, (ours, theirs)
    assert ours[1][0] == theirs[1][0], "key frames"
PY
for jobs in ${some_jobs:-1 3 8}; do
  expect 0 compose --lock amelie --jobs $jobs --anew -o jobs.webm
  holds "copies: the same bytes with --jobs $jobs" cmp copied.webm jobs.webm
done
holds "it decodes without complaint" [ -z "$(ffmpeg -nostdin -v warning -i copied.webm -f null - 2>&1)" ]

# Speakers in turn: coded from each cut to the next key frame. What is copied is what was drawn, pixel by pixel, at the
# middle of every frame.
expect 0 compose --jobs 1 -o turns.webm
drawn() {
  expect 0 greffe-compose "${bare[@]}" --for preservation -o drawn.mkv "$id"
  ffmpeg -nostdin -v error -i turns.webm -i drawn.mkv -lavfi '[0:v]fps=25[a];[a][1:v]ssim=stats_file=ssim.txt' -f null -
  holds "each frame shows what is to be seen then" python3 - <<'PY'
values = [float(line.split("All:")[1].split()[0]) for line in open("ssim.txt")]
assert len(values) == 808, len(values)
assert min(values) > 0.9, min(values)
same = sum(value == 1 for value in values)
assert 250 < same < 400, same
PY
}
[ -n "$sanitized" ] || drawn
expect 0 compose --copy never -o coded.webm
holds "without copies nothing is the same" [ "$(packets coded.webm | sort -t, -k3 | join -t, -1 3 -2 3 - <(packets "$folder/tracks/amelie-camera-1.mkv" | sort -t, -k3) | wc -l)" = 0 ]
holds "without copies the rate is fixed" [ "$(packets coded.webm | wc -l)" = 808 ]
expect 0 compose --chunk 2/3 -o shares.webm
expect 0 compose --chunk 1/3 -o shares.webm
expect 0 compose --chunk 3/3 -o shares.webm
expect 0 compose --join -o shares.webm
holds "copies: shares make the same bytes" cmp turns.webm shares.webm
for kill in ${some_jobs:-1 2 3}; do
  greffe-compose "${bare[@]}" --video vp8 --jobs $kill --anew -o killed.webm "$id" >/dev/null 2>&1 &
  pid=$!
  sleep "0.$kill"
  kill -KILL $pid 2>/dev/null
  wait $pid 2>/dev/null
done
expect 0 compose -o killed.webm
holds "copies: kills change no byte" cmp turns.webm killed.webm

# The receipt makes it again.
expect 0 greffe-verify render --folder "$folder" turns.webm.receipt.json
holds "a film with copies is made again" has "$out" "the same bytes again"

# A name, a caption, a clock or another codec: then pictures are drawn.
expect 0 greffe-compose -q --size 320x240 --layout single --no-highlights --lock amelie --captions track --video vp8 -o named.webm "$id"
expect 0 compose --lock amelie --clock utc -o clock.webm
films=(named clock)
if [ -z "$sanitized" ]; then
  films+=(vp9)
  expect 0 greffe-compose "${bare[@]}" --lock amelie --video vp9 -o vp9.webm "$id"
fi
for film in "${films[@]}"; do
  holds "$film: nothing is copied" [ "$(packets $film.webm | wc -l)" = 808 ]
done

# One picture that is shared for longer than chunks last: most of them hold no coded frame. And a camera whose last chunk is
# shorter than its pause.
ffmpeg -nostdin -v error -f lavfi -i sine=f=440:d=34 -c:a libopus long.webm
ffmpeg -nostdin -v error -f lavfi -i sine=f=440:d=10.03 -c:a libopus short.webm
ffmpeg -nostdin -v error -f lavfi -i testsrc=s=640x360:r=1:d=1 -frames:v 1 -c:v libvpx -b:v 1M slide.webm
ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=640x360:r=10:d=10 -c:v libvpx -b:v 600k -deadline realtime -cpu-used 8 -lag-in-frames 0 -g 9999 camera.webm
described() { # MICROPHONE PICTURE ROLE
  local at='"started_at": "2026-01-01T10:00:00Z"'
  echo '{"title": "One", "start": "2026-01-01T10:00:00Z", "participants": [{"id": "a", "name": "Ann", "tracks": [
    {"file": "'"$1"'", "role": "microphone", '"$at"'}, {"file": "'"$2"'", "role": "'"$3"'", '"$at"'}]}]}'
}
described long.webm slide.webm screen >slide.json
described short.webm camera.webm camera >camera.json
for film in slide:34 camera:10; do
  greffe-compose "${bare[@]/320x240/640x360}" --video vp8 -o "${film%:*}.film.webm" "${film%:*}.json" >/dev/null 2>film.err
  code=$?
  holds "${film%:*}: chunks without frames: $code, $(cat film.err)" [ $code = 0 -o $code = 3 ]
  holds "${film%:*}: it lasts" [ "$(ffprobe -v error -show_entries format=duration -of csv=p=0 "${film%:*}.film.webm" | cut -d. -f1)" = "${film#*:}" ]
done
holds "the slide is one frame" [ "$(packets slide.film.webm | wc -l)" = 1 ]

# A film never takes the place of what it is made of, by whatever name; nor do its captions.
sha256sum camera.webm slide.json >before.sha256
ln -s camera.webm link.webm
expect 2 greffe-compose "${bare[@]}" -o link.webm camera.json
holds "it says so" has "$err" "would be replaced"
printf 'WEBVTT\n\n00:00.000 --> 00:01.500\nby hand\n' >camera.vtt
sed 's/"participants"/"transcripts": [{"file": "camera.vtt"}], "participants"/' camera.json >said.json
expect 2 greffe-compose "${bare[@]}" --video vp8 -o camera.mkv said.json
holds "captions by hand stay" [ "$(grep -c "by hand" camera.vtt)" = 1 ]
holds "nothing was replaced" sha256sum --quiet -c before.sha256
expect 2 greffe-compose "${bare[@]}" -o "$folder/tracks/amelie-camera-1.mkv" "$folder"

# Nothing was made: that is a failure, though what was refused is damage.
printf 'no dump' >empty.mjr
expect 1 greffe-compose "${bare[@]}" -o none.webm empty.mjr
exit $failed
