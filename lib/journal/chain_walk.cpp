#include "journal/chain_walk.h"

namespace greffe::journal {

std::optional<Finding> ChainWalk::take(std::string_view line) {
  const Head before = head_;
  take_unchecked(line);
  auto entry = entry_of_line(line);
  if (!entry) return Finding{reason::NotAnEntry, "", entry.error().message()};
  entry_ = std::move(*entry);
  if (entry_->seq != before.seq + 1)
    return Finding{reason::BrokenSequence, "",
                   fmt::format("entry {} stands where {} is due", entry_->seq, before.seq + 1)};
  if (entry_->prev != before.digest)
    return Finding{
        reason::BrokenChain, "",
        fmt::format("entry {} was written behind another line than the one before it", entry_->seq)};
  return std::nullopt;
}

void ChainWalk::take_unchecked(std::string_view line) {
  entry_.reset();
  head_ = {.seq = head_.seq + 1, .digest = fixity::digest_of(line)};
  tree_.add(fixity::leaf_digest(line));
}

std::optional<Finding> contradiction(std::int64_t size, const fixity::Digest& root, std::int64_t entries,
                                     const std::optional<fixity::Digest>& there) {
  if (size > entries)
    return Finding{reason::TruncatedTail, "",
                   fmt::format("is over {} entries, the journal has {}", size, entries)};
  if (there != root)
    return Finding{
        reason::InconsistentCheckpoint, "",
        fmt::format("the first {} entries of the journal have another root: they are not those that "
                    "were there",
                    size)};
  return std::nullopt;
}

}  // namespace greffe::journal
