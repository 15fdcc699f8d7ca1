#include "intake/meeting_clock.h"

#include <algorithm>
#include <map>

namespace greffe::intake {
namespace {

ArrivalTime zero_of(const SurveyedTrack& track, WallTime start) {
  if (track.survey.coding.wall_clock) return ArrivalTime(start.time_since_epoch());
  return track.survey.first_arrival();
}

timeline::ClockMap fit_alone(const SurveyedTrack& track, WallTime start) {
  const ArrivalTime zero = zero_of(track, start);
  if (!track.survey.coding.has_arrival) return timeline::fit_rtp_time(track.survey.clock, zero);
  return timeline::fit_arrival(track.survey.clock, zero, audio_delay_of(track.survey));
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

void warn_of_refused(const SurveyedTrack& track, const char* condition, std::string_view what,
                     const std::vector<timeline::SeenReport>& reports, DamageLog& damage) {
  const std::size_t refused = timeline::judge_reports(track.survey.clock, reports).refused();
  if (refused == 0) return;
  damage.add(
      {.condition = condition,
       .place = track.source.place,
       .unit = "reports",
       .amount = refused,
       .text = fmt::format("{} of {} {} contradict the packets' arrival", refused, reports.size(), what)});
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

void correct_arrivals(std::vector<SurveyedTrack>& tracks, DamageLog& damage) {
  std::vector<timeline::RecordedClock> clocks;
  ArrivalTime first = ArrivalTime::max(), last = ArrivalTime::min();
  for (const SurveyedTrack& track : tracks) {
    if (track.container || !track.survey.coding.wall_clock || !track.survey.coding.has_arrival) continue;
    std::vector<timeline::SeenReport> pairs = track.survey.stamps.captures;
    if (pairs.empty()) pairs = track.reports;
    clocks.push_back({&track.survey.clock, track.participant, std::move(pairs)});
    first = std::min(first, track.survey.first_arrival());
    last = std::max(last, track.survey.last_arrival());
  }
  const timeline::ArrivalCorrection correction(timeline::find_recorder_steps(clocks), first, last);
  if (correction.steps().empty()) return;
  for (SurveyedTrack& track : tracks)
    if (!track.container && track.survey.coding.wall_clock && track.survey.coding.has_arrival)
      correction.correct(track.survey.clock, {&track.reports, &track.survey.stamps.captures});
  for (const timeline::RecorderStep& step : correction.steps())
    damage.add(
        {.condition = "recorder-clock-step",
         .place = tracks.front().source.place,
         .unit = "ms",
         .amount = static_cast<std::uint64_t>(std::abs(whole_ms(step.height))),
         .text = fmt::format("the recorder's clock steps {} by {:.3f} s at {}; no media is moved for it",
                             step.height < Duration::zero() ? "back" : "ahead",
                             std::abs(static_cast<double>(step.height.count())) / 1e9,
                             rfc3339(WallTime(step.before.time_since_epoch()), 3))});
}

namespace {

// What one kind of witness says of each track; nullopt where it says nothing that can be used.
struct Witnesses {
  std::string_view name;
  std::vector<std::optional<timeline::SenderClock>> clocks;
};

std::vector<std::size_t> members_with(const Witnesses& witnesses, const std::vector<std::size_t>& members) {
  std::vector<std::size_t> with;
  for (const std::size_t i : members)
    if (witnesses.clocks[i]) with.push_back(i);
  return with;
}

// Fits those members of one sender that this kind of witness speaks of; they leave `members` when that
// succeeds.
void fit_members(const std::vector<SurveyedTrack>& tracks, const Witnesses& witnesses, WallTime start,
                 std::vector<std::size_t>& members, std::vector<FittedClock>& fitted, DamageLog& damage) {
  const std::vector<std::size_t> with = members_with(witnesses, members);
  if (with.empty()) return;
  std::vector<timeline::ReportedTrack> together;
  for (const std::size_t i : with)
    together.push_back({&tracks[i].survey.clock, *witnesses.clocks[i], audio_delay_of(tracks[i].survey)});
  const auto shared = timeline::fit_shared(together, zero_of(tracks[with.front()], start), witnesses.name);
  if (!shared) {
    damage.add({.condition = "sender-clocks-apart",
                .place = tracks[with.front()].participant,
                .text = fmt::format(
                    "the tracks' {} do not share one clock",
                    witnesses.name == timeline::SenderReports ? "sender reports" : "capture times")});
    return;
  }
  for (std::size_t k = 0; k < with.size(); ++k) fitted[with[k]].map = (*shared)[k];
  std::erase_if(members, [&](std::size_t i) { return witnesses.clocks[i].has_value(); });
}

void fit_sender(const std::vector<SurveyedTrack>& tracks, const Witnesses& captures, const Witnesses& reports,
                WallTime start, std::vector<std::size_t> members, std::vector<FittedClock>& fitted,
                DamageLog& damage) {
  const bool by_capture = members_with(captures, members).size() >= members_with(reports, members).size();
  fit_members(tracks, by_capture ? captures : reports, start, members, fitted, damage);
  fit_members(tracks, by_capture ? reports : captures, start, members, fitted, damage);
}

std::set<std::string> hosts_of(const SurveyedTrack& track) {
  std::set<std::string> hosts;
  for (const auto& [ssrc, flows] : track.survey.flows)
    for (const dump::Flow& flow : flows)
      if (!flow.from.empty()) hosts.emplace(dump::host_of(flow.from));
  return hosts;
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return b.contains(one); });
}

// Whether two tracks of one participant may come from one machine: a person may have the camera on a laptop
// and the microphone on a telephone.
bool may_be_one_sender(const SurveyedTrack& a, const SurveyedTrack& b) {
  if (!a.cnames.empty() && !b.cnames.empty()) return meet(a.cnames, b.cnames);
  const std::set<std::string> here = hosts_of(a), there = hosts_of(b);
  return here.empty() || there.empty() || meet(here, there);
}

using Members = std::vector<std::size_t>;
std::vector<Members> by_sender(const std::vector<SurveyedTrack>& tracks, const Members& members) {
  std::vector<Members> senders;
  for (const std::size_t i : members) {
    const auto known = std::find_if(senders.begin(), senders.end(), [&](const Members& others) {
      return std::all_of(others.begin(), others.end(),
                         [&](std::size_t other) { return may_be_one_sender(tracks[i], tracks[other]); });
    });
    if (known == senders.end())
      senders.push_back({i});
    else
      known->push_back(i);
  }
  return senders;
}

// Media that does not lie where it arrived, by more than a network explains.
void warn_of_place(const SurveyedTrack& track, const timeline::ClockEvidence& evidence, DamageLog& damage) {
  for (const timeline::ClockContradiction& one : evidence.contradictions)
    if (one.kind == "place-apart")
      damage.add({.condition = "place-apart",
                  .place = track.source.place,
                  .unit = "ms",
                  .amount = static_cast<std::uint64_t>(std::abs(whole_ms(one.amount))),
                  .text = one.text});
}

timeline::ClockEvidence evidence_of(const SurveyedTrack& track, const timeline::ClockMap& map,
                                    WallTime start) {
  if (track.container)
    return {.witnesses = {{.name = "container", .seen = 1, .used_for = "place and drift"}}};
  return timeline::find_evidence({.observation = track.survey.clock,
                                  .stamps = track.survey.stamps,
                                  .reports = track.reports,
                                  .map = map,
                                  .zero = zero_of(track, start)});
}

std::optional<timeline::SenderClock> clock_of(const SurveyedTrack& track,
                                              const std::vector<timeline::SeenReport>& reports) {
  if (track.container || reports.empty()) return std::nullopt;
  return timeline::fit_reports(track.survey.clock, reports);
}

}  // namespace

std::vector<FittedClock> fit_meeting(const std::vector<SurveyedTrack>& tracks, WallTime start,
                                     DamageLog& damage) {
  std::vector<FittedClock> fitted;
  std::map<std::string, std::vector<std::size_t>> by_participant;
  Witnesses captures{.name = timeline::CaptureTimes}, reports{.name = timeline::SenderReports};
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const SurveyedTrack& track = tracks[i];
    captures.clocks.push_back(clock_of(track, track.survey.stamps.captures));
    reports.clocks.push_back(clock_of(track, track.reports));
    if (track.container) {
      fitted.push_back({.map = track.container->clock_for(start)});
      warn_of_missing_start(track, damage);
      continue;
    }
    fitted.push_back({.map = fit_alone(track, start)});
    by_participant[track.participant].push_back(i);
    warn_of_refused(track, "sender-reports-refused", "sender reports", track.reports, damage);
    warn_of_refused(track, "capture-times-refused", "capture times", track.survey.stamps.captures, damage);
  }
  for (const auto& [participant, members] : by_participant)
    for (const Members& of_sender : by_sender(tracks, members))
      fit_sender(tracks, captures, reports, start, of_sender, fitted, damage);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    warn_of_drift(tracks[i], fitted[i].map, damage);
    fitted[i].evidence = evidence_of(tracks[i], fitted[i].map, start);
    warn_of_place(tracks[i], fitted[i].evidence, damage);
  }
  return fitted;
}

}  // namespace greffe::intake
