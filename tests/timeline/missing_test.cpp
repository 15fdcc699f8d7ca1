#include "timeline/missing.h"

#include <gtest/gtest.h>

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

TimeRange range(Duration start, Duration end) { return {MeetingTime(start), MeetingTime(end)}; }

// Pictures every 40 ms from 0 to 10 s.
TrackSidecar camera() {
  TrackSidecar sidecar{.codec = media::CodecId::Vp8, .packets = 251};
  sidecar.range = range(0ms, 10s);
  sidecar.clock.clock_rate = {90'000};
  sidecar.clock.segments.push_back({.first_tick = 0, .last_tick = 900'000});
  sidecar.ticks.push_back({.first_tick = 0, .runs = {{3600, 250}}, .empty = false});
  sidecar.decodable = {range(0s, 10s)};
  return sidecar;
}

TrackSidecar microphone() {
  TrackSidecar sidecar{.codec = media::CodecId::Opus, .packets = 500};
  sidecar.range = range(0ms, 10s);
  sidecar.decodable = {range(0s, 10s)};
  return sidecar;
}

TEST(Missing, AWholeTrackMissesNothing) {
  EXPECT_TRUE(missing_of(camera()).empty());
  EXPECT_TRUE(missing_of(microphone()).empty());
  EXPECT_FALSE(totals_of(camera(), {}).worst);
}

TEST(Missing, APictureStandsFromWhereTheNextWasDueToTheNextGoodOne) {
  TrackSidecar sidecar = camera();
  sidecar.lost = 2;
  sidecar.losses = {{range(2s, 2040ms), 77, 2}};
  sidecar.decodable = {range(0s, 2s), range(2600ms, 10s)};
  const auto spans = missing_of(sidecar);
  EXPECT_EQ(spans, (std::vector<MissingSpan>{{MissingKind::Loss, range(2s, 2040ms), 2},
                                             {MissingKind::Freeze, range(2040ms, 2600ms)}}));
  const MissingTotals totals = totals_of(sidecar, spans);
  EXPECT_EQ(totals.freeze, 560ms);
  EXPECT_EQ(totals.expected_packets, 253u);
  EXPECT_NEAR(totals.loss_percent(), 0.79, 0.01);
  ASSERT_TRUE(totals.worst);
  EXPECT_EQ(totals.worst->start, MeetingTime(2s));
  EXPECT_EQ(totals.worst->missing, 560ms);
}

TEST(Missing, PacketsThatWereRebuiltWereExpectedToo) {
  TrackSidecar sidecar = microphone();
  sidecar.packets = 92;
  sidecar.duplicates = 2;
  sidecar.recovered = 6;
  sidecar.lost = 4;
  const MissingTotals totals = totals_of(sidecar, {});
  EXPECT_EQ(totals.expected_packets, 100u);
  EXPECT_DOUBLE_EQ(totals.loss_percent(), 4.0);
}

TEST(Missing, R7_AFreezeLeavesOutWhatWasNeverSent) {
  TrackSidecar sidecar = camera();
  sidecar.losses = {{range(2s, 7s), 77, 1}};
  sidecar.decodable = {range(0s, 2s), range(9s, 10s)};
  sidecar.gaps = {{range(2080ms, 7s), "no-media"}, {range(7s, 9s), "lost"}};
  EXPECT_EQ(missing_of(sidecar), (std::vector<MissingSpan>{{MissingKind::Loss, range(2s, 2080ms), 1},
                                                           {MissingKind::Freeze, range(2040ms, 2080ms)},
                                                           {MissingKind::Stall, range(2080ms, 7s)},
                                                           {MissingKind::Freeze, range(7s, 9s)}}));
}

TEST(Missing, R22_LossLiesBesideComfortNoise) {
  TrackSidecar sidecar = microphone();
  sidecar.losses = {{range(1s, 9s), 77, 1}};
  sidecar.gaps = {{range(1s, 8980ms), "comfort-noise"}, {range(8980ms, 9s), "lost"}};
  EXPECT_EQ(missing_of(sidecar), (std::vector<MissingSpan>{{MissingKind::Loss, range(8980ms, 9s), 1},
                                                           {MissingKind::Concealment, range(8980ms, 9s)}}));
}

TEST(Missing, PacketsAfterTheLastPictureAreAFreezeToTheEnd) {
  TrackSidecar sidecar = camera();
  sidecar.clock.segments[0].last_tick = 90'000 * 15;
  EXPECT_EQ(missing_of(sidecar), (std::vector<MissingSpan>{{MissingKind::Freeze, range(10'040ms, 15s)}}));
}

TEST(Missing, R30_PicturesBeforeTheFirstKeyFrameAreTold) {
  TrackSidecar sidecar = camera();
  sidecar.range.start = MeetingTime(3s);
  sidecar.decodable = {range(3s, 10s)};
  sidecar.damage = {{.condition = "no-key-frame", .count = 75}};
  EXPECT_EQ(missing_of(sidecar), (std::vector<MissingSpan>{{MissingKind::LateKeyFrame, range(0s, 3s)}}));
}

TEST(Missing, R7_LostSoundIsConcealedForATenthOfASecondAndSilentAfter) {
  TrackSidecar sidecar = microphone();
  sidecar.gaps = {{range(1s, 1060ms), "lost"}, {range(4s, 5300ms), "lost"}};
  const auto spans = missing_of(sidecar);
  EXPECT_EQ(spans, (std::vector<MissingSpan>{{MissingKind::Concealment, range(1s, 1060ms)},
                                             {MissingKind::Concealment, range(4s, 4100ms)},
                                             {MissingKind::Silence, range(4100ms, 5300ms)}}));
  const MissingTotals totals = totals_of(sidecar, spans);
  EXPECT_EQ(totals.concealment, 160ms);
  EXPECT_EQ(totals.silence, 1200ms);
  EXPECT_EQ(totals.worst->start, MeetingTime(4s));
  EXPECT_EQ(totals.worst->missing, 1s);
}

TEST(Missing, R27_OnlyALongPauseIsAStall) {
  TrackSidecar sidecar = microphone();
  sidecar.gaps = {{range(1s, 1400ms), "no-media"}, {range(2s, 9s), "no-media"}};
  const auto spans = missing_of(sidecar);
  EXPECT_EQ(spans, (std::vector<MissingSpan>{{MissingKind::Stall, range(2s, 9s)}}));
  EXPECT_FALSE(totals_of(sidecar, spans).worst) << "nobody lost anything";
}

TEST(Missing, R50_ACutDumpIsTruncatedAtItsEnd) {
  TrackSidecar sidecar = microphone();
  sidecar.damage = {{.condition = "record-cut", .count = 1}};
  const auto spans = missing_of(sidecar);
  EXPECT_EQ(spans, (std::vector<MissingSpan>{{MissingKind::Truncation, range(10s, 10s)}}));
  EXPECT_TRUE(totals_of(sidecar, spans).truncated);
}

TEST(Missing, R50_ACutFileOfAnotherPlatformIsAsWell) {
  for (const char* condition : {"file-cut", "file-breaks-off"}) {
    TrackSidecar sidecar = camera();
    sidecar.damage = {{.condition = condition, .count = 1}};
    EXPECT_TRUE(totals_of(sidecar, missing_of(sidecar)).truncated) << condition;
  }
}

TEST(Missing, ALongSpanCountsAsFullSeconds) {
  const std::vector<MissingSpan> spans{{MissingKind::Freeze, range(500ms, Duration(INT64_MAX / 2))}};
  const auto worst = totals_of(camera(), spans).worst;
  ASSERT_TRUE(worst);
  EXPECT_EQ(worst->start, MeetingTime(1s));
  EXPECT_EQ(worst->missing, 1s);
}

TEST(Missing, LimitsAreExceededOnlyAbove) {
  MissingTotals totals{.expected_packets = 100, .lost_packets = 2, .silence = 3s, .freeze = 500ms};
  EXPECT_TRUE(exceeded({}, totals).empty());
  EXPECT_TRUE(exceeded({.loss_percent = 2.0, .silence = 3s, .freeze = 1s}, totals).empty());
  EXPECT_EQ(exceeded({.loss_percent = 1.5, .silence = 2s, .freeze = 0s}, totals),
            (std::vector<std::string>{"loss 2.00 % is above 1.50 %", "silence 3.000 s is above 2.000 s",
                                      "freeze 0.500 s is above 0.000 s"}));
}

}  // namespace
}  // namespace greffe::timeline
