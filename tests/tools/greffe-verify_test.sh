#!/bin/bash
# greffe-verify journal, and what makes a journal hold against others: keys, checkpoints, time stamps, as a user runs
# them, with an authority made by openssl.
set -u
. "$GREFFE_SOURCE/tests/support/expect.sh"
. "$GREFFE_SOURCE/tests/support/time_authority.sh"
catalog=$GREFFE_BUILD/bin/greffe-catalog
verify=$GREFFE_BUILD/bin/greffe-verify
export GREFFE_ARCHIVE=$work/archive
unset GREFFE_KEY

valid() { python3 "$GREFFE_SOURCE/tests/support/valid_json.py" "$@"; }
checkpoints=$GREFFE_ARCHIVE/journal/checkpoints
newest() { find "$checkpoints" -name '*.checkpoint' | LC_ALL=C sort | tail -n 1; }
# kept NAME, back NAME: the whole archive, to return to.
kept() { rm -rf "$work/kept-$1" && cp -a "$GREFFE_ARCHIVE" "$work/kept-$1"; }
back() { rm -rf "$GREFFE_ARCHIVE" && cp -a "$work/kept-$1" "$GREFFE_ARCHIVE"; }
# found REASON ARGUMENTS…: greffe-verify journal ends with 5 and names the reason.
found() {
  local reason=$1
  shift
  expect 5 "$verify" journal "$@"
  holds "$reason is named" has "$out" "$reason: "
}

expect 7 "$verify" journal
expect 2 "$verify"
expect 0 "$catalog" init
expect 0 "$verify" journal
holds "a journal without keys holds" has "$out" "holds"
expect 2 "$catalog" checkpoint
expect 2 "$catalog" key nonsense

# Keys: made for their owner alone, outside the archive, entered in the journal.
expect 2 "$catalog" key new "$GREFFE_ARCHIVE/key.pem"
expect 0 "$catalog" key new "$work/key.pem"
first=$out
first_id=$(cut -d+ -f2 <<<"$first")
holds "the private key is its owner's" same "$(stat -c %a "$work/key.pem")" 600
holds "openssl reads the private key" openssl pkey -in "$work/key.pem" -noout
holds "the public key is in the archive" same "$(cat "$GREFFE_ARCHIVE/keys/$first_id.vkey")" "$first"
holds "no private key is in the archive" same "$(grep -rl 'PRIVATE KEY' "$GREFFE_ARCHIVE" | wc -l)" 0
expect 0 "$catalog" key new "$work/key.pem"
holds "a key is entered once" has "$err" "entered already"
holds "a key is entered once" same "$(grep -c key-new "$GREFFE_ARCHIVE"/journal/*.jsonl)" 1
export GREFFE_KEY=$work/key.pem
chmod 640 "$work/key.pem"
expect 1 "$catalog" checkpoint
holds "a key that others can read is refused" has "$err" "chmod 600"
chmod 600 "$work/key.pem"
openssl genpkey -algorithm x25519 -out "$work/other.pem" 2>/dev/null && chmod 600 "$work/other.pem"
expect 1 "$catalog" checkpoint --key "$work/other.pem"
openssl genpkey -algorithm ed25519 -out "$work/stranger.pem" 2>/dev/null && chmod 600 "$work/stranger.pem"
expect 1 "$catalog" checkpoint --key "$work/stranger.pem"
holds "a stranger's key signs nothing" has "$err" "not of this archive"

# A checkpoint and its head on one line.
expect 0 "$catalog" checkpoint
head=$out
holds "the head has the size" same "$(cut -d' ' -f2 <<<"$head")" 2
holds "the head has the root" same "$(cut -d' ' -f3 <<<"$head" | wc -c)" 65
holds "the root is the one in the checkpoint" same \
  "$(sed -n 3p "$(newest)" | base64 -d | od -An -tx1 | tr -d ' \n')" "$(cut -d' ' -f3 <<<"$head")"
cp "$(newest)" "$work/head.checkpoint"
expect 0 "$catalog" checkpoint --json
holds "the output holds to its schema" valid "$work/out"
expect 0 "$verify" journal --head "$head" --head "$work/head.checkpoint" --max-age 1h
expect 0 "$verify" journal --key "$first"
expect 0 "$verify" journal --json
holds "the output holds to its schema" valid "$work/out"
expect 2 "$verify" journal --key nonsense
expect 1 "$verify" journal --head nonsense
flipped=$(tr '0-9a-f' '1-9a-f0' <<<"${head##* }")
found inconsistent-checkpoint --head "${head% *} $flipped"
found truncated-tail --head "${head% * *} 99 $flipped"
found stale-head --max-age 24h --as-of 2099-01-01T00:00:00Z

# A4: a time stamp of RFC 3161, by files alone.
expect 2 "$catalog" timestamp accept
make_authority "$work/tsa"
make_authority "$work/stranger"
expect 0 "$catalog" timestamp request
request=$out
holds "the request lies beside its checkpoint" same "${request%.tsq}" "$(newest | sed 's/.checkpoint$//')"
expect 0 "$catalog" timestamp request
holds "a request that waits is not made again" same "$out" "$request"
holds "the request asks for SHA-512 and the certificate" has "$(openssl ts -query -in "$request" -text 2>/dev/null)" "sha512"
answer "$work/tsa" "$request" "$work/reply.tsr"
expect 2 "$catalog" timestamp accept "$work/reply.tsr"
expect 5 "$catalog" timestamp accept "$work/reply.tsr" --ca "$work/stranger/ca.pem"
expect 1 "$catalog" timestamp accept "$work/reply.tsr" --ca "$work/nowhere.pem"
expect 5 "$catalog" timestamp accept "$request" --ca "$work/tsa/ca.pem"
openssl ts -query -data "$work/key.pem" -sha512 -cert -out "$work/foreign.tsq" 2>/dev/null
answer "$work/tsa" "$work/foreign.tsq" "$work/foreign.tsr"
expect 5 "$catalog" timestamp accept "$work/foreign.tsr" --ca "$work/tsa/ca.pem"
openssl ts -query -data "$(newest)" -sha512 -cert -out "$work/unasked.tsq" 2>/dev/null
answer "$work/tsa" "$work/unasked.tsq" "$work/unasked.tsr"
expect 5 "$catalog" timestamp accept "$work/unasked.tsr" --ca "$work/tsa/ca.pem"
holds "a reply with another nonce is refused" has "$err" "nonce"
holds "nothing was accepted" same "$(find "$checkpoints" -name '*.tsr' | wc -l)" 0
found missing-token --tsa "$work/tsa/ca.pem"
expect 0 "$catalog" timestamp accept "$work/reply.tsr" --ca "$work/tsa/ca.pem"
expect 0 "$catalog" timestamp accept "$work/reply.tsr" --ca "$work/tsa/ca.pem"
holds "the second time it was there" has "$err" "there already"
holds "it is journaled once" same "$(grep -c time-stamp "$GREFFE_ARCHIVE"/journal/*.jsonl)" 1
expect 1 "$catalog" timestamp request
token=$(find "$checkpoints" -name '*.tsr')
holds "openssl verifies what was kept" openssl ts -verify -in "$token" -data "$(newest)" -CAfile "$work/tsa/ca.pem" \
  >/dev/null 2>&1
expect 0 "$catalog" checkpoint
holds "the next checkpoint has the digest of the token" has "$(cat "$(newest)")" \
  "token-sha256 $(sha256sum <"$token" | cut -d' ' -f1)"
expect 0 "$verify" journal --tsa "$work/tsa/ca.pem"
holds "the time stamp is told" has "$out" "1 time stamps"
found bad-token --tsa "$work/stranger/ca.pem"
kept stamped
rm "$token"
found missing-token
back stamped
answer "$work/tsa" "$request" "$token"
found missing-token
back stamped
printf x >>"$token"
found bad-token --tsa "$work/tsa/ca.pem"
back stamped

# Rotation: the new key is signed for by the old one; then the old one is retired.
expect 2 env -u GREFFE_KEY "$catalog" key new "$work/second.pem"
holds "nothing was made" test ! -e "$work/second.pem"
expect 0 "$catalog" key new "$work/second.pem"
second=$out
holds "both sign" same "$(grep -c '^— ' "$(newest)")" 2
expect 2 "$catalog" key retire "$first_id"
expect 2 "$catalog" key retire 00000000 --key "$work/second.pem"
export GREFFE_KEY=$work/second.pem
expect 0 "$catalog" key retire "$first_id"
expect 0 "$catalog" key list
holds "the list has both keys" has "$out" "$(cut -d+ -f2 <<<"$second")"
expect 0 "$catalog" key list --json
holds "the output holds to its schema" valid "$work/out"
expect 1 "$catalog" checkpoint --key "$work/key.pem"
holds "a retired key signs nothing" has "$err" "retired"
expect 0 "$verify" journal
expect 0 "$verify" journal --key "$first"
expect 0 "$verify" journal --key "$GREFFE_ARCHIVE/keys/$(cut -d+ -f2 <<<"$second").vkey"
expect 0 "$verify" journal --since "$head"
holds "since tells what was not read again" has "$out" "2 of them before"
kept whole

# What changes a hold signs the journal behind it.
before=$(newest)
expect 0 "$GREFFE_BUILD/bin/greffe-hold" place --matter M --owner legal --reason R --query 'title:x'
holds "a hold signs the journal" [ "$(newest)" != "$before" ]
holds "all of it" same "$(sed -n 2p "$(newest)")" "$(cat "$GREFFE_ARCHIVE"/journal/*.jsonl | wc -l)"
expect 0 "$verify" journal
back whole

# A key that nobody vouches for, because the old one is lost, is trusted where it is named.
expect 0 env -u GREFFE_KEY "$catalog" key new "$work/third.pem" --lost
third=$out
found bad-signature
expect 0 "$verify" journal --key "$third"
back whole

# Tampering, one reason each. Nothing that was rewritten is signed.
journal=$(echo "$GREFFE_ARCHIVE"/journal/*.jsonl)
sed -i '3s/"uid":[0-9]*/"uid":12345/' "$journal"
found broken-chain
holds "the place is told" has "$out" "$(basename "$journal"): line 4"
expect 5 "$catalog" checkpoint
holds "what was changed is not signed" has "$err" "nothing is signed"
back whole
sed -i 2d "$journal"
found broken-sequence
back whole
sed -i '2s/$/ /' "$journal"
found not-an-entry
back whole
sed -i '$d' "$journal"
found truncated-tail
holds "the catalog tells, too" has "$out" "rolled-back-catalog: "
expect 5 "$catalog" checkpoint
back whole

# An attacker who writes the whole chain anew.
python3 - "$journal" <<'PYTHON'
import hashlib, json, sys
lines, prev = [], "0" * 64
for line in open(sys.argv[1], encoding="utf-8"):
    entry = json.loads(line)
    entry["actor"]["uid"] = 4711
    entry["prev"] = prev
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    prev = hashlib.sha256(text.encode()).hexdigest()
    lines.append(text)
open(sys.argv[1], "w", encoding="utf-8").write("\n".join(lines) + "\n")
PYTHON
found inconsistent-checkpoint
holds "the chain itself holds" [ "$(grep -c broken-chain <<<"$out")" = 0 ]
rm -r "$checkpoints"
found inconsistent-checkpoint --head "$head"
found rolled-back-catalog
rm "$GREFFE_ARCHIVE/catalog.sqlite"*
expect 5 "$verify" journal --head "$head"
back whole

# Checkpoints and keys.
sed -i '2s/.*/1/' "$(newest)"
found not-a-checkpoint
back whole
sed -i '$s/.....$/AAAA=/' "$(newest)"
expect 5 "$verify" journal
back whole
rm "$GREFFE_ARCHIVE/keys/$first_id.vkey"
found bad-signature
expect 5 "$verify" journal --key "$second"
back whole
cp "$GREFFE_ARCHIVE/keys/$(cut -d+ -f2 <<<"$second").vkey" "$GREFFE_ARCHIVE/keys/$first_id.vkey"
found bad-signature
back whole

# A catalog of yesterday, a damaged one, one that is missing.
cp -a "$work/kept-stamped"/catalog.sqlite* "$GREFFE_ARCHIVE/"
expect 0 "$verify" journal
found rolled-back-catalog --as-of 2099-01-01T00:00:00Z
back whole
sqlite3 "$GREFFE_ARCHIVE/catalog.sqlite" "DROP TRIGGER journal_is_not_changed; UPDATE journal SET outcome = 'failed' WHERE seq = 2"
found rolled-back-catalog
back whole
echo nonsense >"$GREFFE_ARCHIVE/catalog.sqlite"
rm -f "$GREFFE_ARCHIVE"/catalog.sqlite-*
found damaged-catalog
rm "$GREFFE_ARCHIVE/catalog.sqlite"
expect 0 "$verify" journal
holds "a missing catalog is told" has "$err" "rebuild"
back whole

# Nothing is changed by verifying, and it works where nothing can be written.
kept before
expect 0 "$verify" journal
holds "verifying changes nothing" diff -r "$work/kept-before/journal" "$GREFFE_ARCHIVE/journal"
# A2: one entry is proved to somebody who has nothing but the proof, and a key or a head.
export GREFFE_ARCHIVE=$work/proved
expect 0 "$catalog" init
expect 0 "$catalog" key new "$work/proving.pem"
echo "$out" >"$work/proving.vkey"
expect 0 "$catalog" query save a --query x
expect 1 "$catalog" proof 3
holds "A2: an entry behind the newest checkpoint is not proved yet" has "$err" "came after the newest checkpoint"
expect 0 env GREFFE_KEY="$work/proving.pem" "$catalog" checkpoint
echo "$out" >"$work/head.txt"
expect 2 "$catalog" proof 99
expect 2 "$catalog" proof first
expect 0 "$catalog" proof 3
cp "$work/out" "$work/proof.json"
holds "A2: the proof holds to its schema" valid "$work/proof.json"
unset GREFFE_ARCHIVE
expect 0 "$verify" proof --key "$work/proving.vkey" "$work/proof.json"
holds "A2: it tells the entry" has "$out" "query-save query-1: intended"
holds "A2: and who signed" has "$out" "has signed"
expect 0 "$verify" proof --head "$work/head.txt" "$work/proof.json"
expect 0 "$verify" proof --json --key "$work/proving.vkey" "$work/proof.json"
holds "the output holds to its schema" valid "$work/out"
expect 3 "$verify" proof "$work/proof.json"
holds "A2: nobody vouches for what brings its own key" has "$err" "nobody vouches"
sed 's/query-1/query-2/g' "$work/proof.json" >"$work/forged.json"
expect 5 "$verify" proof --key "$work/proving.vkey" "$work/forged.json"
holds "A8: a forged entry is told" has "$err" "does not lead"
echo '{' >"$work/forged.json"
expect 1 "$verify" proof "$work/forged.json"
exit $failed
