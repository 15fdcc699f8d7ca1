// What does not hold, and where.
#pragma once

#include <string>
#include <string_view>

namespace greffe::journal {

struct Finding {
  std::string_view reason;  // one of those below
  std::string place;        // file and line, relative to the archive
  std::string text;         // for people
};

// One word for each way in which a journal does not hold (RETENTION A8). Scripts rest on them.
namespace reason {
inline constexpr std::string_view NotAnEntry = "not-an-entry";
inline constexpr std::string_view BrokenSequence = "broken-sequence";
inline constexpr std::string_view BrokenChain = "broken-chain";
// A checkpoint or a head that somebody has is beyond the journal's end.
inline constexpr std::string_view TruncatedTail = "truncated-tail";
// The journal's beginning has another root than a checkpoint or a head says: history was rewritten.
inline constexpr std::string_view InconsistentCheckpoint = "inconsistent-checkpoint";
inline constexpr std::string_view NotACheckpoint = "not-a-checkpoint";
inline constexpr std::string_view BadSignature = "bad-signature";
inline constexpr std::string_view StaleHead = "stale-head";
inline constexpr std::string_view MissingToken = "missing-token";
inline constexpr std::string_view BadToken = "bad-token";
// The catalog knows entries that the journal does not have, or has otherwise, or lacks old ones.
inline constexpr std::string_view RolledBackCatalog = "rolled-back-catalog";
}  // namespace reason

}  // namespace greffe::journal
