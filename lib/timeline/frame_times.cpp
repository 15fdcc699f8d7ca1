#include "timeline/frame_times.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace greffe::timeline {
namespace {

constexpr std::size_t LeastFrames = 10;
constexpr std::size_t MostPerSecond = 128;  // nothing sends more frames; hostile times do
constexpr std::size_t MostCompared = 100;

// How often the commonest of them is there.
std::size_t longest_run(std::vector<std::int64_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  std::size_t longest = 0, run = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    run = i > 0 && numbers[i] == numbers[i - 1] ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

void FrameTimes::add(std::int64_t ticks, ArrivalTime arrival) {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(arrival).time_since_epoch().count();
  if (!keeps(second)) return;
  if (last_ticks_ == ticks) return;
  last_ticks_ = ticks;
  auto behind = frames_.end();
  while (behind != frames_.begin() && (behind - 1)->second > second) --behind;
  auto first = behind;
  while (first != frames_.begin() && (first - 1)->second == second) --first;
  if (static_cast<std::size_t>(behind - first) >= MostPerSecond) return;
  frames_.insert(behind, {second, ticks});
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

std::vector<FrameTimes::SharedSecond> FrameTimes::shared_with(const FrameTimes& other) const {
  const std::int64_t stride = std::max(stride_, other.stride_);
  const auto take_second = [](Frames& frames) {
    const auto end = std::find_if(frames.begin(), frames.end(),
                                  [&](const Frame& frame) { return frame.second != frames[0].second; });
    const Frames taken = frames.first(static_cast<std::size_t>(end - frames.begin()));
    frames = frames.subspan(taken.size());
    return taken;
  };
  std::vector<SharedSecond> shared;
  Frames ours(frames_), theirs(other.frames_);
  while (!ours.empty() && !theirs.empty()) {
    const std::int64_t second = std::max(ours[0].second, theirs[0].second);
    if (ours[0].second < second) {
      take_second(ours);
    } else if (theirs[0].second < second) {
      take_second(theirs);
    } else {
      const SharedSecond both{take_second(ours), take_second(theirs)};
      if (second % stride == 0) shared.push_back(both);
    }
  }
  return shared;
}

bool FrameTimes::coincide_with(const FrameTimes& other) const {
  const std::vector<SharedSecond> shared = shared_with(other);
  std::size_t most = 0;
  for (const SharedSecond& second : shared) most += std::max(second.ours.size(), second.theirs.size());
  const std::size_t every = std::max<std::size_t>(1, most / MostCompared);
  std::vector<std::int64_t> shifts;
  std::size_t ours = 0, comparable = 0;
  for (std::size_t i = 0; i < shared.size(); i += every) {
    ours += shared[i].ours.size();
    comparable += shared[i].theirs.size();
    for (const Frame& frame : shared[i].ours)
      for (const Frame& known : shared[i].theirs) shifts.push_back(known.ticks - frame.ticks);
  }
  const std::size_t fewer = std::min(ours, comparable);
  if (fewer < LeastFrames || longest_run(shifts) * 10 < fewer * 7) return false;
  return is_uneven() || other.is_uneven();
}

}  // namespace greffe::timeline
