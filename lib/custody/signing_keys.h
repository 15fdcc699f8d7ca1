// The keys that sign an archive's checkpoints: made, entered in the journal, retired.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/archive.h"
#include "custody/acting.h"
#include "custody/checkpoint.h"
#include "journal/signers.h"

namespace greffe::custody {

struct EnteredKey {
  fixity::VerifierKey key;
  WrittenCheckpoint checkpoint;
  bool was_there = false;
};

// Enters the key in `file` as one that may sign; makes it first where there is no such file (mode 0600,
// PKCS#8). The verifier key goes to ARCHIVE/keys, the journal introduces it, and a checkpoint is signed by
// `current`, when the archive has a key already, and by the new one. `current_is_lost` leaves the old
// signature out: then nobody who trusts the old key trusts the new one unless told. A run after a kill
// completes what is missing.
Result<EnteredKey> enter_key(const catalog::Archive& archive, const Path& file,
                             const std::optional<Path>& current, bool current_is_lost, const Acting& acting);

// Retires a key: what it signs from now on counts no more. `current` is another key that may sign and signs
// the checkpoint behind the entry. ErrorKind::Usage for an id that is not there.
Result<WrittenCheckpoint> retire_key(const catalog::Archive& archive, std::string_view id,
                                     const Path& current, const Acting& acting);

// All keys that the journal tells of, in the order of their introduction.
Result<std::vector<journal::Signer>> keys_of(const catalog::Archive& archive);

}  // namespace greffe::custody
