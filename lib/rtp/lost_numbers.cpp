#include "rtp/lost_numbers.h"

#include <algorithm>

namespace greffe::rtp {

void LostNumbers::add(std::int64_t first, std::int64_t count) {
  gaps_.push_back({first, first + count});
  while (gaps_.size() > Most) gaps_.pop_front();
}

bool LostNumbers::take(std::int64_t number) {
  const auto gap =
      std::partition_point(gaps_.begin(), gaps_.end(), [&](const Gap& known) { return known.end <= number; });
  if (gap == gaps_.end() || number < gap->first) return false;
  const Gap behind{number + 1, gap->end};
  gap->end = number;
  if (behind.first < behind.end) {
    if (gap->first < gap->end)
      gaps_.insert(gap + 1, behind);
    else
      *gap = behind;
  } else if (gap->first == gap->end) {
    gaps_.erase(gap);
  }
  return true;
}

}  // namespace greffe::rtp
