#include "intake/sidecar_builder.h"

#include <algorithm>
#include <utility>

namespace greffe::intake {
namespace {

constexpr Duration AudioGap = std::chrono::microseconds(500);
constexpr std::uint8_t Silence = 127;
constexpr std::size_t MostLevels = 30 * 3600 * 10;  // 30 hours of 100 ms

bool is_audio(const timeline::TrackSidecar& sidecar) {
  return media::facts_of(sidecar.codec).kind == media::Kind::Audio;
}

}  // namespace

Duration SidecarBuilder::duration_of(const media::CodedFrame& frame) const {
  return Duration(frame.duration_ticks * 1'000'000'000 / sidecar_.clock.clock_rate.hz);
}

void SidecarBuilder::add_tick(std::uint32_t segment, std::int64_t tick) {
  // Segments in which nothing could be decoded have no frames; their place stays, so that indices agree.
  while (sidecar_.ticks.size() < segment) sidecar_.ticks.push_back({});
  if (sidecar_.ticks.size() == segment) {
    sidecar_.ticks.push_back({.first_tick = tick, .runs = {}, .empty = false});
  } else {
    sidecar_.ticks[segment].runs.add_step(tick - last_tick_);
  }
  last_tick_ = tick;
}

MeetingTime SidecarBuilder::add(const depacketizer::FrameInTrack& in_track,
                                const std::vector<Pause>& pauses) {
  const media::CodedFrame& frame = in_track.frame;
  const MeetingTime at = sidecar_.clock.at(in_track.segment, frame.ticks);
  add_tick(in_track.segment, frame.ticks);
  for (const depacketizer::NoiseInTrack& change : in_track.comfort_noise)
    sidecar_.comfort_noise.push_back({sidecar_.clock.at(change.segment, change.ticks), change.noise});
  const bool first = !std::exchange(begun_, true);
  if (first) {
    sidecar_.range.start = at;
    decodable_from_ = at;
  } else {
    sidecar_.range.start = std::min(sidecar_.range.start, at);  // B frames behind hidden ones
    add_gap(in_track, at, pauses);
  }
  ++sidecar_.frames;
  const bool follows = !first && !in_track.after_damage && at > end_;
  if (follows) step_ = std::min(at - end_, VideoGap);
  if (is_audio(sidecar_))
    add_level(frame, at);
  else
    add_picture(frame, at);
  end_ = std::max(end_, at + duration_of(frame));
  stays_ = is_audio(sidecar_) || frame.duration_ticks > 0 ? Duration::zero() : step_;
  return at;
}

MeetingTime SidecarBuilder::add_hidden(const media::CodedFrame& frame) {
  const MeetingTime at = sidecar_.clock.at(0, frame.ticks);
  add_tick(0, frame.ticks);
  ++sidecar_.frames;
  add_picture(frame, at);
  return at;
}

void SidecarBuilder::add_gap(const depacketizer::FrameInTrack& in_track, MeetingTime at,
                             const std::vector<Pause>& pauses) {
  if (!in_track.after_damage) {
    add_gap({end_, at}, in_track.after_comfort_noise ? "comfort-noise" : "no-media");
    return;
  }
  sidecar_.decodable.push_back({*decodable_from_, end_});
  decodable_from_ = at;
  MeetingTime lost_from = end_;
  for (const Pause& pause : pauses) {
    const TimeRange silent{std::max(pause.range.start, lost_from), pause.range.end};
    if (silent.end - silent.start <= least_gap()) continue;
    add_gap({lost_from, silent.start}, "lost");
    add_gap(silent, pause.comfort_noise ? "comfort-noise" : "no-media");
    lost_from = silent.end;
  }
  add_gap({lost_from, at}, "lost");
}

void SidecarBuilder::add_gap(TimeRange range, const char* why) {
  if (range.end - range.start > least_gap()) sidecar_.gaps.push_back({range, why});
}

Duration SidecarBuilder::least_gap() const { return is_audio(sidecar_) ? AudioGap : VideoGap; }

void SidecarBuilder::add_level(const media::CodedFrame& frame, MeetingTime at) {
  if (!frame.audio_level) return;
  ++levelled_;
  const std::int64_t step = (at - sidecar_.range.start) / timeline::AudioLevelStep;
  if (step < 0 || static_cast<std::size_t>(step) >= MostLevels) return;
  auto& levels = sidecar_.audio_levels;
  if (levels.size() <= static_cast<std::size_t>(step))
    levels.resize(static_cast<std::size_t>(step) + 1, Silence);
  auto& loudest = levels[static_cast<std::size_t>(step)];
  loudest = std::min(loudest, *frame.audio_level);
}

void SidecarBuilder::add_picture(const media::CodedFrame& frame, MeetingTime at) {
  if (sidecar_.codec == media::CodecId::Vp9) add_layers(frame, at);
  if (frame.key) sidecar_.key_frames.push_back(at);
  if (frame.size && (sidecar_.sizes.empty() || sidecar_.sizes.back().size != *frame.size))
    sidecar_.sizes.push_back({at, *frame.size});
  const media::Orientation before =
      sidecar_.orientations.empty() ? media::Orientation{} : sidecar_.orientations.back().orientation;
  if (frame.orientation && *frame.orientation != before)
    sidecar_.orientations.push_back({at, *frame.orientation});
}

// What holds from one key frame to the next is told as one span.
void SidecarBuilder::end_layers(MeetingTime at) {
  if (!last_key_ || !layers_.holds()) return;
  auto& spans = sidecar_.separable_layers;
  if (!spans.empty() && spans.back().end == *last_key_)
    spans.back().end = at;
  else
    spans.push_back({*last_key_, at});
}

void SidecarBuilder::add_layers(const media::CodedFrame& frame, MeetingTime at) {
  if (frame.key) {
    end_layers(at);
    last_key_ = at;
  }
  layers_.add(frame.bytes);
}

void SidecarBuilder::finish() {
  sidecar_.range.end = sidecar_.frames > 0 ? end_ + stays_ : end_;
  end_layers(end_ + Duration(1));
  // A sender that says it of some packets alone is not silent in the others: its sound is measured.
  if (levelled_ * 10 < sidecar_.frames * 9) sidecar_.audio_levels.clear();
  if (decodable_from_) sidecar_.decodable.push_back({*decodable_from_, end_});
}

}  // namespace greffe::intake
