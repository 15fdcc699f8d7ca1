#include "film/plan_meeting.h"

#include "base/log.h"
#include "base/progress.h"
#include "film/open_track_sound.h"
#include "film/read_plan.h"
#include "mixer/levels.h"

namespace greffe::film {
namespace {

// A track whose packets say nothing about levels, and what was measured of it.
struct HeardTrack {
  const timeline::TrackSidecar* track = nullptr;
  DamageLog damage;
  std::vector<std::uint8_t> levels;
  std::vector<mixer::LoudBlock> loudness;
};

Status hear(const timeline::MeetingFolder& folder, Measure measure, HeardTrack& heard) {
  if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
  const auto sound = open_track_sound(folder, *heard.track, heard.damage);
  GREFFE_CHECK(unless_damaged(sound));
  if (!sound) return {};  // the composer says so
  mixer::MeteredSound metered(**sound);
  const bool meter = measure == Measure::LevelsAndLoudness;
  auto levels = mixer::levels_of(meter ? metered : **sound, heard.track->range, timeline::AudioLevelStep);
  if (!levels) return fail_within(heard.track->track, levels);
  heard.levels = std::move(*levels);
  heard.loudness = std::move(metered).blocks();
  return {};
}

std::vector<HeardTrack> tracks_to_hear(const timeline::Meeting& meeting) {
  std::vector<HeardTrack> tracks;
  for (const timeline::TrackSidecar& track : meeting.tracks)
    if (layout::may_speak(track) && track.frames > 0 && track.audio_levels.empty())
      tracks.emplace_back().track = &track;
  return tracks;
}

}  // namespace

Result<MeetingPlan> plan_meeting(const timeline::MeetingFolder& folder, const layout::PlanOptions& options,
                                 Measure measure, const Workers& workers, DamageLog& damage) {
  std::vector<HeardTrack> tracks = tracks_to_hear(folder.meeting);
  GREFFE_CHECK(workers.run("listening", tracks.size(),
                           [&](std::size_t i) { return hear(folder, measure, tracks[i]); }));
  std::vector<layout::SpeechLevels> levels = layout::levels_of(folder.meeting);
  MeetingPlan plan;
  for (HeardTrack& heard : tracks) {
    damage.add_all(heard.damage);
    levels.push_back({heard.track->participant, heard.track->range.start, std::move(heard.levels)});
    if (measure == Measure::LevelsAndLoudness) plan.loudness[heard.track->track] = std::move(heard.loudness);
  }
  for (const std::string& idle : layout::idle_patterns(options.regions, folder.meeting))
    log::warning("{} fits nobody in this meeting", idle);
  GREFFE_TRY(plan.scenes, layout::plan_of(folder.meeting, layout::utterances_of(levels), options));
  return plan;
}

Result<MeetingPlan> read_or_plan(const std::optional<Path>& scenes, const timeline::MeetingFolder& folder,
                                 const layout::PlanOptions& options, Measure measure, const Workers& workers,
                                 DamageLog& damage) {
  if (!scenes) return plan_meeting(folder, options, measure, workers, damage);
  MeetingPlan plan;
  GREFFE_TRY(plan.scenes, read_plan(*scenes, folder.meeting));
  return plan;
}

}  // namespace greffe::film
