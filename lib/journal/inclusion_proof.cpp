#include "journal/inclusion_proof.h"

#include <algorithm>

#include "fixity/merkle.h"
#include "json/reader.h"

namespace greffe::journal {
namespace {

constexpr std::string_view ProofSchema = "greffe.proof/1";
constexpr std::size_t LongestPath = 64;

// The file of the newest good checkpoint.
Result<CheckpointFile> newest_file(const JournalPlaces& places, const JournalCheck& check) {
  GREFFE_TRY(auto files, checkpoints_in(places.checkpoints()));
  for (auto file = files.rbegin(); check.newest && file != files.rend(); ++file)
    if (file->read && file->read->checkpoint == *check.newest) return std::move(*file);
  return fail("no checkpoint that holds; greffe-catalog checkpoint makes one");
}

// Verifier keys of those who have signed it.
std::vector<std::string> keys_of_newest(const JournalCheck& check) {
  std::vector<std::string> keys;
  for (const std::string& id : check.newest_by)
    if (const Signer* signer = check.signers.find(id); signer != nullptr && signer->key)
      keys.push_back(signer->key->text());
  return keys;
}

Status check_unchanged(const JournalCheck& check) {
  for (const Finding& finding : check.findings.kept())
    for (const std::string_view why : {reason::NotAnEntry, reason::BrokenSequence, reason::BrokenChain,
                                       reason::TruncatedTail, reason::InconsistentCheckpoint})
      if (finding.reason == why)
        return fail(ErrorKind::Integrity, "{}: {} ({}); nothing is proved, see greffe-verify journal",
                    finding.place, finding.text, finding.reason);
  return {};
}

}  // namespace

Result<JournalExtract> extract_journal(const JournalPlaces& places,
                                       const std::function<bool(const JournalEntry&)>& wanted, WallTime now) {
  JournalExtract extract;
  std::vector<fixity::Digest> leaves;
  std::vector<std::uint64_t> taken;  // indexes of the lines among the leaves
  const auto see = [&](std::int64_t number, std::string_view line, const std::optional<JournalEntry>& entry) {
    if (number == 1) leaves.clear(), taken.clear(), extract.lines.clear();
    if (entry && wanted(*entry)) {
      taken.push_back(leaves.size());
      extract.lines.emplace_back(line);
    }
    leaves.push_back(fixity::leaf_digest(line));
    return Status();
  };
  GREFFE_TRY(const JournalCheck check, check_journal(places, {.now = now}, see));
  GREFFE_CHECK(check_unchanged(check));
  if (!check.newest) {
    extract.size = taken.empty() ? 0 : static_cast<std::int64_t>(taken.back()) + 1;
    leaves.resize(static_cast<std::size_t>(extract.size));
    extract.root = fixity::merkle_root(leaves);
    return extract;
  }
  GREFFE_TRY(extract.checkpoint, newest_file(places, check));
  extract.size = check.newest->size;
  extract.root = check.newest->root;
  leaves.resize(static_cast<std::size_t>(extract.size));
  taken.erase(std::lower_bound(taken.begin(), taken.end(), leaves.size()), taken.end());
  auto paths = fixity::inclusion_proofs(leaves, taken);
  const std::vector<std::string> keys = keys_of_newest(check);
  for (std::size_t i = 0; i < taken.size(); ++i)
    extract.proofs.push_back({.seq = static_cast<std::int64_t>(taken[i]) + 1,
                              .entry = extract.lines[i],
                              .path = std::move(paths[i]),
                              .checkpoint = extract.checkpoint->text,
                              .keys = keys});
  return extract;
}

Result<InclusionProof> prove_inclusion(const JournalPlaces& places, std::int64_t seq, WallTime now) {
  InclusionProof proof{.seq = seq};
  std::vector<fixity::Digest> leaves;
  const auto see = [&](std::int64_t number, std::string_view line, const std::optional<JournalEntry>&) {
    if (number == 1) leaves.clear();  // the journal may be read twice
    leaves.push_back(fixity::leaf_digest(line));
    if (number == seq) proof.entry = line;
    return Status();
  };
  GREFFE_TRY(const JournalCheck check, check_journal(places, {.now = now}, see));
  GREFFE_CHECK(check_unchanged(check));
  if (seq < 1 || seq > check.entries)
    return fail(ErrorKind::Usage, "there is no entry {}; the journal has {}", seq, check.entries);
  GREFFE_TRY(const CheckpointFile file, newest_file(places, check));
  if (check.newest->size < seq)
    return fail(
        "entry {} came after the newest checkpoint, which has {}; greffe-catalog checkpoint makes another",
        seq, check.newest->size);
  leaves.resize(static_cast<std::size_t>(check.newest->size));
  proof.path = fixity::inclusion_proof(leaves, static_cast<std::uint64_t>(seq) - 1);
  proof.checkpoint = file.text;
  proof.keys = keys_of_newest(check);
  return proof;
}

json::Object json_of(const InclusionProof& proof) {
  json::Array path;
  for (const fixity::Digest& digest : proof.path) path.emplace_back(digest.hex());
  return {{"schema", ProofSchema},          {"seq", proof.seq},
          {"entry", proof.entry},           {"path", std::move(path)},
          {"checkpoint", proof.checkpoint}, {"keys", json::Array(proof.keys.begin(), proof.keys.end())}};
}

Result<InclusionProof> proof_of(const json::Value& value) {
  json::Reader reader(value, "");
  if (reader.text("schema") != ProofSchema) reader.refuse("schema", fmt::format("expected {}", ProofSchema));
  InclusionProof proof{.seq = reader.integer("seq"),
                       .entry = reader.text("entry"),
                       .path = {},
                       .checkpoint = reader.text("checkpoint"),
                       .keys = {}};
  const json::Array& path = reader.array("path");
  if (path.size() > LongestPath) reader.refuse("path", "is longer than any tree is high");
  GREFFE_CHECK(reader.status());
  for (const json::Value& item : path) {
    const std::string* const hex = item.find_text();
    const auto digest = hex != nullptr ? fixity::Digest::of_hex(*hex) : std::nullopt;
    if (!digest) return fail("path: expected digests of 64 hex digits");
    proof.path.push_back(*digest);
  }
  for (const json::Value& item : reader.array("keys"))
    if (const std::string* const key = item.find_text()) proof.keys.push_back(*key);
  GREFFE_CHECK(reader.status());
  return proof;
}

Result<ProofCheck> check_proof(const InclusionProof& proof, const ProofTrust& trust) {
  const auto broken = [](std::string_view what, const auto& why) {
    return fail(ErrorKind::Integrity, "{}: {}", what, why.error().message());
  };
  auto entry = entry_of_line(proof.entry);
  if (!entry) return broken("the entry", entry);
  const auto signed_checkpoint = SignedCheckpoint::parse(proof.checkpoint);
  if (!signed_checkpoint) return broken("the checkpoint", signed_checkpoint);
  ProofCheck check{.entry = std::move(*entry),
                   .checkpoint = signed_checkpoint->checkpoint,
                   .signed_by = {},
                   .vouched_by = {}};
  const Checkpoint& checkpoint = check.checkpoint;
  if (check.entry.seq != proof.seq || proof.seq < 1 || proof.seq > checkpoint.size)
    return fail(ErrorKind::Integrity, "the entry is not number {} of {}", proof.seq, checkpoint.size);
  if (!fixity::proves_inclusion(proof.path, fixity::leaf_digest(proof.entry),
                                static_cast<std::uint64_t>(proof.seq) - 1,
                                static_cast<std::uint64_t>(checkpoint.size), checkpoint.root))
    return fail(ErrorKind::Integrity, "the path does not lead from the entry to the root of the checkpoint");
  for (const fixity::VerifierKey& key : trust.keys)
    if (key.name == checkpoint.origin &&
        signed_checkpoint->note.signature_of(key) == fixity::SignedNote::Answer::Holds)
      check.signed_by = fixity::hex_of(key.id());
  if (!trust.keys.empty() && check.signed_by.empty())
    return fail(ErrorKind::Integrity, "no key that is trusted has signed the checkpoint");
  for (const KnownHead& head : trust.heads) {
    if (head.origin != checkpoint.origin || head.size != checkpoint.size) continue;
    if (head.root != checkpoint.root)
      return fail(ErrorKind::Integrity, "{}: has another root for as many entries", head.place);
    check.vouched_by = head.place;
  }
  return check;
}

}  // namespace greffe::journal
