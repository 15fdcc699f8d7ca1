#include "timeline/frame_times.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace greffe::timeline {
namespace {

constexpr std::size_t LeastFrames = 10;
constexpr std::size_t MostPerSecond = 256;  // nothing sends more frames; hostile times do

}  // namespace

void FrameTimes::add(std::int64_t ticks, ArrivalTime arrival) {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(arrival).time_since_epoch().count();
  if (!keeps(second)) return;
  if (!frames_.empty() && frames_.back().ticks == ticks) return;
  const auto first_of_second =
      std::find_if(frames_.rbegin(), frames_.rend(), [&](const Frame& f) { return f.second != second; });
  if (static_cast<std::size_t>(first_of_second - frames_.rbegin()) >= MostPerSecond) return;
  frames_.push_back({second, ticks});
  while (frames_.size() > Most) {
    stride_ *= 2;
    std::erase_if(frames_, [&](const Frame& frame) { return !keeps(frame.second); });
  }
}

// Steps of one length fit any other camera of that rate.
bool FrameTimes::is_uneven() const {
  std::map<std::int64_t, std::size_t> steps;
  std::size_t count = 0;
  std::size_t commonest = 0;
  for (std::size_t i = 1; i < frames_.size(); ++i) {
    if (frames_[i].second != frames_[i - 1].second) continue;
    ++count;
    commonest = std::max(commonest, ++steps[frames_[i].ticks - frames_[i - 1].ticks]);
  }
  return commonest * 10 < count * 9;
}

bool FrameTimes::coincide_with(const FrameTimes& other) const {
  const std::int64_t stride = std::max(stride_, other.stride_);
  std::multimap<std::int64_t, std::int64_t> theirs;
  for (const Frame& frame : other.frames_)
    if (frame.second % stride == 0) theirs.emplace(frame.second, frame.ticks);
  std::map<std::int64_t, std::size_t> shifts;
  std::size_t ours = 0;
  std::map<std::int64_t, bool> shared;
  for (const Frame& frame : frames_) {
    const auto [first, last] = theirs.equal_range(frame.second);
    if (first == last) continue;
    ++ours;
    shared[frame.second] = true;
    for (auto known = first; known != last; ++known) ++shifts[known->second - frame.ticks];
  }
  std::size_t comparable = 0;
  for (const auto& [second, ticks] : theirs) comparable += shared.contains(second) ? 1 : 0;
  const std::size_t fewer = std::min(ours, comparable);
  if (fewer < LeastFrames || (!is_uneven() && !other.is_uneven())) return false;
  const auto best = std::max_element(shifts.begin(), shifts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->second * 10 >= fewer * 7;
}

}  // namespace greffe::timeline
