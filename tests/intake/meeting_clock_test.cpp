#include "intake/meeting_clock.h"

#include <gtest/gtest.h>

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;

constexpr Duration Began = 1'000'000s;

// Ten minutes of a track whose packets leave `late` after their media; arrival is 30 ms later.
SurveyedTrack track_of(std::string participant, media::CodecId codec, Duration late) {
  SurveyedTrack track{.source = {.place = participant}, .participant = participant};
  track.survey.coding.codec = codec;
  track.survey.coding.clock = media::facts_of(codec).rtp_clock;
  const std::int64_t step = track.survey.coding.clock.hz / 50;
  timeline::ClockObserver observer(track.survey.coding.clock, true);
  for (int i = 0; i < 50 * 600; ++i)
    observer.see({.sequence = i, .ticks = i * step, .arrival = ArrivalTime(Began + i * 20ms + late + 30ms)});
  track.survey.clock = observer.finish();
  return track;
}

// One pair a second of a sender's clock that is an hour off.
std::vector<timeline::SeenReport> pairs(const SurveyedTrack& track, Duration shift = 0s) {
  std::vector<timeline::SeenReport> all;
  for (int i = 1; i < 600; ++i)
    all.push_back({.tick = i * std::int64_t{track.survey.coding.clock.hz},
                   .sender = WallTime(Began + 1h + i * 1s + shift),
                   .arrival = ArrivalTime(Began + i * 1s + 40ms)});
  return all;
}

std::vector<std::string> witnesses(const std::vector<FittedClock>& fitted) {
  std::vector<std::string> all;
  for (const FittedClock& one : fitted) all.push_back(one.map.witness);
  return all;
}

Duration apart(const std::vector<FittedClock>& fitted) {
  return fitted[0].map.at(0, 48'000) - fitted[1].map.at(0, 90'000);
}

struct Pair {
  std::vector<SurveyedTrack> tracks{track_of("a", media::CodecId::Opus, 120ms),
                                    track_of("a", media::CodecId::Vp8, 0ms)};
  DamageLog damage;
  std::vector<FittedClock> fit() { return fit_meeting(tracks, WallTime(Began), damage); }
};

TEST(MeetingClock, R4_CaptureTimesPutTheTracksOfOnePersonOnOneClock) {
  Pair pair;
  for (SurveyedTrack& track : pair.tracks) {
    track.survey.stamps.captures = pairs(track);
    track.survey.stamps.capture_times = 599;
  }
  const auto fitted = pair.fit();
  EXPECT_EQ(witnesses(fitted), (std::vector<std::string>{"abs-capture-time", "abs-capture-time"}));
  EXPECT_EQ(apart(fitted), 0ns);
  EXPECT_TRUE(pair.damage.entries().empty());
  EXPECT_EQ(fitted[0].evidence.witnesses[0].name, "abs-capture-time");
  EXPECT_NEAR(*fitted[0].evidence.witnesses[0].offset_ms, 3'600'000, 200);
}

// R9: reports 700 ms stale are within what is accepted, but they are no clock that two tracks share.
TEST(MeetingClock, R9_ClocksThatLieFarApartAgainstArrivalAreNotShared) {
  Pair pair;
  pair.tracks[0].reports = pairs(pair.tracks[0], -500ms);
  pair.tracks[1].reports = pairs(pair.tracks[1], 200ms);
  EXPECT_EQ(witnesses(pair.fit()), (std::vector<std::string>{"arrival", "arrival"}));
  ASSERT_EQ(pair.damage.entries().size(), 1u);
  EXPECT_EQ(pair.damage.entries()[0].condition, "sender-clocks-apart");
}

TEST(MeetingClock, R9_ReportsThatPlaceATrackFarFromArrivalAreTold) {
  Pair pair;
  pair.tracks.pop_back();
  SurveyedTrack& track = pair.tracks[0];
  timeline::ClockObserver observer(track.survey.coding.clock, true);
  for (int i = 0; i < 50 * 600; ++i)
    observer.see({.sequence = i,
                  .ticks = i * 960,
                  .arrival = ArrivalTime(Began + i * 20ms + 30ms),
                  .starts_segment = i == 50 * 300});
  track.survey.clock = observer.finish();
  track.reports = pairs(track);
  for (std::size_t i = 0; i < 300; ++i) track.reports[i].sender -= 600ms;
  const auto fitted = pair.fit();
  ASSERT_EQ(witnesses(fitted), std::vector<std::string>{"sender-reports"});
  ASSERT_EQ(fitted[0].evidence.contradictions.size(), 1u);
  EXPECT_EQ(fitted[0].evidence.contradictions[0].kind, "place-apart");
  EXPECT_NE(fitted[0].evidence.contradictions[0].text.find("ms earlier than by arrival"), std::string::npos);
  ASSERT_EQ(pair.damage.entries().size(), 1u);
  EXPECT_EQ(pair.damage.entries()[0].condition, "place-apart");
}

// What becomes of two tracks of one person whose reports are 30 ms apart.
std::vector<std::string> places(const std::vector<std::string>& cnames,
                                const std::vector<std::string>& from) {
  Pair pair;
  for (std::size_t i = 0; i < 2; ++i) {
    SurveyedTrack& track = pair.tracks[i];
    if (i < cnames.size() && !cnames[i].empty()) track.cnames = {cnames[i]};
    if (i < from.size()) track.survey.flows[Ssrc{1}] = {{from[i], "10.0.9.9:6000"}};
    track.reports = pairs(track, i == 0 ? 0ms : -30ms);
  }
  const auto fitted = pair.fit();
  EXPECT_EQ(witnesses(fitted), (std::vector<std::string>{"sender-reports", "sender-reports"}));
  EXPECT_TRUE(pair.damage.entries().empty());
  return {apart(fitted) == 30ms ? "shared" : "each its own"};
}

TEST(MeetingClock, R4_TracksShareAClockOnlyWhenTheyHaveOneSender) {
  const std::vector<std::string> shared{"shared"}, own{"each its own"};
  EXPECT_EQ(places({}, {}), shared) << "nothing is known of senders";
  EXPECT_EQ(places({"laptop", "laptop"}, {"10.0.0.1:5000", "10.0.0.2:5000"}), shared);
  EXPECT_EQ(places({"laptop", "phone"}, {"10.0.0.1:5000", "10.0.0.1:5002"}), own);
  EXPECT_EQ(places({"laptop"}, {"10.0.0.1:5000", "10.0.0.1:5002"}), shared);
  EXPECT_EQ(places({"laptop"}, {"10.0.0.1:5000", "10.0.0.2:5000"}), own);
  EXPECT_EQ(places({}, {"10.0.0.1:5000", "10.0.0.2:5000"}), own);
}

TEST(MeetingClock, CaptureTimesComeBeforeReports) {
  Pair pair;
  for (SurveyedTrack& track : pair.tracks) track.survey.stamps.captures = track.reports = pairs(track);
  EXPECT_EQ(witnesses(pair.fit()), (std::vector<std::string>{"abs-capture-time", "abs-capture-time"}));
}

TEST(MeetingClock, R4_ReportsOfAllTracksComeBeforeCaptureTimesOfOne) {
  Pair pair;
  for (SurveyedTrack& track : pair.tracks) track.reports = pairs(track);
  pair.tracks[1].survey.stamps.captures = pairs(pair.tracks[1]);
  EXPECT_EQ(witnesses(pair.fit()), (std::vector<std::string>{"sender-reports", "sender-reports"}));
}

TEST(MeetingClock, R9_CaptureTimesThatContradictArrivalAreRefusedAndReportsServe) {
  Pair pair;
  for (SurveyedTrack& track : pair.tracks) {
    track.reports = pairs(track);
    track.survey.stamps.captures = pairs(track);
    for (timeline::SeenReport& capture : track.survey.stamps.captures)
      capture.tick += 5 * std::int64_t{track.survey.coding.clock.hz};
  }
  EXPECT_EQ(witnesses(pair.fit()), (std::vector<std::string>{"sender-reports", "sender-reports"}));
  ASSERT_EQ(pair.damage.entries().size(), 1u);
  EXPECT_EQ(pair.damage.entries()[0].condition, "capture-times-refused");
  EXPECT_EQ(pair.damage.entries()[0].amount, 2u * 599u);
}

TEST(MeetingClock, R9_ClocksThatAreNotOneFallBackToArrival) {
  Pair pair;
  pair.tracks[0].reports = pairs(pair.tracks[0]);
  pair.tracks[1].reports = pairs(pair.tracks[1], 10s);
  EXPECT_EQ(witnesses(pair.fit()), (std::vector<std::string>{"arrival", "arrival"}));
  ASSERT_EQ(pair.damage.entries().size(), 1u);
  EXPECT_EQ(pair.damage.entries()[0].condition, "sender-clocks-apart");
}

TEST(MeetingClock, R60_ARecorderWhoseClockIsSetMovesNoMedia) {
  std::vector<SurveyedTrack> tracks{track_of("a", media::CodecId::Opus, 0ms),
                                    track_of("b", media::CodecId::Vp8, 0ms)};
  for (SurveyedTrack& track : tracks) {
    timeline::ClockObserver observer(track.survey.coding.clock, true);
    for (int i = 0; i < 50 * 600; ++i)
      observer.see({.sequence = i,
                    .ticks = i * std::int64_t{track.survey.coding.clock.hz} / 50,
                    .arrival = ArrivalTime(Began + i * 20ms - (i >= 20'000 ? 1h : 0h))});
    track.survey.clock = observer.finish();
    ASSERT_EQ(track.survey.clock.segments.size(), 2u);
  }
  DamageLog damage;
  correct_arrivals(tracks, damage);
  const auto fitted = fit_meeting(tracks, WallTime(Began), damage);
  EXPECT_EQ(whole_ms(fitted[1].map.at(1, 90'000 * 500)), 500'000);
  ASSERT_EQ(fitted[1].evidence.contradictions.size(), 1u);
  EXPECT_EQ(fitted[1].evidence.contradictions[0].kind, "recorder-clock-step");
  ASSERT_EQ(damage.entries().size(), 1u);
  EXPECT_EQ(damage.entries()[0].condition, "recorder-clock-step");
  EXPECT_EQ(damage.entries()[0].amount, 3'600'000u);
}

TEST(MeetingClock, R8_BrokenHardwareIsFollowedAndToldAbove1Percent) {
  std::vector<SurveyedTrack> tracks{track_of("a", media::CodecId::Opus, 0ms)};
  timeline::ClockObserver observer(ClockRate{48'000}, true);
  const auto slow = [](int i) { return Duration(i * std::int64_t{20'400'000}); };  // 2 %
  for (int i = 0; i < 50 * 3600; ++i)
    observer.see({.sequence = i, .ticks = i * 960, .arrival = ArrivalTime(Began + slow(i))});
  tracks[0].survey.clock = observer.finish();
  DamageLog damage;
  const auto fitted = fit_meeting(tracks, WallTime(Began), damage);
  EXPECT_NEAR(fitted[0].map.segments[0].drift_ppm(ClockRate{48'000}), -19'608, 5);
  EXPECT_NEAR(static_cast<double>(
                  (fitted[0].map.at(0, 960 * 50 * 3600).time_since_epoch() - slow(50 * 3600)).count()),
              -20e6, 40e6);
  ASSERT_EQ(damage.entries().size(), 1u);
  EXPECT_EQ(damage.entries()[0].condition, "clock-drift");
}

TEST(MeetingClock, ATrackWithoutArrivalTimesHasNoDriftAndBeginsWithItsRecording) {
  std::vector<SurveyedTrack> tracks{track_of("a", media::CodecId::Opus, 0ms)};
  tracks[0].survey.coding.has_arrival = false;
  tracks[0].reports.clear();
  timeline::ClockObserver observer(ClockRate{48'000}, false);
  for (int i = 0; i < 50 * 60; ++i)
    observer.see({.sequence = i, .ticks = i * 960, .arrival = ArrivalTime(Began + 5s)});
  tracks[0].survey.clock = observer.finish();
  DamageLog damage;
  const auto fitted = fit_meeting(tracks, WallTime(Began), damage);
  EXPECT_TRUE(damage.entries().empty());
  EXPECT_EQ(fitted[0].map.witness, "none");
  EXPECT_EQ(fitted[0].map.at(0, 0), MeetingTime(5s));
  EXPECT_EQ(fitted[0].map.at(0, 48'000 * 60), MeetingTime(65s));
}

// R9: reports that give one NTP time to any RTP time, as some clients do.
TEST(MeetingClock, R9_ReportsWhoseRtpTimeIsUnrelatedLeaveArrivalInPlace) {
  std::vector<SurveyedTrack> tracks{track_of("a", media::CodecId::Opus, 0ms)};
  tracks[0].reports = pairs(tracks[0]);
  for (timeline::SeenReport& report : tracks[0].reports)
    report.tick = report.tick * 7 % 48'000'000 + 96'000'000;
  DamageLog damage;
  const auto fitted = fit_meeting(tracks, WallTime(Began), damage);
  EXPECT_EQ(fitted[0].map.witness, "arrival");
  ASSERT_EQ(damage.entries().size(), 1u);
  EXPECT_EQ(damage.entries()[0].condition, "sender-reports-refused");
}

}  // namespace
}  // namespace greffe::intake
