#!/bin/bash
# Several films from one pass: each has the bytes, and the receipt, that it has when it is made alone.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
sample=$(samples_with council)/council || exit 77
cd "$work" || exit 1
expect 0 greffe-ingest -q --archive archive --create "$sample/meeting.json"
id=$out
export GREFFE_ARCHIVE=$work/archive
folder=$(echo archive/meetings/*/*/*/"$id")
mkdir alone together
small=(--progress none --fps 2 --loudness off)
# alone FILM OPTION…: with the options that all have.
alone() {
  local film=$1
  shift
  expect 0 greffe-compose "${small[@]}" "${shared[@]}" "$@" -o "alone/$film" "$id"
}
# packets FILM: a digest of each, to tell where two films differ.
packets() { ffmpeg -nostdin -v error -i "$1" -map 0 -c copy -f framemd5 -; }
# as_alone FILM…: so they are in together/.
as_alone() {
  local film
  for film; do
    holds "line ${BASH_LINENO[0]}: $film: the bytes of one made alone" cmp "alone/$film" "together/$film"
    cmp -s "alone/$film" "together/$film" || diff <(packets "alone/$film") <(packets "together/$film") | head -20
    holds "$film: the receipt of one made alone" cmp "alone/$film.receipt.json" "together/$film.receipt.json"
    holds "$film: no chunks are left" [ ! -e "together/.$film.work" ]
  done
}

shared=(--size 160x90)
alone film.webm
alone film.mp4
alone sharp.mkv --video vp8 --sound flac
[ -n "${GREFFE_SANITIZE:-}" ] && some_jobs=3 || some_jobs="1 3"
for jobs in $some_jobs; do
  expect 0 greffe-compose "${small[@]}" "${shared[@]}" --jobs $jobs -o together/film.webm --also together/film.mp4 --also vp8+flac=together/sharp.mkv "$id"
  holds "--jobs $jobs: each film is named" same "$out" "together/film.webm
together/film.mp4
together/sharp.mkv"
  as_alone film.webm film.mp4 sharp.mkv
  holds "the captions of both are there" cmp alone/film.vtt together/film.vtt
  rm together/*
done

# Pictures of one codec are coded once; another order makes no other films.
alone twin.mkv --sound aac
expect 0 greffe-compose "${small[@]}" "${shared[@]}" -o together/twin.mkv --sound aac --also together/film.webm "$id"
as_alone twin.mkv film.webm
# A film that is there gives its chunks, whichever of them it is.
expect 0 greffe-compose "${small[@]}" "${shared[@]}" -v -o together/film.webm --also together/film.mp4 "$id"
holds "what is there is not rendered: $err" has "$err" "0 of 4 chunks are rendered, 4 come"
holds "what is not is" has "$err" "4 of 4 chunks are rendered, 0 come"
as_alone film.webm film.mp4
rm together/*

# Copied frames in one, drawn ones in the other, and damage told once. Of pictures of this width libx264 makes other
# bytes, where it is let, when memory held other things before.
shared=(--size 320x240 --layout single --no-labels --no-highlights --captions track)
alone copied.webm --video vp8
alone drawn.mp4
expect 0 env MALLOC_PERTURB_=1 greffe-compose "${small[@]}" "${shared[@]}" --video vp8 -o together/copied.webm --also together/drawn.mp4 "$id"
as_alone copied.webm drawn.mp4
holds "one has copies" [ "$(stat -c %s together/copied.webm)" -gt 300000 ]
rm together/*

# Shares, and a run that is killed: what either left is taken up.
small+=(--size 160x90)
both=("${small[@]}" -o together/film.webm --also together/film.mp4)
expect 0 greffe-compose "${both[@]}" --chunk 2/2 "$id"
holds "each has its chunks" same "$out" "together/.film.webm.work
together/.film.mp4.work"
expect 1 greffe-compose "${both[@]}" --join "$id"
holds "what is missing is named" has "$err" "missing: 1, 2"
RANDOM=$$
signals="KILL TERM KILL"
[ -z "${GREFFE_SANITIZE:-}" ] || signals=TERM
for signal in $signals; do
  greffe-compose "${both[@]}" "$id" >/dev/null 2>&1 &
  sleep "0.$((RANDOM % 40 + 10))"
  kill -$signal $! 2>/dev/null
  wait $! 2>/dev/null
done
expect 0 greffe-compose "${both[@]}" --jobs 3 "$id"
as_alone film.webm film.mp4

# In an archive, where a path is not given; and with all voices as loud as each other.
expect 0 greffe-compose --progress none --fps 2 --size 160x90 --also vp9=not-kept.webm --also preservation "$id"
holds "the archive's film is in it" [ -s "$folder/renders/film-grid-160x90.webm" ]
holds "so is the other" [ -s "$folder/renders/film-grid-160x90-preservation.mkv.receipt.json" ]
holds "what has a path is there" [ -s not-kept.webm.receipt.json ]
holds "no chunks are left in the meeting folder" [ ! -e "$folder/renders/.work" ]
expect 0 greffe-verify files
expect 0 greffe-verify render "$folder/renders/film-grid-160x90-preservation.mkv.receipt.json"

# What cannot be is refused before anything is done.
no() {
  expect 2 greffe-compose "${small[@]}" -o no.webm "$@" "$id"
}
no --also no.webm
holds "two films of one name" has "$err" "two films of one name"
no --also ./no.webm
no --also a.mkv --also b.mkv --also c.mkv --also d.mkv
holds "how many are made at most" has "$err" "at most 4"
no --also vp9=no.mp4
no --also h265=no.mp4
holds "words that are none" has "$err" "h265=no.mp4"
no --also vp9+vp8=no.mkv
no --also film
no --also ''
no --also archive=
holds "nothing is left of what is refused" [ -z "$(ls -A | grep -F no.)" ]
exit $failed
