#include "film/film_gains.h"

#include <algorithm>
#include <cmath>

#include "base/parse.h"
#include "film/open_track_sound.h"

namespace greffe::film {
namespace {

// One that does not open or ends too soon is as loud as what is heard of it; the sound stage tells.
Result<std::vector<mixer::LoudBlock>> measure(const timeline::MeetingFolder& folder,
                                              const timeline::TrackSidecar& track) {
  if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
  DamageLog told_later;
  auto sound = open_track_sound(folder, track, told_later);
  GREFFE_CHECK(unless_damaged(sound));
  if (!sound) return std::vector<mixer::LoudBlock>{};
  auto blocks = mixer::loudness_of(**sound);
  if (!blocks) return fail_within(track.track, blocks);
  return std::move(*blocks);
}

}  // namespace

Result<TrackGains> loudness_gains(const timeline::MeetingFolder& folder, double target_lufs,
                                  const LoudnessOfTracks& known, const Workers& workers) {
  std::vector<const timeline::TrackSidecar*> tracks;
  for (const timeline::TrackSidecar& track : folder.meeting.tracks)
    if (media::facts_of(track.codec).kind == media::Kind::Audio && track.frames > 0) tracks.push_back(&track);
  std::vector<std::vector<mixer::LoudBlock>> sounds(tracks.size());
  GREFFE_CHECK(workers.run("loudness", tracks.size(), [&](std::size_t i) -> Status {
    if (const auto there = known.find(tracks[i]->track); there != known.end()) {
      sounds[i] = there->second;
      return {};
    }
    GREFFE_TRY(sounds[i], measure(folder, *tracks[i]));
    return {};
  }));
  const std::vector<int> gains = mixer::gains_for(sounds, target_lufs);
  TrackGains all;
  for (std::size_t i = 0; i < tracks.size(); ++i) all.push_back({tracks[i]->track, gains[i]});
  return all;
}

Result<std::optional<double>> loudness_target_of(std::string_view text) {
  if (text == "off") return std::nullopt;
  const auto lufs = find_number<double>(text);
  if (!lufs || !(*lufs >= -40 && *lufs <= -5))
    return fail(ErrorKind::Usage, "loudness \"{}\": off, or LUFS from -40 to -5, like -23", text);
  return std::round(100 * *lufs) / 100;
}

int gain_of(std::string_view track, const TrackGains& gains) {
  const auto found =
      std::find_if(gains.begin(), gains.end(), [&](const auto& g) { return g.track == track; });
  return found == gains.end() ? 0 : found->gain;
}

}  // namespace greffe::film
