// All that can be said of a journal's integrity: its chain, its checkpoints, who signed them, its time
// stamps, and heads that somebody has kept elsewhere (RETENTION A8).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fixity/time_stamp.h"
#include "journal/checkpoint.h"
#include "journal/finding.h"
#include "journal/journal.h"
#include "journal/signers.h"

namespace greffe::journal {

// The action of an entry that a token was accepted; its file is the token.
inline constexpr const char* TimeStampAction = "time-stamp";

// Between the entry of the first key and the checkpoint that it signs.
constexpr std::chrono::minutes FirstCheckpointMayLag{10};

// Where the parts of the journal of one archive lie.
struct JournalPlaces {
  Path journal;        // ARCHIVE/journal
  Path keys;           // ARCHIVE/keys
  std::string origin;  // that checkpoints must have
  Path checkpoints() const { return journal / "checkpoints"; }
};

// What is believed, and what is asked.
struct JournalTrust {
  std::vector<fixity::VerifierKey> keys;  // empty: the first key that the journal introduces
  std::vector<KnownHead> heads;
  // A head up to which everything was checked before: entries before it are hashed, not read again.
  std::optional<KnownHead> since;
  std::optional<fixity::TimeStampTrust> authorities;  // none: tokens must be there, but are not verified
  // The newest good checkpoint may not be older.
  std::optional<std::chrono::milliseconds> max_age;
  WallTime now{};
};

struct JournalCheck {
  std::int64_t entries = 0;  // whole lines
  Head head;
  fixity::Digest root;
  std::size_t torn_bytes = 0;            // of a last line a crash has cut: no finding
  std::int64_t unread = 0;               // entries before `since`, hashed only
  std::int64_t checkpoints = 0;          // files
  std::optional<Checkpoint> newest;      // good in every way
  std::vector<std::string> newest_by;    // ids of the keys that signed it
  std::int64_t tokens = 0;               // time stamps there
  std::optional<WallTime> newest_token;  // what the newest one says
  Signers signers;
  Findings findings;
};

// Hears of every line in order: its number from 1, its bytes, and the entry where it was read.
using LineSeen =
    std::function<Status(std::int64_t seq, std::string_view line, const std::optional<JournalEntry>& entry)>;

// Fails only when something cannot be read or `seen` fails; what does not hold is in the findings. A `since`
// that does not hold is dropped and everything read.
Result<JournalCheck> check_journal(const JournalPlaces& places, const JournalTrust& trust,
                                   const LineSeen& seen = {});

}  // namespace greffe::journal
