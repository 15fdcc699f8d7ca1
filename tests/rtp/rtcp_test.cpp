#include "rtp/rtcp.h"

#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::Octets;

const Octets Report = {0x80, 200, 0, 6, 0,    0, 0, 9, 0xe0, 0, 0, 1, 0x80, 0,
                       0,    0,   0, 0, 0x10, 0, 0, 0, 0,    5, 0, 0, 1,    0};
const Octets Names = {0x81, 202, 0, 3, 0, 0, 0, 9, 1, 3, 'a', '@', 'b', 0, 0, 0};
const Octets Bye = {0x82, 203, 0, 2, 0, 0, 0, 9, 0, 0, 0, 10};
const Octets ReceiverReport = {0x80, 201, 0, 1, 0, 0, 0, 9};

Octets joined(std::initializer_list<Octets> blocks) {
  Octets all;
  for (const Octets& block : blocks) all.insert(all.end(), block.begin(), block.end());
  return all;
}

TEST(Rtcp, ReadsACompound) {
  const auto compound = parse_compound(joined({Report, ReceiverReport, Names, Bye}));
  ASSERT_TRUE(compound.has_value());
  ASSERT_EQ(compound->sender_reports.size(), 1u);
  const SenderReport& report = compound->sender_reports[0];
  EXPECT_EQ(report.ssrc.value, 9u);
  EXPECT_EQ(report.ntp, (NtpTime{0xe0000001u, 0x80000000u}));
  EXPECT_EQ(report.timestamp.value, 0x1000u);
  EXPECT_EQ(report.packet_count, 5u);
  EXPECT_EQ(report.octet_count, 256u);
  ASSERT_EQ(compound->names.size(), 1u);
  EXPECT_EQ(compound->names[0].cname, "a@b");
  EXPECT_EQ(compound->goodbyes, (std::vector<Ssrc>{{9}, {10}}));
  EXPECT_EQ(compound->bad_blocks, 0u);
}

TEST(Rtcp, R10_ABadNameBlockIsSkippedAndTheRestKept) {
  Octets bad = Names;
  bad[9] = 60;  // the CNAME runs past its block
  const auto compound = parse_compound(joined({Report, bad, Bye}));
  ASSERT_TRUE(compound.has_value());
  EXPECT_EQ(compound->sender_reports.size(), 1u);
  EXPECT_TRUE(compound->names.empty());
  EXPECT_EQ(compound->goodbyes.size(), 2u);
  EXPECT_EQ(compound->bad_blocks, 1u);
}

TEST(Rtcp, R10_ALengthBeyondTheRecordKeepsWhatCameBefore) {
  Octets bad = Bye;
  bad[3] = 200;
  const auto compound = parse_compound(joined({Report, bad}));
  ASSERT_TRUE(compound.has_value());
  EXPECT_EQ(compound->sender_reports.size(), 1u);
  EXPECT_TRUE(compound->goodbyes.empty());
  EXPECT_EQ(compound->bad_blocks, 1u);
}

TEST(Rtcp, R10_BlocksTooShortForWhatTheySayTheyHoldAreBad) {
  Octets report = Report;
  report.resize(report.size() - 4);
  report[3] = 5;
  Octets bye = Bye;
  bye[0] = 0x85;  // five sources, of which two are there
  const auto compound = parse_compound(joined({report, bye, Names}));
  ASSERT_TRUE(compound.has_value());
  EXPECT_TRUE(compound->sender_reports.empty());
  EXPECT_EQ(compound->goodbyes, (std::vector<Ssrc>{{9}, {10}}));
  EXPECT_EQ(compound->names.size(), 1u);
  EXPECT_EQ(compound->bad_blocks, 2u);
}

TEST(Rtcp, R10_BehindABlockOfAnotherVersionNothingIsBelieved) {
  Octets other = Bye;
  other[0] = 0x42;
  const auto compound = parse_compound(joined({Report, other, Names}));
  ASSERT_TRUE(compound.has_value());
  EXPECT_EQ(compound->sender_reports.size(), 1u);
  EXPECT_TRUE(compound->goodbyes.empty());
  EXPECT_TRUE(compound->names.empty());
  EXPECT_EQ(compound->bad_blocks, 1u);
  EXPECT_FALSE(parse_compound(other));
}

TEST(Rtcp, EveryPrefixIsReadOrRejected) {
  const Octets bytes = joined({Report, Names, Bye});
  for (std::size_t size = 0; size <= bytes.size(); ++size)
    EXPECT_EQ(parse_compound(Bytes(bytes).first(size)).has_value(), size >= 2) << size;
}

TEST(Rtcp, IsToldFromRtpByItsSecondOctet) {
  EXPECT_TRUE(is_rtcp(Report));
  EXPECT_FALSE(is_rtcp(test::wire_bytes({.payload_type = 96})));
  EXPECT_FALSE(is_rtcp(test::wire_bytes({.marker = true, .payload_type = 111})));
  EXPECT_FALSE(parse_compound(test::wire_bytes({})).has_value());
}

}  // namespace
}  // namespace greffe::rtp
