#include "journal/signers.h"

#include <algorithm>

#include "base/text.h"

namespace greffe::journal {
namespace {

constexpr std::uint64_t LargestKeyFile = 1u << 12;
using Answer = fixity::SignedNote::Answer;

// What keeps the file from being the key that was entered; empty when it is.
std::string read_key(const Path& folder, Signer& signer) {
  const auto text = read_text(folder / Path(key_file_name(signer.id)).filename(), LargestKeyFile);
  if (!text) return text.error().message();
  if (fixity::digest_of(*text) != signer.file_digest) return "not the file that was entered in the journal";
  const auto key = fixity::VerifierKey::parse(trimmed(*text));
  if (!key) return key.error().message();
  if (fixity::hex_of(key->id()) != signer.id) return "a key of another id";
  signer.key = *key;
  return "";
}

std::string place_of(const CheckpointFile& file) {
  return fmt::format("journal/checkpoints/{}{}", file.name, CheckpointSuffix);
}

// One round of trust: true when it reached a key that was not trusted before.
bool spread(const std::vector<JudgedCheckpoint>& checkpoints, const std::vector<Signer>& signers,
            const std::vector<std::vector<bool>>& holds, std::vector<bool>& trusted) {
  bool grew = false;
  for (std::size_t c = 0; c < checkpoints.size(); ++c) {
    const std::int64_t size = checkpoints[c].file->read->checkpoint.size;
    bool by_trusted = false;
    for (std::size_t s = 0; s < signers.size(); ++s)
      by_trusted = by_trusted || (trusted[s] && holds[c][s] && signers[s].counts_at(size));
    if (!by_trusted || !checkpoints[c].root_holds) continue;
    for (std::size_t s = 0; s < signers.size(); ++s) {
      if (trusted[s] || signers[s].introduced > size) continue;
      trusted[s] = true;
      grew = true;
    }
  }
  return grew;
}

std::string why_not_signed(const JudgedCheckpoint& checkpoint, const std::vector<Signer>& signers,
                           const std::vector<bool>& holds) {
  const std::int64_t size = checkpoint.file->read->checkpoint.size;
  for (std::size_t s = 0; s < signers.size(); ++s) {
    if (!holds[s]) continue;
    if (signers[s].retired != 0 && signers[s].retired <= size)
      return fmt::format("signed by {}, which entry {} has retired", signers[s].id, signers[s].retired);
    return fmt::format("signed by {}, for which no trusted key vouches", signers[s].id);
  }
  return "signed by no key that the journal has introduced";
}

}  // namespace

std::string key_file_name(std::string_view id) { return fmt::format("keys/{}.vkey", id); }

void Signers::take(const JournalEntry& entry) {
  const Event& event = entry.event;
  if (event.outcome != "done" || event.subjects.empty()) return;
  const auto known = std::find_if(signers_.begin(), signers_.end(),
                                  [&](const Signer& signer) { return signer.id == event.subjects.front(); });
  if (event.action == KeyNew && known == signers_.end() && !event.files.empty() && event.files.front().after)
    signers_.push_back(
        {.id = event.subjects.front(), .introduced = entry.seq, .file_digest = *event.files.front().after});
  // What is retired stays so.
  if (event.action == KeyRetire && known != signers_.end() && known->retired == 0) known->retired = entry.seq;
}

void Signers::read_keys(const Path& folder, Findings& findings) {
  for (Signer& signer : signers_)
    if (const std::string problem = read_key(folder, signer); !problem.empty())
      findings.add({reason::BadSignature, key_file_name(signer.id), problem});
}

void Signers::add_given(const std::vector<fixity::VerifierKey>& keys) {
  for (const fixity::VerifierKey& key : keys) {
    const std::string id = fixity::hex_of(key.id());
    const auto known =
        std::find_if(signers_.begin(), signers_.end(), [&](const Signer& signer) { return signer.id == id; });
    if (known == signers_.end())
      signers_.push_back({.id = id, .key = key});
    else
      known->key = key;
  }
}

const Signer* Signers::find(std::string_view id) const {
  const auto found =
      std::find_if(signers_.begin(), signers_.end(), [&](const Signer& signer) { return signer.id == id; });
  return found == signers_.end() ? nullptr : &*found;
}

void judge_signatures(std::vector<JudgedCheckpoint>& checkpoints, const Signers& signers,
                      const std::vector<fixity::VerifierKey>& given, Findings& findings) {
  const std::vector<Signer>& all = signers.all();
  std::vector<bool> trusted(all.size(), false);
  for (std::size_t s = 0; s < all.size(); ++s)
    trusted[s] = given.empty()
                     ? s == 0
                     : all[s].key && std::find(given.begin(), given.end(), *all[s].key) != given.end();
  std::vector<std::vector<bool>> holds(checkpoints.size(), std::vector<bool>(all.size(), false));
  std::vector<bool> broken(checkpoints.size(), false);
  for (std::size_t c = 0; c < checkpoints.size(); ++c)
    for (std::size_t s = 0; s < all.size(); ++s) {
      if (!all[s].key) continue;
      const Answer answer = checkpoints[c].file->read->note.signature_of(*all[s].key);
      holds[c][s] = answer == Answer::Holds;
      broken[c] = broken[c] || answer == Answer::Broken;
    }
  while (spread(checkpoints, all, holds, trusted)) {
  }
  for (std::size_t c = 0; c < checkpoints.size(); ++c) {
    JudgedCheckpoint& checkpoint = checkpoints[c];
    if (broken[c]) {
      findings.add({reason::BadSignature, place_of(*checkpoint.file), "a signature does not hold"});
      continue;
    }
    for (std::size_t s = 0; s < all.size(); ++s)
      if (trusted[s] && holds[c][s] && all[s].counts_at(checkpoint.file->read->checkpoint.size))
        checkpoint.signed_by.push_back(all[s].id);
    if (checkpoint.signed_by.empty())
      findings.add(
          {reason::BadSignature, place_of(*checkpoint.file), why_not_signed(checkpoint, all, holds[c])});
  }
}

}  // namespace greffe::journal
