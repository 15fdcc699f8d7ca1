// Finds what was said.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace greffe::catalog {

// A cue that was found, and where.
struct CueHit {
  std::string meeting;
  std::string title;
  std::int64_t start_ms = 0;  // meeting time
  std::int64_t end_ms = 0;
  std::string speaker;
  std::string text;
};

enum class SearchOrder {
  NewestFirst,  // meetings newest first, cues in their order
  Rank,         // the best match first (BM25), of the newest MostRanked cues that are found
};

constexpr std::size_t MostRanked = 10'000;

class CueSearch {
 public:
  // Each of `phrases` is found where its words stand in a row, in the text or in the speaker's name of one
  // cue; all of them must be found. Any text is safe: it is never read as a query language. `catalog` must
  // outlive the search. Fails with ErrorKind::Usage when a phrase has no word in it.
  static Result<CueSearch> open(const Catalog& catalog, const std::vector<std::string>& phrases,
                                SearchOrder order);
  CueSearch(CueSearch&&) noexcept;
  ~CueSearch();

  Result<std::optional<CueHit>> next();
  // With SearchOrder::Rank: whether more were found than are ranked.
  bool is_cut() const;

 private:
  struct Parts;
  explicit CueSearch(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::catalog
