// Checkpoints of an archive's journal and the time stamps over them, as effects: read, checked, signed, kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/archive.h"
#include "custody/acting.h"
#include "fixity/signing_key.h"
#include "fixity/time_stamp.h"
#include "journal/check_journal.h"

namespace greffe::custody {

journal::JournalPlaces journal_places(const catalog::Archive& archive);

// What $GREFFE_KEY names: the file of the private key, or nothing.
std::optional<Path> key_file_of_environment();

struct WrittenCheckpoint {
  journal::Checkpoint checkpoint;
  Path file;
};

// Signs the journal as it is now with `keys`, the first of which must be one that the journal has introduced
// and not retired. Before, the whole chain is checked and held against every checkpoint there is: what was
// rewritten is not signed, but ErrorKind::Integrity.
Result<WrittenCheckpoint> write_checkpoint(const catalog::Archive& archive,
                                           const std::vector<const fixity::PrivateKey*>& keys, WallTime now);

// write_checkpoint with the key in `key_file`, which may not lie within the archive.
Result<WrittenCheckpoint> write_checkpoint(const catalog::Archive& archive, const Path& key_file,
                                           WallTime now);

// For what changes rules, holds or keys, as its last step (A3): a checkpoint where there is a key, else
// nothing. What was changed before stands, also when this fails.
Status checkpoint_if_key(const catalog::Archive& archive, const std::optional<Path>& key_file, WallTime now);

// Refuses a place for a private key within the archive: what is copied with it protects nothing.
Status check_outside(const catalog::Archive& archive, const Path& key_file);

// Writes the request for a time stamp over the newest checkpoint beside it, or finds the one that waits there
// for its reply. Fails when there is no checkpoint, or its time stamp is there already.
Result<Path> request_time_stamp(const catalog::Archive& archive);

struct AcceptedTimeStamp {
  fixity::TimeStamp stamp;
  Path file;
  bool was_there = false;  // and the same
};

// Finds the request that `reply` answers, verifies it, keeps it beside its checkpoint and journals that.
Result<AcceptedTimeStamp> accept_time_stamp(const catalog::Archive& archive, const Path& reply,
                                            const fixity::TimeStampTrust& trust, const Acting& acting);

}  // namespace greffe::custody
