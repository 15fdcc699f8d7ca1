#!/bin/bash
# Disposal from the rule to the certificate, as a records officer runs it: who may approve, what is decided again, what
# comes back, what stays and what does not (RETENTION 5).
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
# libfaketime and a sanitizer's runtime wait for each other now and then; disposal_race_test runs the same code there.
[ -z "${GREFFE_SANITIZE:-}" ] || exit 77
retain=$GREFFE_BUILD/bin/greffe-retain
export GREFFE_ARCHIVE=$work/archive
unset SUDO_USER
valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }
# later DAYS COMMAND…: that many days from now. anna COMMAND…: by another person.
later() { local days=$1 && shift && faketime -f "$(printf "%+d" "$days")d" "$@"; }
anna() { SUDO_USER=anna "$@"; }
# meeting ID TITLE CLASS DUMP: a meeting folder as ingest leaves one, without media.
meeting() {
  local folder=$GREFFE_ARCHIVE/meetings/${1:0:4}/${1:4:2}/${1:6:2}/$1
  mkdir -p "$folder/dumps" "$folder/captions"
  echo "$4" >"$folder/dumps/a.mjr"
  echo '{"schema": "greffe.cues/1", "cues": [{"start_ms": 0, "end_ms": 900, "speaker": "Zuleika", "text": "the quokka stays secret"}]}' >"$folder/captions/cues.json"
  cat >"$folder/meeting.json" <<JSON
{"schema": "greffe.meeting/1", "id": "$1", "title": "$2", "start": "${1:0:4}-${1:4:2}-${1:6:2}T22:30:00Z",
 "end_ns": 3600000000000, "origin": "janus", "class": "$3",
 "participants": [{"id": "a", "name": "Zuleika", "tracks": []}], "transcripts": [], "witnesses": []}
JSON
  (cd "$folder" && LC_ALL=C find dumps captions meeting.json -type f | LC_ALL=C sort | xargs sha256sum >manifest-sha256.txt)
}
# rules FILE: stored and in force at once.
rules() {
  local version digest
  version=$("$retain" rules add "$1") || return 1
  digest=$("$retain" --json rules diff "$version" | python3 -c 'import json,sys; print(json.load(sys.stdin)["digest"])')
  "$retain" rules activate "$version" --diff "$digest" --reason test >/dev/null
}
# digest LIST: by an independent reading of RFC 8785 for what a list holds.
digest() {
  python3 -c 'import hashlib,json,sys
print(hashlib.sha512(json.dumps(json.load(open(sys.argv[1])),sort_keys=True,separators=(",",":"),ensure_ascii=False).encode()).hexdigest())' \
    "$GREFFE_ARCHIVE/disposals/$1/list.json"
}
# carry VERB DAYS [LIST]: simulates, then does it.
carry() {
  local planned
  planned=$(later "$2" "$retain" "$1" ${3:+"$3"} --digest) && later "$2" "$retain" "$1" ${3:+"$3"} --apply "$planned"
}
codes() { awk '/^disposal-/ {print substr($2, 1, 8) "=" $3}' | paste -sd' '; }

greffe-catalog init >/dev/null
for day in 1 2 3 4 5; do meeting 2021022$day-223000Z-012345678$day "Xylophone $day" council "dump $day"; done
meeting 20210226-223000Z-0123456786 'Xylophone 6' team 'dump 3'
greffe-catalog rebuild >/dev/null 2>&1
openssl genpkey -algorithm ed25519 -out "$work/key.pem" 2>/dev/null
openssl genpkey -algorithm ed25519 -out "$work/other.pem" 2>/dev/null
public=$(openssl pkey -in "$work/key.pem" -pubout | sed -n 2p)
cat >"$work/rules.json" <<JSON
{"notice_days": 0, "cooling_days": 0, "approver_keys": [{"name": "archives", "public_key": "$public"}],
 "rules": [{"id": "council", "level": "default", "classes": ["council"], "duration": "P5Y", "final_action": "destroy"}]}
JSON
rules "$work/rules.json"

# D1: a list, frozen, without words.
expect 2 "$retain" propose
expect 4 "$retain" propose --all --max-items 4
holds "D4: a threshold is named" has "$err" OVER_THRESHOLD
holds "D4: nothing was proposed" test ! -e "$GREFFE_ARCHIVE/disposals"
expect 0 "$retain" propose --class council
list=$out
holds "D1: the list holds to its schema" valid "$GREFFE_ARCHIVE/disposals/$list/list.json"
digest=$(digest "$list")
holds "D1: its digest is SHA-512 of the canonical JSON" has "$err" "$digest"
holds "D13: a list has no title and no name" test -z "$(grep -riE 'xylophone|zuleika' "$GREFFE_ARCHIVE/disposals")"
expect 0 "$retain" propose --class council
holds "D1: what is proposed is not proposed again" same "$(find "$GREFFE_ARCHIVE/disposals" -name list.json | wc -l)" 1
expect 0 "$retain" plan
holds "R13: the plan tells" has "$out" PROPOSED

# D2: the visa.
expect 4 "$retain" apply "$list" --apply "$(printf '%064d' 0)"
holds "D2: without a visa nothing goes" has "$err" NO_APPROVAL
expect 4 "$retain" approve "$list" --digest "$digest" --accept-all
holds "D2: not by who proposed it" has "$err" SAME_PERSON
expect 4 anna "$retain" approve "$list" --digest "${digest//[0-4]/5}" --accept-all
holds "D2: not of another list" has "$err" OTHER_LIST
expect 2 anna "$retain" approve "$list" --digest "$digest"
expect 4 anna "$retain" approve "$list" --digest "$digest" --accept-all --valid-until 2020-01-01
holds "D2: not out of date" has "$err" APPROVAL_EXPIRED
expect 0 anna "$retain" approve "$list" --digest "$digest" --accept-all --write-visa "$work/visa.json"
openssl pkeyutl -sign -rawin -inkey "$work/other.pem" -in "$work/visa.json" -out "$work/other.sig"
openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/visa.json" -out "$work/visa.sig"
expect 4 anna "$retain" approve "$list" --visa "$work/visa.json" --signature "$work/other.sig"
holds "D2: not with another key" has "$err" BAD_SIGNATURE
sed 's/"accept"/"refuse"/' "$work/visa.json" >"$work/changed.json"
expect 4 anna "$retain" approve "$list" --visa "$work/changed.json" --signature "$work/visa.sig"
holds "D2: nothing was recorded" test ! -e "$GREFFE_ARCHIVE/disposals/$list/visa-1.json"
expect 0 anna "$retain" approve "$list" --digest "$digest" --accept-all --refuse 20210222 \
  --defer 20210223="$(date -d '+60 days' +%F)" --remark 'still asked for'
expect 0 anna "$retain" approve "$list" --digest "$digest" --accept-all --refuse 20210222 \
  --defer 20210223="$(date -d '+60 days' +%F)" --remark 'still asked for'
holds "D2: the same visa again is the same" test ! -e "$GREFFE_ARCHIVE/disposals/$list/visa-2.json"
holds "D2: a visa holds to its schema" valid "$GREFFE_ARCHIVE/disposals/$list/visa-1.json"

# T6: a clock that cannot be believed.
for clock in '1970-01-02 00:00:00' '2099-01-01 00:00:00'; do
  for verb in 'propose --all' "approve $list --digest $digest --accept-all" "apply $list" purge; do
    SUDO_USER=anna expect 4 faketime "$clock" "$retain" $verb
    holds "T6: $verb at $clock" has "$err" CLOCK_REFUSED
  done
done
expect 4 later -1 "$retain" purge
expect 4 later 36 "$retain" purge

# D4: simulated, decided again, and what changed stays.
expect 0 "$retain" apply "$list"
holds "D4: what would go, and why the rest would not" same "$(codes <<<"$out")" \
  '20210221=TO_TRASH 20210222=REFUSED 20210223=DEFERRED 20210224=TO_TRASH 20210225=TO_TRASH'
planned=$("$retain" apply "$list" --digest)
greffe-catalog edit 20210225 --title 'Xylophone five' >/dev/null
expect 4 "$retain" apply "$list" --apply "$planned"
holds "D4: a simulation that holds no more" has "$err" CHANGED
expect 4 "$retain" apply "$list" --apply "$("$retain" apply "$list" --digest)" --max-bytes 1
expect 3 "$retain" --json apply "$list" --apply "$("$retain" apply "$list" --digest)"
valid "$work/out" || failed=1
holds "D4: a changed line is skipped with its code" has "$out" '"code":"CHANGED"'
holds "D6: in the trash" same "$(ls "$GREFFE_ARCHIVE/trash" | wc -l)" 2
expect 2 greffe-catalog edit 20210221 --title 'no more'
holds "D6: what is in the trash is not changed" has "$err" restore
expect 0 "$retain" purge
holds "D6: not before its grace is over" same "$(codes <<<"$out")" \
  '20210221=IN_GRACE 20210222=REFUSED 20210223=DEFERRED 20210224=IN_GRACE 20210225=APPROVED'
expect 0 greffe-verify catalog
expect 0 greffe-verify files
expect 0 greffe-catalog rebuild
expect 0 greffe-verify catalog

# D6, H6: back by a person, or by a hold.
expect 2 "$retain" restore 20210221
expect 0 "$retain" restore 20210221 --reason 'asked for'
expect 2 "$retain" restore 20210222 --reason 'asked for'
holds "D6: it is back" test -d "$GREFFE_ARCHIVE/meetings/2021/02/21/20210221-223000Z-0123456781"
expect 0 greffe-hold place --matter M --owner legal --reason r --query title:xylophone
holds "H6: a hold brings back what it covers" test -d "$GREFFE_ARCHIVE/meetings/2021/02/24/20210224-223000Z-0123456784"
holds "H6: and cancels what was approved" has "$(cat "$GREFFE_ARCHIVE/disposals/$list/closed.json")" '"outcome": "cancelled"'
hold=$(greffe-hold list | awk '/^hold-/ {print $1}')
expect 0 anna greffe-hold release "$hold" --reason over
expect 0 "$retain" plan
holds "H8: the clock has run on" has "$out" DUE

# A second list: to its end. D10: what was exported before.
greffe-export -q --format bagit --recipient 'Archives X' --reason r -o "$work/bag" 20210224 >/dev/null
expect 0 later 1 "$retain" propose --class council
list=$out
holds "H6: what was refused is not proposed by itself, what was deferred not yet" same \
  "$(grep -c '"meeting"' "$GREFFE_ARCHIVE/disposals/$list/list.json")" 3
digest=$(digest "$list")
SUDO_USER=anna expect 0 later 1 "$retain" approve "$list" --digest "$digest" --accept-all
expect 0 carry apply 1 "$list"
cp -r "$GREFFE_ARCHIVE/trash/20210224-223000Z-0123456784" "$work/kept"
expect 0 carry purge 32
holds "D6: gone after its grace" test -z "$(ls "$GREFFE_ARCHIVE/trash")"
stone=$GREFFE_ARCHIVE/disposals/$list/lines/20210224-223000Z-0123456784.tombstone.json
for file in "$stone" "$GREFFE_ARCHIVE/disposals/$list"/{certificate-1,closed}.json; do
  holds "D12, D13: ${file##*/} holds to its schema" valid "$file"
done
holds "D13: the salt is dead" test -z "$(find "$GREFFE_ARCHIVE/disposals" -name '*224-*.salt' -o -name '*225-*.salt')"
holds "D11: how it was done" has "$(cat "$GREFFE_ARCHIVE/disposals/$list/certificate-1.json")" '"method": "unlink"'
holds "D10: who has it still" has "$(cat "$GREFFE_ARCHIVE/disposals/$list/certificate-1.json")" 'Archives X'
holds "D8: no word of it is left" test -z "$(grep -rlaiE 'xylophone (1|4|five)' "$GREFFE_ARCHIVE")"
expect 0 later 32 greffe-catalog sql "SELECT meeting FROM v_destroyed"
holds "D13: what is known of it" same "$(grep -c ^2021 <<<"$out")" 3
expect 0 later 32 greffe-hold simulate --query class:council
holds "H12: what is gone already is named" has "$err" "20210224-223000Z-0123456784: would have been covered"
holds "H12: with its list" has "$err" "greffe-retain certificate $list"
expect 0 later 32 greffe-hold simulate --json --query class:council
holds "H12: in JSON, too" valid "$work/out"
expect 0 later 32 greffe-verify catalog
expect 0 later 32 greffe-verify journal
expect 0 later 32 greffe-verify files
expect 0 later 32 greffe-catalog rebuild
expect 0 later 32 greffe-verify catalog
rm "$stone"
expect 5 later 32 greffe-verify catalog
holds "D13: a tombstone that is gone is told" has "$out$err" missing-disposal-file

# D7: the same bytes in two meetings; D16: taken in in error.
cat >"$work/error.json" <<'JSON'
{"notice_days": 0, "cooling_days": 0, "grace_days": 30, "rules": [
 {"id": "council", "level": "default", "classes": ["council"], "duration": "P5Y", "final_action": "destroy"},
 {"id": "error", "level": "explicit", "meetings": ["20210226-223000Z-0123456786"], "duration": "P0D", "approvers": 2,
  "grace_days": 1, "ingested_in_error": true, "final_action": "destroy"}]}
JSON
cp -r "$GREFFE_ARCHIVE" "$work/second" && export GREFFE_ARCHIVE=$work/second
retain_before=$retain
retain="later 32 $retain_before"
version=$($retain rules add "$work/error.json")
change=$($retain --json rules diff "$version" | python3 -c 'import json,sys; print(json.load(sys.stdin)["digest"])')
expect 0 $retain rules activate "$version" --diff "$change" --reason error
expect 0 $retain propose --rule error
list=$out digest=$(digest "$out")
SUDO_USER=anna expect 0 $retain approve "$list" --digest "$digest" --accept-all
expect 0 $retain apply "$list"
holds "D16: two must approve" has "$out" NO_APPROVAL
SUDO_USER=bert expect 0 $retain approve "$list" --digest "$digest" --accept-all
retain=$retain_before
expect 0 carry apply 32 "$list"
expect 0 carry purge 34 "$list"
holds "D7: the other meeting with the same dump is named, and stays" has \
  "$(cat "$GREFFE_ARCHIVE/disposals/$list/lines/"*tombstone.json)" 20210223-223000Z-0123456783
holds "D7: it is there" test -f "$GREFFE_ARCHIVE/meetings/2021/02/23/20210223-223000Z-0123456783/dumps/a.mjr"

# D14: what was destroyed and comes again is taken in, and told.
export GREFFE_ARCHIVE=$work/third
expect 0 greffe-ingest -q --create "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr"
id=$out
echo '{"notice_days": 0, "cooling_days": 0, "grace_days": 1, "rules": [
 {"id": "day", "level": "default", "duration": "P1D", "final_action": "destroy"}]}' >"$work/day.json"
rules "$work/day.json"
list=$(later 3 "$retain" -q propose --all)
SUDO_USER=anna expect 0 later 3 "$retain" approve "$list" --digest "$(digest "$list")" --accept-all
expect 0 carry apply 3 "$list"
expect 4 later 3 greffe-ingest -q "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr"
holds "D14: what is in the trash is not taken in again" has "$err" restore
expect 0 carry purge 5 "$list"
expect 3 later 5 greffe-ingest "$GREFFE_SOURCE/tests/data/council_short/bruno-audio.mjr"
holds "D14: it comes again as what it was" same "$out" "$id"
holds "D14: with the list that tells of its end" has "$err" "greffe-retain certificate $list"
expect 0 later 5 greffe-verify catalog
expect 0 later 5 greffe-catalog show "$id"
expect 0 later 5 greffe-hold place --matter M --owner o --reason r --meeting "$id"
expect 0 later 5 greffe-catalog rebuild
expect 0 later 5 greffe-verify catalog
expect 0 later 5 greffe-verify files
exit $failed
