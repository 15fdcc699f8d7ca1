// Who may sign checkpoints: the keys that the journal itself has introduced and retired.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/checkpoint_folder.h"
#include "journal/entry.h"
#include "journal/finding.h"

namespace greffe::journal {

// The actions of entries about keys; the subject is the key's id in hex.
inline constexpr const char* KeyNew = "key-new";
inline constexpr const char* KeyRetire = "key-retire";
// "keys/1a2b3c4d.vkey", relative to the archive: the verifier key on one line.
std::string key_file_name(std::string_view id);

// A key in the journal. It counts in checkpoints from its introduction on, until it is retired.
struct Signer {
  std::string id;                          // hex
  std::int64_t introduced = 0;             // seq of the entry; 0 for a key given from outside
  std::int64_t retired = 0;                // seq of the entry; 0 while it is not
  fixity::Digest file_digest;              // of keys/ID.vkey
  std::optional<fixity::VerifierKey> key;  // once its file was read and is the one that was entered

  bool counts_at(std::int64_t size) const {
    return key && introduced <= size && (retired == 0 || retired > size);
  }
};

class Signers {
 public:
  // Takes note of an entry about keys; others are passed over.
  void take(const JournalEntry& entry);
  // Reads the keys from ARCHIVE/keys. One that is missing or not the one entered is a finding.
  void read_keys(const Path& folder, Findings& findings);
  // Keys that somebody outside knows: they are trusted whatever the journal says of them.
  void add_given(const std::vector<fixity::VerifierKey>& keys);

  const std::vector<Signer>& all() const { return signers_; }
  const Signer* find(std::string_view id) const;

 private:
  std::vector<Signer> signers_;  // in the order of their introduction
};

// A checkpoint to be judged.
struct JudgedCheckpoint {
  const CheckpointFile* file = nullptr;  // one that could be read
  bool root_holds = false;               // the journal's tree has its root at its size
  std::vector<std::string> signed_by;    // ids of trusted keys, filled by judge_signatures
};

// Judges who has signed. Trusted are the keys given from outside, else the journal's first key; and every key
// that is introduced in a tree that a trusted key has signed. A checkpoint without a good signature of a
// trusted key that counts there, or with a bad signature of any known key, is a finding.
void judge_signatures(std::vector<JudgedCheckpoint>& checkpoints, const Signers& signers,
                      const std::vector<fixity::VerifierKey>& given, Findings& findings);

}  // namespace greffe::journal
