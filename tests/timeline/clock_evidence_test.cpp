#include "timeline/clock_evidence.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

struct Sound {
  ClockObserver observer{ClockRate{48'000}, true};
  std::vector<SeenReport> reports;
  SenderStamps stamps;

  void see(std::int64_t number, std::int64_t ticks, Duration arrival) {
    observer.see({.sequence = number, .ticks = ticks, .arrival = ArrivalTime(arrival)});
  }
  ClockEvidence evidence() {
    const ClockObservation seen = observer.finish();
    return find_evidence({.observation = seen,
                          .stamps = stamps,
                          .reports = reports,
                          .map = fit_arrival(seen, ArrivalTime(10s), {}),
                          .zero = ArrivalTime(10s)});
  }
};

std::vector<std::string> kinds(const ClockEvidence& evidence) {
  std::vector<std::string> all;
  for (const ClockContradiction& one : evidence.contradictions) all.push_back(one.kind);
  return all;
}

TEST(ClockEvidence, ACleanTrackHasOneWitnessAndNoContradiction) {
  Sound sound;
  for (int i = 0; i < 2000; ++i) sound.see(i, i * 960, 10s + i * 20ms);
  const ClockEvidence found = sound.evidence();
  ASSERT_EQ(found.witnesses.size(), 1u);
  EXPECT_EQ(found.witnesses[0].name, "arrival");
  EXPECT_EQ(found.witnesses[0].seen, 2000u);
  EXPECT_EQ(found.witnesses[0].used_for, "place and drift");
  EXPECT_TRUE(found.contradictions.empty());
}

TEST(ClockEvidence, R3_ACaptureStallIsToldWithItsPlace) {
  Sound sound;
  for (int i = 0; i < 2000; ++i) sound.see(i, i * 960, 10s + i * 20ms + (i >= 500 ? 7s : 0s));
  const ClockEvidence found = sound.evidence();
  ASSERT_EQ(kinds(found), std::vector<std::string>{"capture-stall"});
  EXPECT_EQ(whole_ms(*found.contradictions[0].at), 17'000);
  EXPECT_EQ(found.contradictions[0].amount, 7s);
  EXPECT_NE(found.contradictions[0].text.find("0.020 s while 7.020 s"), std::string::npos);
}

TEST(ClockEvidence, R3_LeapsAndStepsOfRtpTimeAreTold) {
  Sound leap, back;
  for (int i = 0; i < 2000; ++i) {
    leap.see(i, i * 960 + (i >= 500 ? 60 * 48'000 : 0), 10s + i * 20ms);
    back.see(i, 48'000'000 + i * 960 - (i >= 500 ? 60 * 48'000 : 0), 10s + i * 20ms);
  }
  EXPECT_EQ(kinds(leap.evidence()), std::vector<std::string>{"rtp-leap"});
  EXPECT_EQ(kinds(back.evidence()), std::vector<std::string>{"rtp-step-back"});
}

TEST(ClockEvidence, R60_AStepOfArrivalMovesNoMediaAndIsTold) {
  Sound sound;
  for (int i = 0; i < 2000; ++i) sound.see(i, i * 960, 10s + i * 20ms + (i >= 1000 ? 10ms : 0ms));
  const ClockEvidence found = sound.evidence();
  ASSERT_EQ(kinds(found), std::vector<std::string>{"arrival-step"});
  EXPECT_EQ(whole_ms(*found.contradictions[0].at), 20'000);
  EXPECT_EQ(*found.witnesses[0].drift_ppm, 0);
}

TEST(ClockEvidence, R9_RefusedReportsAreCountedByTheirReasons) {
  Sound sound;
  for (int i = 0; i < 2000; ++i) sound.see(i, i * 960, 10s + i * 20ms);
  for (int i = 1; i < 8; ++i)
    sound.reports.push_back(
        {.tick = i * 48'000 * 5, .sender = WallTime(1000h + i * 5s), .arrival = ArrivalTime(10s + i * 5s)});
  sound.reports[0].sender = NtpTime{}.wall_time();
  sound.reports[1].tick += 48'000 * 9;
  sound.reports[2].sender += 1h;
  const ClockEvidence found = sound.evidence();
  ASSERT_EQ(kinds(found), std::vector<std::string>{"reports-refused"});
  EXPECT_EQ(
      found.contradictions[0].text,
      "sender-reports: 3 of 7 looked at refused: 1 with NTP time 0, 1 whose RTP time lies over 1 s from "
      "arrival, 1 whose NTP time leaves the sender's clock by over 1 s");
  EXPECT_EQ(whole_ms(*found.contradictions[0].at), 5000);
  ASSERT_EQ(found.witnesses.size(), 2u);
  EXPECT_EQ(found.witnesses[0].name, "sender-reports");
  EXPECT_EQ(found.witnesses[0].refused, 3u);
  EXPECT_NEAR(*found.witnesses[0].offset_ms, (1000.0 * 3600 - 10) * 1000, 1);
}

TEST(ClockEvidence, R3_PacketsOfAlienTimeAreTold) {
  Sound sound;
  for (int i = 0; i < 500; ++i) sound.see(i, i * 960 + (i == 100 ? 48'000 * 60 : 0), 10s + i * 20ms);
  const ClockEvidence found = sound.evidence();
  ASSERT_EQ(kinds(found), std::vector<std::string>{"alien-time"});
  EXPECT_NE(found.contradictions[0].text.find("packet 100"), std::string::npos);
}

}  // namespace
}  // namespace greffe::timeline
