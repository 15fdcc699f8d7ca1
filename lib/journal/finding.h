// What does not hold of a journal, and where.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace greffe::journal {

struct Finding {
  std::string_view reason;  // one of those below
  std::string place;        // file and line
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
// SQLite cannot read it.
inline constexpr std::string_view DamagedCatalog = "damaged-catalog";
}  // namespace reason

// The findings of one check. Of each reason the first few are kept, all are counted: one deleted line moves
// every later one.
class Findings {
 public:
  void add(Finding finding);
  const std::vector<Finding>& kept() const { return kept_; }
  bool empty() const { return kept_.empty(); }
  // Those of this reason, kept or not.
  std::size_t count(std::string_view reason) const;
  bool has(std::string_view reason) const { return count(reason) > 0; }

 private:
  std::vector<Finding> kept_;
  std::map<std::string_view, std::size_t> counts_;  // of all
};

}  // namespace greffe::journal
