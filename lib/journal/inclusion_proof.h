// Shows that one entry stands in a journal somebody has signed, without showing the others (RETENTION A2):
// the entry, its path in the Merkle tree of RFC 9162 §2.1.3, and the checkpoint with the tree's root.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "journal/check_journal.h"
#include "journal/checkpoint_folder.h"
#include "json/value.h"

namespace greffe::journal {

struct InclusionProof {
  std::int64_t seq = 0;              // of the entry, from 1
  std::string entry;                 // its canonical line
  std::vector<fixity::Digest> path;  // from the leaf up
  std::string checkpoint;            // the signed note, all bytes
  std::vector<std::string> keys;     // verifier keys that the archive has for its signatures
};

// Of the newest checkpoint that holds and has the entry in its tree. The whole journal is checked before: of
// one that was changed nothing is proved (ErrorKind::Integrity). ErrorKind::Usage for an entry there is not;
// fails where no checkpoint has it yet.
Result<InclusionProof> prove_inclusion(const JournalPlaces& places, std::int64_t seq, WallTime now);

// What the journal tells of some things, to be handed over with them.
struct JournalExtract {
  std::vector<std::string> lines;            // canonical, in their order
  std::optional<CheckpointFile> checkpoint;  // the newest that holds
  std::vector<InclusionProof> proofs;        // of the lines that its tree has
  // Of the checkpoint; where there is none, of the journal up to the last of the lines.
  std::int64_t size = 0;
  fixity::Digest root;
};
// Takes the lines of the entries that `wanted` is true for. As prove_inclusion() it refuses a journal that
// was changed.
Result<JournalExtract> extract_journal(const JournalPlaces& places,
                                       const std::function<bool(const JournalEntry&)>& wanted, WallTime now);

// greffe.proof/1
json::Object json_of(const InclusionProof& proof);
Result<InclusionProof> proof_of(const json::Value& value);

// What somebody outside believes in.
struct ProofTrust {
  std::vector<fixity::VerifierKey> keys;
  std::vector<KnownHead> heads;
};

struct ProofCheck {
  JournalEntry entry;
  Checkpoint checkpoint;
  std::string signed_by;   // id of the trusted key, empty where none has signed
  std::string vouched_by;  // place of the trusted head, empty where none is this one
  bool is_vouched_for() const { return !signed_by.empty() || !vouched_by.empty(); }
};
// Fails with ErrorKind::Integrity where the proof does not hold, or contradicts what is trusted. Without
// anything trusted it may hold and nobody vouches for it.
Result<ProofCheck> check_proof(const InclusionProof& proof, const ProofTrust& trust);

}  // namespace greffe::journal
