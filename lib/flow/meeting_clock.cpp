#include "flow/meeting_clock.h"

#include <algorithm>
#include <map>

namespace greffe::flow {
namespace {

ArrivalTime zero_of(const SurveyedTrack& track, WallTime start) {
  if (track.survey.coding.wall_clock) return ArrivalTime(start.time_since_epoch());
  return track.survey.first_arrival();
}

// A track whose arrival says nothing at all has its first packet at meeting time 0.
timeline::ClockMap fit_alone(const SurveyedTrack& track, WallTime start) {
  const timeline::AudioDelay delay =
      track.survey.coding.has_arrival ? audio_delay_of(track.survey) : timeline::AudioDelay{};
  timeline::ClockMap map = timeline::fit_arrival(track.survey.clock, zero_of(track, start), delay);
  if (!track.survey.coding.has_arrival) map.witness = "none";
  return map;
}

void warn_of_drift(const SurveyedTrack& track, const timeline::ClockMap& map, DamageLog& damage) {
  constexpr double OnePercent = 10'000;
  for (const timeline::ClockSegment& segment : map.segments)
    if (const double ppm = segment.drift_ppm(map.clock_rate); std::abs(ppm) > OnePercent)
      damage.add({.condition = "clock-drift",
                  .place = track.source.place,
                  .unit = "ppm",
                  .position = 0,
                  .amount = static_cast<std::uint64_t>(std::abs(ppm)),
                  .text = fmt::format("the sender's clock is {:.1f} % off", ppm / 10'000)});
}

void warn_of_reports(const SurveyedTrack& track, std::size_t refused, DamageLog& damage) {
  if (refused == 0) return;
  damage.add({.condition = "sender-reports-refused",
              .place = track.source.place,
              .unit = "reports",
              .amount = refused,
              .text = fmt::format("{} of {} sender reports contradict the packets' arrival", refused,
                                  track.reports.size())});
}

void warn_of_missing_start(const SurveyedTrack& track, DamageLog& damage) {
  if (track.container->begun) return;
  damage.add({.condition = "no-start-time",
              .place = track.source.place,
              .text =
                  "the file does not say when it began: it is taken to begin with the meeting; better name "
                  "\"started_at\" in meeting.json"});
}

}  // namespace

std::optional<WallTime> find_start(const std::vector<SurveyedTrack>& tracks, std::optional<WallTime> start) {
  if (start) return start;
  for (const SurveyedTrack& track : tracks) {
    std::optional<WallTime> first;
    if (track.container)
      first = track.container->begun;
    else if (track.survey.coding.wall_clock)
      first = WallTime(track.survey.first_arrival().time_since_epoch());
    if (first) start = start ? std::min(*start, *first) : *first;
  }
  return start;
}

std::vector<timeline::ClockMap> fit_meeting(const std::vector<SurveyedTrack>& tracks, WallTime start,
                                            DamageLog& damage) {
  std::vector<timeline::ClockMap> maps;
  std::map<std::string, std::vector<std::size_t>> reported;  // by participant
  std::vector<std::optional<timeline::SenderClock>> clocks;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].container) {
      maps.push_back(tracks[i].container->clock_for(start));
      clocks.emplace_back();
      warn_of_missing_start(tracks[i], damage);
      continue;
    }
    maps.push_back(fit_alone(tracks[i], start));
    clocks.push_back(tracks[i].reports.empty()
                         ? std::nullopt
                         : timeline::fit_reports(tracks[i].survey.clock, tracks[i].reports));
    if (clocks[i]) reported[tracks[i].participant].push_back(i);
    warn_of_reports(tracks[i], clocks[i] ? clocks[i]->refused : tracks[i].reports.size(), damage);
  }
  for (const auto& [participant, members] : reported) {
    std::vector<timeline::ReportedTrack> together;
    for (const std::size_t i : members)
      together.push_back({&tracks[i].survey.clock, *clocks[i], audio_delay_of(tracks[i].survey)});
    const auto shared = timeline::fit_shared(together, zero_of(tracks[members.front()], start));
    if (!shared) {
      damage.add({.condition = "sender-clocks-apart",
                  .place = participant,
                  .text = "the tracks' sender reports do not share one clock; arrival is taken"});
      continue;
    }
    for (std::size_t k = 0; k < members.size(); ++k) maps[members[k]] = (*shared)[k];
  }
  for (std::size_t i = 0; i < tracks.size(); ++i) warn_of_drift(tracks[i], maps[i], damage);
  return maps;
}

}  // namespace greffe::flow
