#!/bin/bash
# A film is rendered in chunks: the same bytes for any --jobs, after kills, from shares, and from a store that somebody
# changed. KILLS=4 (2 under a sanitizer): how often it is killed (SIGKILL and SIGTERM in turn) before it may finish.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin=$GREFFE_BUILD/bin
sample=$(samples_with council)/council || exit 77
cd "$work" || exit 1
# That bytes are the same is shown without sanitizers, for all these.
kills=${KILLS:-${GREFFE_SANITIZE:+2}}
kills=${kills:-4}
some_jobs=${GREFFE_SANITIZE:+3}
export GREFFE_ARCHIVE=$work/archive
expect 0 "$bin/greffe-ingest" -q --create "$sample/meeting.json"
id=$out
folder=$(echo archive/meetings/*/*/*/"$id")
film=(--fps 10 --layout speaker --video "${VIDEO:-vp9}")
compose() { "$bin/greffe-compose" -q --size 320x180 "${film[@]}" "$@" "$id"; }

expect 0 compose --jobs 1 -o whole.webm
holds "no chunks are left of a film that is done" [ ! -e .whole.webm.work ]
for jobs in ${some_jobs:-2 3 8}; do
  expect 0 compose --jobs $jobs --anew -o jobs.webm
  holds "--jobs $jobs: the same bytes" cmp whole.webm jobs.webm
done

expect 2 compose --chunk 1/3 --join -o shares.webm
holds "a share or the whole" has "$err" "one of them"

# A file that may not grow is a failed write, and the next run goes on.
(ulimit -f 20 && compose -o limited.webm 2>limit.txt)
holds "R77: a limit of sizes ends in peace" [ $? = 1 ]
holds "and is told" grep -q 'File too large' limit.txt
expect 0 compose -o limited.webm
holds "and what was done is of use" cmp whole.webm limited.webm

# Shares, the last first, as another scheduler would give them out.
expect 0 compose --chunk 3/3 -o shares.webm
expect 1 compose --join -o shares.webm
holds "what is missing is named" has "$err" "chunks these are missing: 1, 2"
holds "nothing is joined of some" [ ! -e shares.webm ]
expect 0 compose --chunk 2/3 -o shares.webm
expect 0 compose --chunk 1/3 -o shares.webm
# A chunk that is not what was written is rendered again.
chunk=$(find .shares.webm.work -name '000003-*.mkv')
holds "chunks are where they are said to be" [ -s "$chunk" ]
printf x | dd of="$chunk" bs=1 seek=2000 conv=notrunc status=none
expect 1 compose --join -o shares.webm
holds "the changed chunk is named" has "$err" "missing: 4;"
expect 0 compose -o shares.webm
holds "shares make the same bytes" cmp whole.webm shares.webm
expect 2 compose --chunk 4/3 -o shares.webm
expect 2 compose --chunk 2 -o shares.webm

# R79: killed at moments of no meaning, gone on each time.
RANDOM=$$
for ((kill = 0; kill < kills; ++kill)); do
  signal=$([ $((kill % 2)) = 0 ] && echo KILL || echo TERM)
  "$bin/greffe-compose" -q --size 320x180 "${film[@]}" --jobs $((1 + kill % 3)) --anew "$id" >/dev/null 2>&1 &
  pid=$!
  sleep "0.$((RANDOM % 90 + 10))"
  kill -$signal $pid 2>/dev/null
  wait $pid 2>/dev/null
  code=$?
  [ $code != 0 ] && [ $signal = TERM ] && holds "R79: exit $code after SIGTERM" [ $code = 143 ]
  # One that was done before it was killed stays, and stays whole.
  kept=$folder/renders/film-speaker-320x180.webm
  [ $code != 0 ] || holds "a film that is done is there" [ -e "$kept" ]
  [ ! -e "$kept" ] || holds "no film before it is whole" cmp whole.webm "$kept"
done
expect 0 "$bin/greffe-verify" files
expect 0 compose
kept=$out
holds "the same bytes after $kills kills" cmp whole.webm "$kept"
holds "no chunks are left in the meeting folder" [ ! -e "$folder/renders/.work" ]
expect 0 "$bin/greffe-verify" files

# What nobody wants to finish any more can be removed; another film's swap of the folder keeps it until then.
expect 0 "$bin/greffe-compose" -q --size 160x90 "${film[@]}" --chunk 1/2 "$id"
holds "chunks of a film in the archive lie in renders/.work" [ -d "$folder/renders/.work/film-speaker-160x90.webm" ]
expect 0 "$bin/greffe-catalog" edit "$id" --title "Another title"
holds "an edit keeps them" [ -d "$folder/renders/.work/film-speaker-160x90.webm" ]
expect 0 compose --clean
holds "--clean removes them" [ ! -e "$folder/renders/.work" ]
# Key frames that no decoder takes: what stands then is a picture of before, however far back, and however the film is
# cut into work. The damage told is the same, too.
python3 - "$folder"/tracks/*camera*.mkv <<'PY'
import sys
for name in sys.argv[1:]:
    data = bytearray(open(name, "rb").read())
    keys, at = [], -1
    while (at := data.find(b"\x9d\x01\x2a", at + 1)) >= 0:  # RFC 6386 §9.1
        keys.append(at)
    for at in keys[1::2]:
        data[at] = 0
    open(name, "wb").write(data)
    print(name, len(keys), "key frames")
PY
for jobs in 1 8; do
  expect 3 "$bin/greffe-compose" --progress none --size 320x180 "${film[@]}" --jobs $jobs -o refused-$jobs.webm "$id"
  echo "$err" >refused-$jobs.txt
done
holds "refused key frames: the same bytes" cmp refused-1.webm refused-8.webm
holds "refused key frames are told" has "$err" "undecodable-frame: "
holds "refused key frames: the same damage" diff refused-1.txt refused-8.txt
exit $failed
