#!/bin/bash
# greffe-verify files: every way in which a file can be otherwise is found and named, nothing is changed; runs that go on
# from night to night, are stopped, or cannot write.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
export GREFFE_ARCHIVE=$work/archive
verify=$GREFFE_BUILD/bin/greffe-verify
valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }
kept() { rm -rf "$work/kept" && cp -a "$GREFFE_ARCHIVE" "$work/kept"; }
back() { chmod -R u+w "$GREFFE_ARCHIVE" && rm -rf "$GREFFE_ARCHIVE" && cp -a "$work/kept" "$GREFFE_ARCHIVE"; }
# found LINE…: exit 5, these lines of findings and no others.
found() {
  expect 5 "$verify" files
  holds "it finds $*" same "$(grep -v -e ' MB in ' -e '^does not hold' <<<"$out" | cut -d: -f1,2 | LC_ALL=C sort)" \
    "$(printf '%s\n' "$@" | LC_ALL=C sort)"
}
# everything FOLDER: names, sizes, modes and bytes.
everything() { (cd "$1" && find . -printf '%p %y %s %m %l\n' | LC_ALL=C sort && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

# Four meetings, whose recordings lack other packets.
expect 7 "$verify" files
for day in 1 2 3 4; do
  cp -r "$GREFFE_SOURCE/tests/data/council_short" "$work/council"
  python3 "$GREFFE_SOURCE/tests/support/lose_packets.py" "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr" \
    "$work/council/bruno-audio.mjr" 0.05 1 "$day" >/dev/null
  greffe-ingest -q --create --start "2026-11-0${day}T08:00:00Z" "$work/council" >>"$work/ids" 2>/dev/null || [ $? -eq 3 ] ||
    fail "ingest"
  rm -r "$work/council"
done
mapfile -t ids <"$work/ids"
place=meetings/2026/11/01/${ids[0]}
folder=$GREFFE_ARCHIVE/$place
dump=$(cd "$folder" && ls dumps/*.mjr | head -1)
track=$(cd "$folder" && ls tracks/*.mkv | head -1)
mkdir -p "$folder/renders/.work" && echo chunk >"$folder/renders/.work/000.part"
kept

everything "$GREFFE_ARCHIVE" >"$work/before"
expect 0 "$verify" files
holds "all meetings hold" has "$out" "4 meetings"
holds "it says so" has "$out" "holds"
everything "$GREFFE_ARCHIVE" >"$work/after"
holds "nothing is changed" cmp -s "$work/before" "$work/after"
expect 0 "$verify" files --json
cp "$work/out" "$work/report.json"
holds "the report holds to its schema" valid "$work/report.json"
expect 0 "$verify" files --jobs 4
holds "with four jobs, too" has "$out" "4 meetings"
expect 2 "$verify" files 1999
expect 2 "$verify" files 20261
expect 2 "$verify" files --bwlimit fast
expect 2 "$verify" files --sample 0
expect 2 "$verify" files --older-than 24h

# What cannot be asked about disposals hides nothing that was found.
echo more >>"$folder/meeting.json"
rm -rf "$GREFFE_ARCHIVE/disposals" && : >"$GREFFE_ARCHIVE/disposals"
expect 5 "$verify" files "${ids[0]}"
holds "a change is found without disposals" has "$out" "changed"
expect 1 "$verify" files
holds "what cannot be read is named" has "$err" disposals
back

# Every kind of file, in every way.
for file in "$dump" "$track" meeting.json; do
  size=$(stat -c %s "$folder/$file")
  python3 - "$folder/$file" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(-1, 2)
    byte = file.read(1)[0]
    file.seek(-1, 2)
    file.write(bytes([byte ^ 1]))
PY
  found "changed: $place/$file"
  holds "the length is told" has "$out" "$size bytes of SHA-256"
  back
  truncate -s -1 "$folder/$file"
  found "changed: $place/$file"
  back
  : >"$folder/$file"
  found "changed: $place/$file"
  back
  rm "$folder/$file"
  found "missing: $place/$file"
  back
  mv "$folder/$file" "$work/elsewhere" && ln -s "$work/elsewhere" "$folder/$file"
  found "link: $place/$file"
  holds "a link is not followed" has "$out" "not followed"
  back
  rm "$folder/$file" && mkfifo "$folder/$file"
  found "unreadable: $place/$file"
  back
  mv "$folder/$file" "$folder/$file.old"
  found "missing: $place/$file" "orphan: $place/$file.old"
  back
done
echo more >"$folder/tracks/new.txt"
found "orphan: $place/tracks/new.txt"
ln -s /etc/passwd "$folder/tracks/link"
found "link: $place/tracks/link" "orphan: $place/tracks/new.txt"
expect 5 "$verify" files --json
cp "$work/out" "$work/report.json"
holds "findings hold to the schema" valid "$work/report.json"
back
mv "$folder/dumps" "$work/dumps" && ln -s "$work/dumps" "$folder/dumps"
expect 5 "$verify" files
holds "a linked folder is not gone into (R70)" has "$out" "missing: $place/$dump"
holds "it is named" has "$out" "link: $place/dumps"
back && rm -rf "$work/dumps"
rm "$folder/manifest-sha256.txt"
found "no-manifest: $place/manifest-sha256.txt"
back
echo nonsense >>"$folder/manifest-sha256.txt"
found "no-manifest: $place/manifest-sha256.txt"
back
mv "$folder/manifest-sha256.txt" "$work/manifest" && ln -s "$work/manifest" "$folder/manifest-sha256.txt"
found "no-manifest: $place/manifest-sha256.txt"
back
# Among the meetings: a file, a folder that is none, a meeting that is a link.
echo x >"$GREFFE_ARCHIVE/meetings/2026/notes.txt"
mkdir "$GREFFE_ARCHIVE/meetings/2026/11/01/backup"
mv "$GREFFE_ARCHIVE/meetings/2026/11/02/${ids[1]}" "$work/moved"
ln -s "$work/moved" "$GREFFE_ARCHIVE/meetings/2026/11/02/${ids[1]}"
found "orphan: meetings/2026/notes.txt" "orphan: meetings/2026/11/01/backup" "link: meetings/2026/11/02/${ids[1]}"
expect 0 "$verify" files "${ids[0]}"
back && rm -rf "$work/moved"
if [ "$(id -u)" -ne 0 ]; then
  chmod 0 "$folder/$track"
  found "unreadable: $place/$track"
  back
fi

# A name that would do things to a terminal.
touch "$folder/$(printf 'a\033[2Jb')"
expect 5 "$verify" files
holds "control characters are escaped" has "$out" '\u{1b}'
back

# From night to night: the oldest first.
night() { local time=$1 code=$2; shift 2; expect "$code" "$verify" files --resume --as-of "$time" --json "$@"; }
value() { python3 -c 'import json, sys; print(eval("d" + sys.argv[2], {"d": json.load(open(sys.argv[1]))}))' "$work/out" "$1"; }
times() { python3 -c 'import json; [print(m["id"][:8], m["verified_utc"][8:10], m["findings"]) for m in json.load(open("'"$GREFFE_ARCHIVE"'/locks/fixity.json"))["meetings"]]'; }
night 2026-11-20T02:00:00Z 0 --sample 50
holds "half of them" same "$(value '["meetings"]')" 2
night 2026-11-21T02:00:00Z 0 --sample 50
holds "then the other half" same "$(times | cut -d' ' -f2 | tr '\n' ' ')" "20 20 21 21 "
night 2026-11-22T02:00:00Z 0 --sample 1
holds "at least one, the oldest" same "$(times | cut -d' ' -f2 | tr '\n' ' ')" "22 20 21 21 "
night 2026-11-22T03:00:00Z 0 --older-than 36h
holds "what is fresh is left out" same "$(value '["meetings"]')" 1
holds "the records hold to their schema" valid "$GREFFE_ARCHIVE/locks/fixity.json"
night 2026-11-23T02:00:00Z 0 --limit-time 0s
holds "no time: nothing is begun" same "$(value '["meetings"]') $(value '["left"]')" "0 4"

# A finding stands until the meeting was verified again.
echo more >"$folder/tracks/new.txt"
night 2026-11-24T02:00:00Z 5
rm "$folder/tracks/new.txt"
night 2026-11-25T02:00:00Z 0 "${ids[1]}"
night 2026-11-25T03:00:00Z 5 --limit-time 0s
holds "it stands" same "$(value '["standing"][0]["meeting"]')" "${ids[0]}"
holds "it holds to the schema" valid "$work/out"
night 2026-11-26T02:00:00Z 0
holds "and is gone" same "$(value '["standing"]')" "[]"

# A folder that was there the last time.
mv "$GREFFE_ARCHIVE/meetings/2026/11/03/${ids[2]}" "$work/gone"
night 2026-11-27T02:00:00Z 5
holds "a folder that is gone is found" same "$(value '["findings"][0]["reason"]') $(value '["findings"][0]["place"]')" \
  "missing meetings/2026/11/03/${ids[2]}"
mv "$work/gone" "$GREFFE_ARCHIVE/meetings/2026/11/03/${ids[2]}"

# Records that cannot be read, and a night that has not ended.
echo '{' >"$GREFFE_ARCHIVE/locks/fixity.json"
night 2026-11-28T02:00:00Z 3
holds "broken records are told" has "$err" "unreadable-state"
night 2026-11-28T03:00:00Z 0
exec 8>"$GREFFE_ARCHIVE/locks/fixity.json.lock"
python3 -c "
import fcntl, os, struct, time
lock = struct.pack('hhqqixxxx', fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
fcntl.fcntl(8, 37, lock)  # F_OFD_SETLK
"
expect 6 "$verify" files --resume --lock-wait 0s
exec 8>&-

# Stopped in the middle: what was verified is remembered, the next run goes on with the rest.
rm "$GREFFE_ARCHIVE/locks/fixity.json"
bytes=$(find "$folder" -type f -printf '%s\n' | awk '{ s += $1 } END { print s }')
"$verify" files --resume --json --bwlimit "$bytes" --as-of 2026-12-01T02:00:00Z >"$work/out" 2>"$work/err" &
job=$!
sleep 2.5
kill -TERM $job
wait $job
code=$?
holds "a stop is told by the exit code" same "$code" 143
holds "and in the report" same "$(value '["interrupted"]')" True
verified=$(value '["meetings"]')
holds "some were verified ($verified), some not" [ "$verified" -ge 1 -a "$verified" -le 3 ]
holds "those are remembered" same "$(times | wc -l)" "$verified"
night 2026-12-01T03:00:00Z 0 --older-than 12h
holds "the rest follows" same "$(value '["meetings"]')" "$((4 - verified))"
"$verify" files --resume --bwlimit "$((bytes / 2))" >/dev/null 2>&1 &
job=$!
sleep 0.5
kill -KILL $job
wait $job 2>/dev/null
night 2026-12-02T03:00:00Z 0
holds "after a kill all is verified again" same "$(value '["meetings"]')" 4

# --bwlimit keeps to its rate: four meetings at twice one meeting's bytes a second.
start=$(date +%s%N)
expect 0 "$verify" files --bwlimit "$((bytes * 2))" --jobs 2
took=$((($(date +%s%N) - start) / 1000000))
holds "the rate is kept ($took ms)" [ "$took" -ge 1500 ]

# An archive that nobody can write to. Root writes everywhere: there the mode is only a mode.
chmod -R a-w "$GREFFE_ARCHIVE"
expect 0 "$verify" files
expect 0 "$verify" files --state "$work/state.json"
[ "$(id -u)" -eq 0 ] || expect 1 "$verify" files --resume
chmod u+w "$folder" && echo x >"$folder/new" && chmod a-w "$folder"
found "orphan: $place/new"
back

# Under somebody else's lock a finding may be work in progress.
echo x >"$folder/new"
exec 8>"$GREFFE_ARCHIVE/locks/${ids[0]}"
python3 -c "
import fcntl, os, struct
fcntl.fcntl(8, 37, struct.pack('hhqqixxxx', fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
"
expect 3 "$verify" files --lock-wait 0s
holds "a meeting at work is told" has "$err" "busy-meeting"
exec 8>&-
found "orphan: $place/new"
exit $failed
