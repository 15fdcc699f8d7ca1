#include "intake/loss_recorder.h"

#include <gtest/gtest.h>

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;

class NumberedPackets final : public rtp::PacketSource {
 public:
  explicit NumberedPackets(std::vector<rtp::OrderedPacket> packets) : packets_(std::move(packets)) {}
  Result<rtp::OrderedPacket*> next() override { return at_ == packets_.size() ? nullptr : &packets_[at_++]; }

 private:
  std::vector<rtp::OrderedPacket> packets_;
  std::size_t at_ = 0;
};

rtp::OrderedPacket numbered(std::int64_t sequence, std::int64_t ms, std::uint32_t lost_before = 0,
                            bool starts_segment = false) {
  rtp::OrderedPacket made;
  made.sequence = 65'536 + sequence;  // see as_sent()
  made.ticks = 90 * ms;
  made.lost_before = lost_before;
  made.starts_segment = starts_segment;
  return made;
}

// Of a camera whose second segment, if any, lies a minute later.
std::vector<timeline::PacketLoss> losses_of(std::vector<rtp::OrderedPacket> packets) {
  timeline::TrackSidecar sidecar;
  sidecar.clock.clock_rate = ClockRate{90'000};
  for (const auto at : {0ms, 60'000ms}) sidecar.clock.segments.push_back({.anchor = MeetingTime(at)});
  NumberedPackets source(std::move(packets));
  LossRecorder recorder(source, sidecar);
  while (recorder.next().value()) continue;
  return sidecar.losses;
}

timeline::PacketLoss loss(Duration start, Duration end, std::int64_t first, std::uint64_t packets) {
  return {{MeetingTime(start), MeetingTime(end)}, first, packets};
}
using Losses = std::vector<timeline::PacketLoss>;

TEST(LossRecorder, ALossLiesBetweenThePacketsAroundIt) {
  EXPECT_EQ(losses_of({numbered(7, 0), numbered(8, 40), numbered(11, 160, 2), numbered(12, 200)}),
            Losses{loss(40ms, 160ms, 9, 2)});
  EXPECT_EQ(losses_of({numbered(7, 0, 3)}), Losses()) << "nothing was before the first";
}

TEST(LossRecorder, ASegmentHasAClockOfItsOwn) {
  EXPECT_EQ(
      losses_of({numbered(7, 0, 0, true), numbered(8, 40), numbered(20, 0, 0, true), numbered(22, 80, 1)}),
      Losses{loss(60'000ms, 60'080ms, 21, 1)});
  EXPECT_EQ(losses_of({numbered(7, 40, 0, true), numbered(20, 0, 5, true)}),
            Losses{loss(40ms, 60'000ms, 15, 5)});
}

// B frames are sent behind what they are shown before.
TEST(LossRecorder, ARangeEndsWhereItsNextPacketIsShown) {
  EXPECT_EQ(losses_of({numbered(7, 120), numbered(9, 40, 1)}), Losses{loss(40ms, 40ms, 8, 1)});
}

TEST(LossRecorder, MoreLossesThanASidecarHoldsAreJoinedWithTheLast) {
  std::vector<rtp::OrderedPacket> packets{numbered(0, 0)};
  for (int i = 1; i <= 50'002; ++i) packets.push_back(numbered(2 * i, i, 1));
  const auto losses = losses_of(std::move(packets));
  ASSERT_EQ(losses.size(), 50'000U);
  EXPECT_EQ(losses.back().packets, 3U);
  EXPECT_EQ(losses.back().range.end, MeetingTime(50'002ms));
}

}  // namespace
}  // namespace greffe::intake
