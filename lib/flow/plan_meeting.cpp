#include "flow/plan_meeting.h"

#include "base/progress.h"
#include "flow/sound_stage.h"
#include "mixer/levels.h"

namespace greffe::flow {

Result<std::vector<layout::SpeechLevels>> speech_levels_of(const MeetingFolder& folder, DamageLog& damage) {
  std::vector<layout::SpeechLevels> levels = layout::levels_of(folder.meeting);
  for (const timeline::TrackSidecar& track : folder.meeting.tracks) {
    const bool silent_role = track.role == "screen-audio";  // a film that is played, nobody who speaks
    if (media::facts_of(track.codec).kind != media::Kind::Audio || track.frames == 0 || silent_role) continue;
    if (!track.audio_levels.empty()) continue;
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    auto sound = open_track_sound(folder, track, damage);
    if (!sound) continue;  // the composer says so
    auto measured = mixer::levels_of(**sound, track.range, timeline::AudioLevelStep);
    if (!measured) return fail_within(track.track, measured);
    levels.push_back({track.participant, track.range.start, std::move(*measured)});
  }
  return levels;
}

Result<layout::ScenePlan> plan_meeting(const MeetingFolder& folder, const layout::PlanOptions& options,
                                       DamageLog& damage) {
  GREFFE_TRY(const auto levels, speech_levels_of(folder, damage));
  return layout::plan_of(folder.meeting, layout::utterances_of(levels), options);
}

}  // namespace greffe::flow
