#include "flow/plan_meeting.h"

#include <thread>

#include "base/progress.h"
#include "flow/open_track_sound.h"
#include "mixer/levels.h"

namespace greffe::flow {

namespace {

// A track whose packets say nothing about levels, and what was measured of it.
struct Measurement {
  const timeline::TrackSidecar* track = nullptr;
  DamageLog damage;
  std::vector<std::uint8_t> levels;
  Status status;
};

void measure(const MeetingFolder& folder, Measurement& measurement) {
  if (stop_requested()) {
    measurement.status = fail(ErrorKind::Interrupted, "stopped");
    return;
  }
  auto sound = open_track_sound(folder, *measurement.track, measurement.damage);
  if (!sound) return;  // the composer says so
  auto levels = mixer::levels_of(**sound, measurement.track->range, timeline::AudioLevelStep);
  if (levels)
    measurement.levels = std::move(*levels);
  else
    measurement.status = fail_within(measurement.track->track, levels);
}

std::vector<Measurement> tracks_to_measure(const timeline::Meeting& meeting) {
  std::vector<Measurement> measurements;
  for (const timeline::TrackSidecar& track : meeting.tracks) {
    const bool voice = media::facts_of(track.codec).kind == media::Kind::Audio && track.frames > 0 &&
                       track.role != "screen-audio";  // a film that is played is nobody who speaks
    if (voice && track.audio_levels.empty()) measurements.emplace_back().track = &track;
  }
  return measurements;
}

}  // namespace

Result<std::vector<layout::SpeechLevels>> speech_levels_of(const MeetingFolder& folder, DamageLog& damage) {
  std::vector<layout::SpeechLevels> levels = layout::levels_of(folder.meeting);
  std::vector<Measurement> measurements = tracks_to_measure(folder.meeting);
  // Tracks do not depend on each other: two cores take every second one each.
  const auto measure_from = [&](std::size_t first) {
    for (std::size_t i = first; i < measurements.size(); i += 2) measure(folder, measurements[i]);
  };
  std::thread other([&] { measure_from(1); });
  measure_from(0);
  other.join();
  for (Measurement& measured : measurements) {
    GREFFE_CHECK(measured.status);
    damage.add_all(measured.damage);
    levels.push_back({measured.track->participant, measured.track->range.start, std::move(measured.levels)});
  }
  return levels;
}

Result<layout::ScenePlan> plan_meeting(const MeetingFolder& folder, const layout::PlanOptions& options,
                                       DamageLog& damage) {
  GREFFE_TRY(const auto levels, speech_levels_of(folder, damage));
  return layout::plan_of(folder.meeting, layout::utterances_of(levels), options);
}

}  // namespace greffe::flow
