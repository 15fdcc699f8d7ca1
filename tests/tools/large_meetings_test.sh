#!/bin/bash
# Ingest of what is large: a day of sound and of video (R62), a crowd (R67), each in bounded memory; --jobs changes nothing.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin=$GREFFE_BUILD/bin
support=$GREFFE_SOURCE/tests/support
export GREFFE_ARCHIVE=$work/archive

MOST_KIB=$((100 * 1000))
ingest() { # SOURCE…: in $id and $folder, its memory checked
  expect 0 python3 "$support/peak_memory.py" "$work/peak" "$bin/greffe-ingest" -q --create "$@"
  id=$out folder=$(echo "$GREFFE_ARCHIVE"/meetings/*/*/*/"$out")
  # Sanitizers take memory of their own.
  [ -n "$GREFFE_SANITIZE" ] || holds "memory of $*: $(cat "$work/peak") KiB" [ "$(cat "$work/peak")" -lt $MOST_KIB ]
}
of_track() { # EXPRESSION over t, the sidecar of the meeting's only track
  python3 -c "import json, sys; t = json.load(open(sys.argv[1])); print($1)" "$folder"/tracks/*.track.json
}

# RTP time of 48 kHz goes once round in 24.9 hours, that of 90 kHz in 13.3. Sanitizers need not wait for that.
hours=25
[ -z "$GREFFE_SANITIZE" ] || hours=2
for track in "opus 60" "vp8 100"; do
  read -r codec step_ms <<<"$track"
  frames=$((hours * 3600 * 1000 / step_ms))
  python3 "$support/long_mjr.py" "$work/$codec.mjr" "$codec" $hours "$step_ms"
  ingest "$work/$codec.mjr"
  holds "$codec: every frame" same "$(of_track "t['frames']")" "$frames"
  holds "$codec: nothing lost, one clock" same "$(of_track "t['lost'], len(t['clock']['segments']), len(t['decodable_ns'])")" "0 1 1"
  holds "$codec: $hours hours" same "$(of_track "round((t['end_ns'] - t['start_ns']) / 1e9, 1)")" "$((hours * 3600)).0"
  holds "$codec: its sidecar is no burden" [ "$(du -k "$folder"/tracks/*.track.json | cut -f 1)" -lt 7000 ]
  if [ "$codec" = vp8 ]; then
    expect 0 python3 "$support/peak_memory.py" "$work/peak" "$bin/greffe-plan" -q "$id"
    [ -n "$GREFFE_SANITIZE" ] || holds "$codec: memory of a plan: $(cat "$work/peak") KiB" [ "$(cat "$work/peak")" -lt 60000 ]
  fi
  expect 0 "$bin/greffe-probe" --json "$work/$codec.mjr"
  holds "$codec: probe says so, too" has "$(python3 -c 'import json, sys; print(json.load(sys.stdin)["files"][0]["tracks"][0]["end_ms"])' <<<"$out")" \
    "$((hours * 3600 - 1))9"
  rm -rf "$GREFFE_ARCHIVE" "$work/$codec.mjr"
done

python3 "$support/crowd.py" "$GREFFE_SOURCE/tests/data/council_short" "$work/crowd" 100
ingest "$work/crowd"
holds "200 tracks" [ "$(find "$folder/tracks" -name '*.mkv' | wc -l)" -eq 200 ]
expect 0 "$bin/greffe-catalog" sql "SELECT count(*) FROM tracks"
holds "all in the catalog" has "$out" 200
expect 0 "$bin/greffe-plan" "$id"
holds "49 of them are seen at once" same "$(python3 -c 'import json, sys; print(max(len(s["tiles"]) for s in json.load(sys.stdin)["scenes"]))' <<<"$out")" 49
# R67: sounds of a hundred and pictures of 49 at once, with fewer files than that.
few_files() { (ulimit -n 32 && exec "$@"); }
expect 0 few_files python3 "$support/peak_memory.py" "$work/peak" "$bin/greffe-compose" -q --size 640x360 --fps 5 --video vp8 -o "$work/film.webm" "$id"
holds "R67: a film of a crowd with few files open" [ -s "$out" ]
[ -n "$GREFFE_SANITIZE" ] || holds "R67: its memory: $(cat "$work/peak") KiB" [ "$(cat "$work/peak")" -lt 200000 ]
for jobs in 1 3; do
  expect 0 "$bin/greffe-ingest" -q --archive "$work/archive-$jobs" --create --jobs $jobs "$work/crowd"
  holds "--jobs $jobs makes the same files" diff -rq "$GREFFE_ARCHIVE/meetings" "$work/archive-$jobs/meetings"
done
exit $failed
