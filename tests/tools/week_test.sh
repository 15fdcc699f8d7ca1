#!/bin/bash
# The weekly job of examples/cron: asks all three questions whatever the first says, tells what does not hold, and its
# units are as hardened as those of the night.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
. "$GREFFE_SOURCE/tests/support/units.sh"
for tool in greffe greffe-ingest greffe-verify greffe-catalog; do [ -x "$GREFFE_BUILD/bin/$tool" ] || exit 77; done
cron=$GREFFE_SOURCE/examples/cron
archive=$work/archive
export GREFFE_FIXITY_REPORTS=$work/reports
# week EXIT: one run that ends with that code.
week() { expect "$1" "$cron/greffe-fixity" "$archive"; }

expect 2 "$cron/greffe-fixity"
expect 2 "$cron/greffe-fixity" "$archive"
expect 0 greffe ingest -q --create --archive "$archive" "$GREFFE_SOURCE/tests/data/council_short"
id=$out
folder=$(find "$archive/meetings" -name "$id")
week 0
holds "nothing to mail" same "$out" ""
for verb in files catalog journal; do holds "$verb was asked" has "$err" "$verb: exit 0"; done
holds "reports are kept" same "$(find "$work/reports" -type f | wc -l)" 3
holds "it is remembered" [ -s "$archive/locks/fixity.json" ]

# A changed file, a row edited, a journal edited: each is mailed, and the others are asked all the same.
echo x >>"$folder/meeting.json"
week 5
holds "the file is in the mail" has "$out" "changed: "
holds "what to do is, too" has "$out" "Bring back"
holds "and in the log" has "$err" "changed: "
holds "the journal was asked all the same" has "$err" "journal: exit 0"
truncate -s -2 "$folder/meeting.json"
week 0
segment=$(find "$archive/journal" -name '*.jsonl')
cp "$segment" "$work/segment"
sed -i '1s/"outcome":"done"/"outcome":"gone"/' "$segment"
week 5
holds "the journal is in the mail" has "$out" "Do not repair the journal"
cp "$work/segment" "$segment"

# A graver code is not hidden by a lesser one.
mv "$archive/catalog.sqlite" "$work/catalog"
week 5
holds "a missing catalog is in the mail" has "$out" "missing-catalog"
mv "$work/catalog" "$archive/catalog.sqlite"
GREFFE_FIXITY_FILES="--sample 200" week 2
holds "a mistake in the options is told" has "$out" "files ended with 2"
mv "$archive/archive.json" "$work/archive.json"
week 7
mv "$work/archive.json" "$archive/archive.json"

# The last run is not over; a meeting is at work.
python3 - "$archive/locks/fixity.json.lock" "$cron/greffe-fixity" "$archive" <<'PY' >"$work/out" 2>"$work/err"
import fcntl, os, struct, subprocess, sys
lock = open(sys.argv[1], "a+b")
fcntl.fcntl(lock, 37, struct.pack("hhqqixxxx", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))  # F_OFD_SETLK
done = subprocess.run(sys.argv[2:], env={**os.environ, "GREFFE_FIXITY_FILES": "--lock-wait 0s"}, check=False)
sys.exit(0 if done.returncode == 6 else 1)
PY
holds "a run that is not over is exit 6" same $? 0

# The units: what the night's service takes away (SAFETY S7), the week's does, too.
hardened "$cron/greffe-fixity.service"
holds "the archive is read-only but for locks/" same "$(grep -E '^Read(Only|Write)Paths' "$cron/greffe-fixity.service")" \
  $'ReadOnlyPaths=/srv/archive\nReadWritePaths=/srv/archive/locks'
sound greffe-fixity

# The line of the crontab: quiet when all is well, the findings and the code when it is not.
line=$(crontab_line greffe-fixity)
export PATH=$cron:$PATH
expect 0 sh -c "$line"
holds "nothing is mailed" same "$out$err" ""
echo x >>"$folder/meeting.json"
expect 5 sh -c "$line"
holds "the finding is mailed" has "$out" "changed: "
exit $failed
