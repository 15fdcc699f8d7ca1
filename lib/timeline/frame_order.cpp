#include "timeline/frame_order.h"

#include <algorithm>

namespace greffe::timeline {
namespace {

constexpr std::size_t MostReordered = 16;  // max_num_reorder_frames of H.264, its like of H.265
// A decoder holds back no more pictures than that, whatever it reorders.
constexpr std::size_t Window = 4 * MostReordered;

// RTP time goes back inside a segment.
bool goes_back(const TrackSidecar& track) {
  if (track.codec != media::CodecId::H264 && track.codec != media::CodecId::H265) return false;
  return std::any_of(track.ticks.begin(), track.ticks.end(), [](const FrameTicks& frames) {
    for (const TickRun& run : frames.runs)
      if (run.step_ticks < 0) return true;
    return false;
  });
}

int most_reordered(const TrackSidecar& track) {
  if (!goes_back(track)) return 0;
  FrameCursor cursor(track);
  std::deque<MeetingTime> before;
  std::ptrdiff_t most = 0;
  while (const auto time = cursor.next()) {
    most = std::max(most, std::count_if(before.begin(), before.end(), [&](auto t) { return t > *time; }));
    before.push_back(*time);
    if (before.size() > MostReordered) before.pop_front();
  }
  return static_cast<int>(most);
}

}  // namespace

std::optional<MeetingTime> FrameOrder::Times::next() {
  const auto time = cursor_.next();
  if (time) last_ = last_ && !may_fall_ ? std::max(*last_, *time) : *time;
  return time ? last_ : std::nullopt;
}

FrameOrder::FrameOrder(const TrackSidecar& track)
    : track_(&track),
      reordered_(most_reordered(track)),
      times_(track, reordered_ > 0),
      ahead_(track, reordered_ > 0) {
  find_next_key_frame();
}

std::optional<MeetingTime> FrameOrder::time_of(std::uint64_t frame) {
  while (frame >= window_start_ + window_.size()) {
    const auto time = times_.next();
    if (!time) return std::nullopt;
    window_.push_back(*time);
    if (window_.size() > Window) window_.pop_front(), ++window_start_;
  }
  if (frame < window_start_) return std::nullopt;
  return window_[static_cast<std::size_t>(frame - window_start_)];
}

std::optional<MeetingTime> FrameOrder::due(std::uint64_t frame) {
  std::optional<MeetingTime> earliest = time_of(frame);
  for (int behind = 1; behind <= reordered_ && earliest; ++behind)
    if (const auto time = time_of(frame + static_cast<std::uint64_t>(behind)))
      earliest = std::min(*earliest, *time);
  return earliest;
}

void FrameOrder::find_next_key_frame() {
  next_key_frame_.reset();
  const auto& keys = track_->key_frames;
  while (key_frames_passed_ < keys.size()) {
    const auto time = ahead_.next();
    if (!time) return;
    const std::uint64_t frame = ahead_frame_++;
    // One that the list of frames passes over is none.
    while (reordered_ == 0 && key_frames_passed_ < keys.size() && keys[key_frames_passed_] < *time)
      ++key_frames_passed_;
    if (key_frames_passed_ == keys.size() || keys[key_frames_passed_] != *time) continue;
    ++key_frames_passed_;
    next_key_frame_ = KeyFrame{frame, *time};
    return;
  }
}

std::uint64_t FrameOrder::last_key_frame(MeetingTime time) {
  while (next_key_frame_ && next_key_frame_->time <= time) {
    last_key_frame_ = next_key_frame_->frame;
    find_next_key_frame();
  }
  return last_key_frame_;
}

}  // namespace greffe::timeline
