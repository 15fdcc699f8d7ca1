// Which parameter sets stand in front of a frame of H.264 (R43).
#include <gtest/gtest.h>

#include "support/nal_sender.h"

namespace greffe::depacketizer {
namespace {

using test::NalSender;
using test::Octets;
using test::Unpacked;

Octets sps() { return test::h264_sps(); }
Octets pps() { return test::h264_pps(); }
Octets idr(unsigned mark = 0) { return test::h264_slice({.key = true, .mark = mark}); }
Octets delta(unsigned mark = 0) { return test::h264_slice({.mark = mark}); }

Unpacked unpack(const NalSender& sender) { return test::unpack(sender.packets, media::CodecId::H264); }

// Slices of one picture set for key frames and another for the rest, as senders with weighted prediction.
TEST(H264ParameterSets, R43_ASetThatOnlyLaterFramesNeedIsRepeatedOnceForEachKeyFrame) {
  const auto by_other = [](unsigned mark) { return test::h264_slice({.pps_id = 1, .mark = mark}); };
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({test::h264_pps(1), by_other(1)});
  sender.frame({by_other(2)});
  sender.frame({idr(3)});
  sender.frame({delta(4)});
  sender.frame({by_other(5)});
  sender.frame({by_other(6)});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 7u);
  EXPECT_EQ(out.frames[2].frame.bytes, test::length_prefixed({by_other(2)}));
  EXPECT_EQ(out.frames[3].frame.bytes, test::length_prefixed({idr(3)}));
  EXPECT_EQ(out.frames[5].frame.bytes, test::length_prefixed({test::h264_pps(1), by_other(5)}));
  EXPECT_EQ(out.frames[6].frame.bytes, test::length_prefixed({by_other(6)}));
  EXPECT_TRUE(out.damage.empty());
}

// Decoders forget a picture set when the sequence set that it needs is another.
TEST(H264ParameterSets, R43_ASetIsRepeatedWhenTheOneAboveItChanges) {
  const Octets small = test::h264_sps({.width_mbs = 10, .height_mbs = 6, .crop_bottom = 3});
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({small, idr(1)});
  sender.frame({idr(2)});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 3u);
  EXPECT_EQ(out.frames[1].frame.bytes, test::length_prefixed({small, pps(), small, idr(1)}));
  EXPECT_EQ(out.frames[2].frame.bytes, test::length_prefixed({small, pps(), idr(2)}));
}

Octets large_pps(unsigned id, std::size_t bytes) {
  Octets unit = test::h264_pps(id);
  unit.resize(bytes, 0xAA);
  return unit;
}

std::size_t bytes_of(const Unpacked& out) {
  std::size_t bytes = 0;
  for (const FrameInTrack& frame : out.frames) bytes += frame.frame.bytes.size();
  return bytes;
}

TEST(H264ParameterSets, R43_SetsThatNoSliceNamesAreNotRepeated) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  for (unsigned id = 1; id <= 40; ++id) sender.packet(large_pps(id, 30'000));
  sender.frame({idr()});
  for (unsigned i = 0; i < 100; ++i) sender.frame({idr(i)});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 102u);
  EXPECT_LT(bytes_of(out), 41u * 30'000);
  EXPECT_TRUE(out.damage.empty());
}

TEST(H264ParameterSets, R43_ALargeSetStaysWhereItStandsAndIsTold) {
  const auto by_large = [](unsigned mark) {
    return test::h264_slice({.key = true, .pps_id = 1, .mark = mark});
  };
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({large_pps(1, 4097), by_large(1)});
  sender.frame({by_large(2)});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 3u);
  EXPECT_EQ(out.frames[1].frame.bytes, test::length_prefixed({large_pps(1, 4097), by_large(1)}));
  EXPECT_EQ(out.frames[2].frame.bytes, test::length_prefixed({by_large(2)}));
  EXPECT_EQ(out.damage.count("sets-not-repeated"), 1u);
}

TEST(H264ParameterSets, R43_WhatIsRepeatedIsBoundedByWhatCame) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  std::vector<Octets> units;
  for (unsigned id = 1; id <= 200; ++id) units.push_back(large_pps(id, 4000));
  units.push_back(idr());
  sender.frame(units);
  units.clear();
  for (unsigned id = 1; id <= 200; ++id)
    units.push_back(test::h264_slice({.key = true, .first_mb = id - 1, .pps_id = id, .bytes = 4}));
  for (int i = 0; i < 20; ++i) sender.frame(units);
  std::size_t came = 0;
  for (const test::TestPacket& packet : sender.packets) came += packet.payload.size() + 4;
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 22u);
  EXPECT_LT(bytes_of(out), 2 * came + (1u << 20) + 5000);
  EXPECT_GT(out.damage.count("sets-not-repeated"), 10u);
}

}  // namespace
}  // namespace greffe::depacketizer
