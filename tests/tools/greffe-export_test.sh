#!/bin/bash
# greffe-export as a records officer runs it: bags, tars, folders and parts of meetings that others can check, byte for
# byte the same when made again, each in the register; and what stands in the way.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
bin=$GREFFE_BUILD/bin
export GREFFE_ARCHIVE=$work/archive
cd "$work" || exit 1
export=$bin/greffe-export
read_bag=$GREFFE_SOURCE/tests/support/read_bag.py
valid_json=$GREFFE_SOURCE/tests/support/valid_json.py
files_of() { (cd "$1" && find . -type f -not -path './renders/.work/*' -exec sha256sum {} + | sort -k2); }
folder_of() { echo "$GREFFE_ARCHIVE/meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1"; }
exports() { find "$GREFFE_ARCHIVE/exports" -name 'export-*.json' 2>/dev/null | wc -l; }
label() { grep -c "^$2: $3\$" "$1/bag-info.txt"; }
hidden() { find . -maxdepth 2 -name '.*.tmp' | wc -l; }

expect 7 "$export" 20261120 -o x
expect 0 "$bin/greffe-catalog" init --owner "Ville d'Exemple"
council=$("$bin/greffe-ingest" -q "$GREFFE_SOURCE/examples/samples/council")
voice=$("$bin/greffe-ingest" -q "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr")
mkdir -p "$(folder_of "$council")/renders/.work"
echo chunk >"$(folder_of "$council")/renders/.work/1"

# Nothing is made where the request makes no sense.
expect 2 "$export" "$council"
holds "a target is named" has "$err" "-o TARGET"
expect 2 "$export" -o x
expect 2 "$export" "$council" --query title:x -o x
expect 2 "$export" 19990101 -o x
expect 2 "$export" --query 'author:x' -o x
expect 2 "$export" --query @nobody -o x
expect 2 "$export" "$council" -o x --max-part 0
expect 2 "$export" "$council" -o x --date 2026-13-01
expect 2 "$export" "$council" -o x --format zip
expect 2 "$export" "$council" -o x --format folder --max-part 1G
expect 2 "$export" "$council" -o x --info Payload-Oxum=1.1
expect 2 "$export" "$council" -o x --info Greffe-Item=1
expect 2 "$export" "$council" -o x --info "Contact-Name"
expect 2 "$export" "$council" -o x --info $'Contact-Name=a\nBag-Count: 1 of 1'
expect 2 "$export" "$council" -o "$GREFFE_ARCHIVE/x"
expect 2 "$export" "$council" -o "$GREFFE_ARCHIVE/meetings/../x"
expect 1 "$export" "$council" -o ..
expect 1 "$export" "$council" -o nowhere/x
expect 1 "$export" --where "title = 'nothing'" -o x
holds "nothing was made, nothing registered" [ "$(exports)" = 0 ]

# A bag that others can check, with all that concerns its meetings.
expect 0 "$bin/greffe-retain" rules add "$GREFFE_SOURCE/examples/policy/ministry.json"
expect 0 "$bin/greffe-hold" place --matter "Dossier 12" --owner legal --reason secret --meeting "$voice" --confidential --start 2026-11-01
hold=$(tail -1 <<<"$out")
echo '{"Contact-Name": ["Amélie Roux", "Bruno"], "Organization-Address": "1 rue du Greffe"}' >labels.json
expect 0 "$export" "$council" "${voice:0:22}" -o bag --info-file labels.json --info "Contact-Phone=+33 1" --recipient "County archives" \
  --reason "transfer 14" --date 2026-11-20
holds "the path is the only line" same "$out" "$work/bag"
holds "sha512sum knows its payload" exits 0 env -C bag sha512sum --quiet -c manifest-sha512.txt
holds "and sha256sum" exits 0 env -C bag sha256sum --quiet -c manifest-sha256.txt
holds "and both its tag files" exits 0 env -C bag sha512sum --quiet -c tagmanifest-sha512.txt
holds "both" exits 0 env -C bag sha256sum --quiet -c tagmanifest-sha256.txt
holds "a second reading of the RFC finds it valid" exits 0 "$read_bag" bag
expect 0 "$export" check bag
holds "and ours" has "$out" "valid"
for meeting in "$council" "$voice"; do
  holds "the folder of $meeting is as it was" same "$(files_of "bag/data/$meeting")" "$(files_of "$(folder_of "$meeting")")"
  holds "its own manifest holds" exits 0 env -C "bag/data/$meeting" sha256sum --quiet -c manifest-sha256.txt
  holds "it is an item of the bag" [ "$(label bag Greffe-Item "$meeting")" = 1 ]
done
holds "chunks of films stay behind" [ ! -e "bag/data/$council/renders/.work" ]
holds "bagit.txt is to the byte what 1.0 wants" same "$(sha256sum <bag/bagit.txt)" \
  "$(printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | sha256sum)"
for line in "Source-Organization: Ville d'Exemple" "Contact-Name: Amélie Roux" "Contact-Name: Bruno" "Contact-Phone: +33 1" \
  "Organization-Address: 1 rue du Greffe" "External-Identifier: $council" "Bagging-Date: 2026-11-20" "Greffe-Holds: $hold"; do
  holds "bag-info.txt has \"$line\"" grep -qxF "$line" bag/bag-info.txt
done
for name in Payload-Oxum Bag-Size External-Description Internal-Sender-Identifier Greffe-Version Greffe-Tree-Head Greffe-Retention-End; do
  holds "bag-info.txt has $name" grep -q "^$name: ." bag/bag-info.txt
done
holds "papers are as their schemas say" python3 "$valid_json" bag/metadata/greffe.json bag/metadata/rules.json bag/metadata/holds.json
holds "the hold is named" grep -q "$hold" bag/metadata/holds.json
holds "what is confidential of it is not" [ -z "$(grep -rl secret bag/metadata bag/bag-info.txt)" ]
holds "lines of the journal are those of the archive" [ -z "$(grep -vxFf <(cat "$GREFFE_ARCHIVE"/journal/*.jsonl) bag/metadata/journal.jsonl)" ]
holds "both meetings were taken in" [ "$(grep -c '"action":"ingest"' bag/metadata/journal.jsonl)" -ge 2 ]
holds "no trace is left beside it" [ "$(hidden)" = 0 ]

# D10: in the register, which names recipient and digests; in the journal, which has no names.
expect 0 "$export" list --json
printf '%s\n' "$out" >list.json
holds "the register is as its schema says" python3 "$valid_json" list.json
holds "D10: the recipient is known" has "$out" '"recipient":"County archives"'
holds "D10: the digest is that of the last list" has "$out" "$(sha256sum <bag/tagmanifest-sha512.txt | cut -d' ' -f1)"
holds "the journal has no names" [ -z "$(grep -l County "$GREFFE_ARCHIVE"/journal/*.jsonl)" ]
expect 0 "$bin/greffe-catalog" sql "SELECT recipient, export FROM v_exports WHERE meeting = '$voice'"
holds "D10: the catalog has it" has "$out" "County archives"
expect 0 "$export" list --meeting "$council"
holds "and the list of one meeting" has "$out" "export-1"
expect 0 "$export" list --meeting 20200101-000000Z-0000000000
expect 2 "$export" list --meeting zzz
holds "of a meeting that was never exported there is none" same "$out" ""
expect 0 "$bin/greffe-verify" catalog
cp "$GREFFE_ARCHIVE/catalog.sqlite" before.sqlite
expect 0 "$bin/greffe-catalog" rebuild
expect 0 "$bin/greffe-verify" catalog
expect 0 "$bin/greffe-catalog" sql "SELECT recipient FROM v_exports"
holds "a rebuilt catalog has it again" has "$out" "County archives"

# A package is written once.
expect 1 "$export" "$council" -o bag
holds "what is there is named" has "$err" "is there already"
holds "and what to do about it" has "$err" "give another TARGET with -o"
touch file && expect 1 "$export" "$council" -o file
ln -s nowhere dangling && expect 1 "$export" "$council" -o dangling

# The same request gives the same bytes, whatever was exported, and in whatever place, meanwhile.
mkdir one two
for place in one two; do
  expect 0 env TZ=Pacific/Apia LC_ALL=C "$export" "$council" "$voice" -o $place/council.tar --date 2026-11-20 --recipient $place
  umask 077
done
umask 022
holds "a tar is the same each time" cmp -s one/council.tar two/council.tar
holds "the second reading opens the tar" exits 0 "$read_bag" one/council.tar
expect 0 "$export" check one/council.tar
tar -xf one/council.tar
holds "it has one folder, named as the file" [ -f council/bagit.txt ]
holds "what was unpacked holds" exits 0 "$export" check council
holds "entries are sorted" same "$(tar -tf one/council.tar)" "$(tar -tf one/council.tar | LC_ALL=C sort)"
holds "and bear neither owner nor clock" [ -z "$(tar --numeric-owner --utc -tvf one/council.tar | grep -v ' 0/0 .* 2026-11-20 00:00 ')" ]
expect 0 "$export" --where "title = 'Council'" -o third --tar
holds "--tar adds the ending" [ -f third.tar ]

# By the same words as a hold, saved ones too.
expect 0 "$bin/greffe-catalog" query save mine --query 'title:council'
expect 0 "$export" --query @mine -o saved
holds "the query found one" same "$(ls saved/data)" "$council"

# A plain folder.
expect 0 "$export" "$voice" -o plain --format folder
holds "all is in one manifest" exits 0 env -C plain sha256sum --quiet -c manifest-sha256.txt
holds "and nothing else is there" same "$(cd plain && find . -type f | grep -v '^./manifest' | sort)" \
  "$(cut -c67- plain/manifest-sha256.txt | sed 's|^|./|' | sort)"
holds "with an index" python3 "$valid_json" plain/index.json
expect 0 "$export" "$voice" -o plain2.tar --format folder
holds "or in a tar" same "$(tar -tf plain2.tar | tail -1)" "plain2/manifest-sha256.txt"

# Parts, each a bag by itself.
for kind in "" --tar; do
  # shellcheck disable=SC2086
  expect 0 "$export" --where 1 -o "parts$kind" --max-part 2M $kind
  holds "a join note is there" [ -f "parts$kind/JOIN.txt" ]
  rm -rf joined && mkdir joined
  count=$(find "parts$kind" -mindepth 1 -maxdepth 1 -name 'parts*' | wc -l)
  holds "there are several parts" [ "$count" -gt 2 ]
  for part in "parts$kind"/parts*; do
    expect 0 "$export" check "$part"
    holds "the second reading of $part" exits 0 "$read_bag" "$part"
    holds "$part is not larger" [ "$(du -sb --apparent-size "$part" | cut -f1)" -le 2100000 ]
    [ -f "$part" ] && holds "$part is not larger" [ "$(stat -c %s "$part")" -le 2000000 ]
    [ -f "$part" ] && tar -xf "$part" && part=$(basename "$part" .tar)
    holds "$part says which it is" grep -qE "^Bag-Count: [0-9]+ of $count\$" "$part/bag-info.txt"
    cp -R "$part/data/." joined/
  done
  for meeting in "$council" "$voice"; do
    holds "joined, $meeting is as it was" same "$(files_of "joined/$meeting")" "$(files_of "$(folder_of "$meeting")")"
  done
done
# The note is true of any name.
mkdir -- "-q my"
named="./-q my/-q \"parts\" \$x's"
expect 0 "$export" "$council" -o "$named" --max-part 2M --tar
grep '^    ' "$named/JOIN.txt" | grep -v 'check PART' >join.sh
holds "its lines run in a shell" exits 0 env -C "$named" sh -e "$PWD/join.sh"
holds "and join what was parted" same "$(files_of "$named/joined/$council")" "$(files_of "$(folder_of "$council")")"
holds "all are of one group" [ "$(cat parts-*-of-*/bag-info.txt | grep -c '^Bag-Group-Identifier')" -gt 2 ]
holds "of one name" [ "$(cat parts--tar-*-of-*/bag-info.txt | grep '^Bag-Group-Identifier' | sort -u | wc -l)" = 1 ]
before=$(exports)
expect 1 "$export" "$council" -o small --max-part 100k
holds "files that fit into no part are named before anything is written" has "$err" "videoroom"
holds "nothing is there" [ ! -e small ]

# What is not what its manifest says is named, and there is no bag.
broken=$(folder_of "$voice")
cp -a "$broken" kept
file=$(cd "$broken" && ls dumps/* | head -1)
size=$(stat -c %s "$broken/$file")
spoil() { chmod u+w "$broken/$1" && printf 'x' | dd of="$broken/$1" bs=1 seek="${2:-7}" conv=notrunc status=none; }
spoil "$file"
chmod u+w "$broken/meeting.json" && sed -i 's/"meeting 2/"Meeting 2/' "$broken/meeting.json"
expect 5 "$export" "$council" "$voice" -o broken.tar
holds "the file is named" has "$err" "$file"
holds "the other one, too" has "$err" "meeting.json"
rm -rf "$broken" && cp -a kept "$broken"
spoil "$file"
expect 5 "$export" "$council" "$voice" -o broken
holds "a byte of a dump is found" has "$err" "changed: meetings/"
truncate -s $((size - 1)) "$broken/$file"
expect 5 "$export" "$voice" -o broken
holds "a shorter file is found" has "$err" "$file"
truncate -s $((size + 1)) "$broken/$file"
expect 5 "$export" "$voice" -o broken
rm "$broken/$file"
expect 5 "$export" "$voice" -o broken
holds "a missing file is named" has "$err" "missing: meetings/"
ln -s /etc/passwd "$broken/$file"
expect 5 "$export" "$voice" -o broken
holds "a link is not followed" has "$err" "link: meetings/"
rm -rf "$broken" && cp -a kept "$broken"
echo more >"$broken/reports/more.txt"
expect 5 "$export" "$voice" -o broken
holds "a file that no manifest names is named" has "$err" "orphan: meetings/"
rm -rf "$broken" && cp -a kept "$broken"
holds "nothing is there" [ ! -e broken ]
holds "nothing is there" [ ! -e broken.tar ]
holds "nothing hidden either" [ "$(hidden)" = 0 ]
holds "nothing was registered" [ "$(exports)" = "$before" ]

# No room is told before anything is written or read.
if truncate -s 8T "$broken/dumps/huge.mjr" 2>/dev/null; then
  chmod u+w "$broken/manifest-sha256.txt"
  printf '%064d  dumps/huge.mjr\n' 0 >>"$broken/manifest-sha256.txt"
  expect 1 "$export" "$voice" -o huge.tar
  holds "both numbers are told" grep -qE "needs 87960[0-9]{8} bytes, [0-9]+ are free; nothing was written" <<<"$err"
  expect 1 "$export" "$voice" -o huge --max-part 1G
  holds "what fits into no part is told, too" has "$err" "huge.mjr"
fi
rm -rf "$broken" && cp -a kept "$broken"
holds "nothing is there" [ ! -e huge ]
holds "nothing is there" [ ! -e huge.tar ]
holds "nothing is there" [ "$(hidden)" = 0 ]

# Two at once to one place: one package, one line in the register.
before=$(exports)
for _ in 1 2 3; do "$export" "$voice" -o raced >/dev/null 2>&1 & done
wait
holds "one of them made it" exits 0 "$read_bag" raced
holds "and entered it" [ "$(exports)" = $((before + 1)) ]

# A journal that was changed proves nothing.
cp -a "$GREFFE_ARCHIVE/journal" journal.kept
sed -i '1s/"uid":[0-9]*/"uid":4242/' "$GREFFE_ARCHIVE"/journal/*.jsonl
expect 5 "$export" "$voice" -o broken
rm -rf "$GREFFE_ARCHIVE/journal" && mv journal.kept "$GREFFE_ARCHIVE/journal"

# Somebody has the meeting.
python3 - "$GREFFE_ARCHIVE/locks/$voice" "$export" "$voice" <<'PY' || failed=1
import fcntl, struct, subprocess, sys
with open(sys.argv[1], "a+") as lock:
    fcntl.fcntl(lock, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK
    run = subprocess.run([sys.argv[2], "--lock-wait", "200ms", sys.argv[3], "-o", "busy"], capture_output=True, text=True)
    if run.returncode != 6:
        sys.exit(f"FAIL: a meeting that somebody changes: exit {run.returncode} {run.stderr}")
PY
holds "nothing is there" [ ! -e busy ]

# With a checkpoint, proofs go along that hold by themselves.
openssl genpkey -algorithm ed25519 -out key.pem 2>/dev/null && chmod 600 key.pem
expect 0 "$bin/greffe-catalog" key new key.pem
expect 0 env GREFFE_KEY="$work/key.pem" "$bin/greffe-catalog" checkpoint
expect 0 "$export" "$council" -o proven
holds "a second reading" exits 0 "$read_bag" proven
holds "the checkpoint is one of the archive's" [ -n "$(find "$GREFFE_ARCHIVE/journal/checkpoints" -name '*.checkpoint' -exec cmp -s {} proven/metadata/checkpoint.txt \; -print)" ]
while read -r proof; do
  printf '%s\n' "$proof" >proof.json
  expect 0 "$bin/greffe-verify" proof proof.json --key "$GREFFE_ARCHIVE"/keys/*.vkey
done <proven/metadata/proofs.jsonl
holds "each line has its proof" [ "$(wc -l <proven/metadata/proofs.jsonl)" = "$(wc -l <proven/metadata/journal.jsonl)" ]
holds "a checkpoint is what the label says" grep -q "^Greffe-Tree-Head: $(sed -n 2p proven/metadata/checkpoint.txt) " proven/bag-info.txt

# Handed over with rclone, where there is one: sent once, checked by its bytes, nothing overwritten.
hand_over=$GREFFE_SOURCE/examples/rclone-export.sh
holds "the example is a script" sh -n "$hand_over"
expect 2 "$hand_over"
if command -v rclone >/dev/null; then
  export HOME=$work OUTBOX=$work/outbox NAME=sent
  mkdir remote outbox
  for _ in 1 2; do expect 0 "$hand_over" "$work/remote" "$voice"; done
  holds "it arrived" exits 0 "$read_bag" remote/sent
  before=$(exports)
  echo other >"remote/sent/bagit.txt"
  expect 5 "$hand_over" "$work/remote" "$voice"
  holds "nothing was overwritten" same "$(cat remote/sent/bagit.txt)" other
  holds "nothing was exported again" [ "$(exports)" = "$before" ]
  NAME=unsent expect 2 "$hand_over" "$work/remote" nonsense
fi

expect 0 "$bin/greffe-verify" catalog
expect 0 "$bin/greffe-verify" journal
exit $failed
