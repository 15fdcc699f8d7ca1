#include "timeline/frame_order.h"

#include <gtest/gtest.h>

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

MeetingTime ms(int at) { return MeetingTime(std::chrono::milliseconds(at)); }

// A track with a clock of 1 kHz whose frames lie at these times.
TrackSidecar track_of(media::CodecId codec, std::vector<int> times, std::vector<int> keys) {
  TrackSidecar track{.codec = codec};
  track.clock.clock_rate = ClockRate{1000};
  track.clock.segments.push_back({.anchor_tick = 0, .anchor = ms(0), .rate_ticks = 1000});
  FrameTicks ticks{.first_tick = times[0], .runs = {}, .empty = false};
  for (std::size_t i = 1; i < times.size(); ++i) ticks.runs.add_step(times[i] - times[i - 1]);
  track.ticks.push_back(std::move(ticks));
  for (const int key : keys) track.key_frames.push_back(ms(key));
  return track;
}

TEST(FrameOrder, PicturesThatAreShownAsCodedAreDueAtTheirTimes) {
  const auto track = track_of(media::CodecId::H264, {0, 40, 80, 120}, {0, 80});
  FrameOrder order(track);
  EXPECT_EQ(order.reordered(), 0);
  EXPECT_EQ(order.due(2), ms(80));
  EXPECT_EQ(order.due(4), std::nullopt);
  EXPECT_EQ(order.last_key_frame(ms(-1)), 0u);
  EXPECT_EQ(order.last_key_frame(ms(79)), 0u);
  EXPECT_EQ(order.last_key_frame(ms(80)), 2u);
  EXPECT_EQ(order.last_key_frame(ms(500)), 2u);
}

TEST(FrameOrder, OfBFramesTheOnesBeforeThemAreDueFirst) {
  // I P B B, I P B B as coded.
  const auto track = track_of(media::CodecId::H265, {0, 120, 40, 80, 160, 280, 200, 240}, {0, 160});
  FrameOrder order(track);
  EXPECT_EQ(order.reordered(), 1);
  EXPECT_EQ(order.time_of(1), ms(120));
  EXPECT_EQ(order.due(1), ms(40));
  EXPECT_EQ(order.due(2), ms(40));
  EXPECT_EQ(order.due(3), ms(80));
  EXPECT_EQ(order.due(5), ms(200));
  EXPECT_EQ(order.last_key_frame(ms(300)), 4u);
}

TEST(FrameOrder, APyramidIsReorderedDeeper) {
  const auto track = track_of(media::CodecId::H264, {0, 160, 80, 40, 120}, {0});
  FrameOrder order(track);
  EXPECT_EQ(order.reordered(), 2);
}

TEST(FrameOrder, TimesOfOtherCodecsNeverFall) {
  const auto track = track_of(media::CodecId::Vp8, {0, 120, 80, 160}, {0});
  FrameOrder order(track);
  EXPECT_EQ(order.reordered(), 0);
  EXPECT_EQ(order.time_of(2), ms(120));
  EXPECT_EQ(order.due(2), ms(120));
}

TEST(FrameOrder, OnlyTheLatestFramesAreRemembered) {
  std::vector<int> times;
  for (int i = 0; i < 1000; ++i) times.push_back(40 * i);
  const auto track = track_of(media::CodecId::H264, times, {0, 400});
  FrameOrder order(track);
  EXPECT_EQ(order.time_of(999), ms(39'960));
  EXPECT_EQ(order.time_of(950), ms(38'000));
  EXPECT_EQ(order.time_of(10), std::nullopt);
  EXPECT_EQ(order.time_of(1000), std::nullopt);
}

}  // namespace
}  // namespace greffe::timeline
