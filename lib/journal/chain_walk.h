// Checks the lines of a journal one after the other, and grows their Merkle tree.
#pragma once

#include <optional>
#include <string_view>

#include "fixity/merkle.h"
#include "journal/entry.h"
#include "journal/finding.h"
#include "journal/journal.h"

namespace greffe::journal {

// A value: a copy goes on from the same line by itself.
class ChainWalk {
 public:
  // Checks the next line (without its newline): an entry in canonical bytes, its number, its chain. Returns
  // what does not hold, without a place. Every line becomes a leaf of the tree, whatever it is, and the walk
  // goes on behind it.
  std::optional<Finding> take(std::string_view line);
  // The same for a line that is known to be good because the root of a tree with it is: it is hashed only.
  void take_unchecked(std::string_view line);

  // The last line taken; its seq counts lines.
  const Head& head() const { return head_; }
  // The entry that take() has read last, if it was one.
  const std::optional<JournalEntry>& entry() const { return entry_; }
  const fixity::MerkleFrontier& tree() const { return tree_; }

 private:
  Head head_;
  std::optional<JournalEntry> entry_;
  fixity::MerkleFrontier tree_;
};

// What a head over `size` entries with this root says against a journal of `entries`, whose tree over its
// first `size` has the root `there`. Without a place.
std::optional<Finding> contradiction(std::int64_t size, const fixity::Digest& root, std::int64_t entries,
                                     const std::optional<fixity::Digest>& there);

}  // namespace greffe::journal
