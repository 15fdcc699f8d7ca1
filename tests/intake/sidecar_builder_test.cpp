#include "intake/sidecar_builder.h"

#include <gtest/gtest.h>

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;

timeline::TrackSidecar audio() {
  timeline::TrackSidecar sidecar{.codec = media::CodecId::Opus};
  sidecar.clock.clock_rate = ClockRate{48'000};
  for (const auto at : {0ms, 10'000ms})
    sidecar.clock.segments.push_back({.anchor_tick = 0, .anchor = MeetingTime(at), .rate_ticks = 48'000});
  return sidecar;
}

depacketizer::FrameInTrack frame(std::int64_t tick, std::uint32_t segment = 0, bool after_damage = false) {
  depacketizer::FrameInTrack made;
  made.frame.ticks = tick;
  made.frame.duration_ticks = 960;
  made.frame.bytes = {1};
  made.segment = segment;
  made.after_damage = after_damage;
  return made;
}

timeline::TrackSidecar video() {
  timeline::TrackSidecar sidecar{.codec = media::CodecId::Vp8};
  sidecar.clock.clock_rate = ClockRate{90'000};
  sidecar.clock.segments.push_back({.anchor_tick = 0, .anchor = MeetingTime(0ms), .rate_ticks = 90'000});
  return sidecar;
}

depacketizer::FrameInTrack picture(std::int64_t tick, bool after_damage = false) {
  depacketizer::FrameInTrack made = frame(tick, 0, after_damage);
  made.frame.duration_ticks = 0;
  return made;
}

// The end of the track, whose pictures come at these ticks.
MeetingTime end_of(const std::vector<std::int64_t>& ticks) {
  timeline::TrackSidecar sidecar = video();
  SidecarBuilder builder(sidecar);
  for (const std::int64_t tick : ticks) builder.add(picture(tick));
  builder.finish();
  EXPECT_EQ(sidecar.decodable.back().end, MeetingTime(ticks.back() * 1ms / 90));
  return sidecar.range.end;
}

TEST(SidecarBuilder, TheLastPictureStaysAsLongAsTheOneBefore) {
  EXPECT_EQ(end_of({0, 3600, 7200}), MeetingTime(120ms));
  EXPECT_EQ(end_of({0, 90'000}), MeetingTime(2s));
  EXPECT_EQ(end_of({0, 900'000}), MeetingTime(11'500ms)) << "but no longer than what is no gap";
  EXPECT_EQ(end_of({0}), MeetingTime(1500ms));
}

TEST(SidecarBuilder, ALostPictureSaysNothingOfHowLongTheLastStays) {
  timeline::TrackSidecar sidecar = video();
  SidecarBuilder builder(sidecar);
  for (const std::int64_t tick : {0, 3600}) builder.add(picture(tick));
  builder.add(picture(90'000, true));
  builder.finish();
  EXPECT_EQ(sidecar.range.end, MeetingTime(1040ms));
}

TEST(SidecarBuilder, APictureWhoseLengthIsKnownStaysThatLong) {
  timeline::TrackSidecar sidecar = video();
  SidecarBuilder builder(sidecar);
  for (const std::int64_t tick : {0, 9000}) builder.add(frame(tick));
  builder.finish();
  EXPECT_EQ(sidecar.range.end, MeetingTime(100ms) + Duration(10'666'666));
}

TEST(SidecarBuilder, R27_ASilenceWithoutPacketsIsAGapNotDamage) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  builder.add(frame(0));
  builder.add(frame(960));
  builder.add(frame(960 + 19'200));
  builder.finish();
  ASSERT_EQ(sidecar.gaps.size(), 1u);
  EXPECT_EQ(sidecar.gaps[0].range, (TimeRange{MeetingTime(40ms), MeetingTime(420ms)}));
  EXPECT_EQ(sidecar.gaps[0].why, "no-media");
  EXPECT_EQ(sidecar.decodable, (std::vector<TimeRange>{{MeetingTime(0ms), MeetingTime(440ms)}}));
}

TEST(SidecarBuilder, R22_SilenceAfterComfortNoiseHasItsName) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  builder.add(frame(0));
  depacketizer::FrameInTrack after = frame(9600);
  after.after_comfort_noise = true;
  after.comfort_noise.push_back({.segment = 0, .ticks = 960, .noise = {50, {}}});
  builder.add(after);
  after = frame(19'200, 0, true);
  after.after_comfort_noise = true;
  builder.add(after);
  ASSERT_EQ(sidecar.gaps.size(), 2u);
  EXPECT_EQ(sidecar.gaps[0].why, "comfort-noise");
  EXPECT_EQ(sidecar.gaps[1].why, "lost");
  ASSERT_EQ(sidecar.comfort_noise.size(), 1u);
  EXPECT_EQ(sidecar.comfort_noise[0].at, sidecar.clock.at(0, 960));
}

TEST(SidecarBuilder, LossPartsTheDecodableSpans) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  builder.add(frame(0));
  builder.add(frame(1920, 0, true));
  builder.finish();
  EXPECT_EQ(sidecar.gaps[0].why, "lost");
  ASSERT_EQ(sidecar.decodable.size(), 2u);
  EXPECT_EQ(sidecar.decodable[0].end, MeetingTime(20ms));
  EXPECT_EQ(sidecar.decodable[1].start, MeetingTime(40ms));
}

TEST(SidecarBuilder, R7_APauseBesideLossIsNotLost) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  builder.add(frame(0));
  builder.add(frame(480'000, 0, true),
              {{{MeetingTime(40ms), MeetingTime(5s)}, false}, {{MeetingTime(6s), MeetingTime(10s)}, true}});
  builder.finish();
  ASSERT_EQ(sidecar.gaps.size(), 4u);
  const std::vector<std::pair<int, const char*>> wanted{
      {40, "lost"}, {5000, "no-media"}, {6000, "lost"}, {10'000, "comfort-noise"}};
  MeetingTime start(20ms);
  for (std::size_t i = 0; i < 4; ++i) {
    const MeetingTime end{std::chrono::milliseconds(wanted[i].first)};
    EXPECT_EQ(sidecar.gaps[i].range, (TimeRange{start, end}));
    EXPECT_EQ(sidecar.gaps[i].why, wanted[i].second);
    start = end;
  }
  EXPECT_EQ(sidecar.decodable.size(), 2u);
}

TEST(SidecarBuilder, FrameTimesComeBackFromItsTicks) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  std::vector<MeetingTime> times;
  for (const auto& [tick, segment] :
       {std::pair(5, 0u), std::pair(965, 0u), std::pair(2000, 0u), std::pair(0, 1u), std::pair(960, 1u)})
    times.push_back(builder.add(frame(tick, segment)));
  builder.finish();
  EXPECT_EQ(sidecar.frame_times(), times);
  EXPECT_EQ(sidecar.frames, 5u);
}

TEST(SidecarBuilder, ASegmentWithoutFramesKeepsItsPlace) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  const MeetingTime only = builder.add(frame(0, 1));
  builder.finish();
  EXPECT_EQ(sidecar.frame_times(), std::vector<MeetingTime>{only});
  EXPECT_EQ(only, MeetingTime(10s));
}

TEST(SidecarBuilder, LevelsKeepTheLoudestOfEachTenthOfASecond) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  for (int i = 0; i < 20; ++i) {
    auto loud = frame(i * 960);
    loud.frame.audio_level = static_cast<std::uint8_t>(i == 7 ? 10 : 60);
    builder.add(loud);
  }
  builder.finish();
  EXPECT_EQ(sidecar.audio_levels, (std::vector<std::uint8_t>{60, 10, 60, 60}));
}

// They would be taken for silence where packets say nothing.
TEST(SidecarBuilder, LevelsOfSomePacketsAloneAreNone) {
  timeline::TrackSidecar sidecar = audio();
  SidecarBuilder builder(sidecar);
  for (int i = 0; i < 20; ++i) {
    auto quiet = frame(i * 960);
    if (i < 10) quiet.frame.audio_level = 60;
    builder.add(quiet);
  }
  builder.finish();
  EXPECT_TRUE(sidecar.audio_levels.empty());
}

}  // namespace
}  // namespace greffe::intake
