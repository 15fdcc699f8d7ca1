#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/h264_headers.h"
#include "media/recovery_point.h"
#include "support/nal_sender.h"
#include "support/vp9_writer.h"

namespace greffe::depacketizer {
namespace {

using test::H264SliceFields;
using test::NalSender;
using test::Octets;
using test::Unpacked;
using testing::ElementsAre;
using testing::IsEmpty;

Octets sps() { return test::h264_sps(); }
Octets pps() { return test::h264_pps(); }
Octets idr(unsigned mark = 0) { return test::h264_slice({.key = true, .mark = mark}); }
Octets delta(unsigned mark = 0) { return test::h264_slice({.mark = mark}); }

// §5.7.1
Octets stap_a(const std::vector<Octets>& units) {
  Octets payload{0x78};
  for (const Octets& unit : units) {
    payload.push_back(static_cast<std::uint8_t>(unit.size() >> 8));
    payload.push_back(static_cast<std::uint8_t>(unit.size()));
    payload.insert(payload.end(), unit.begin(), unit.end());
  }
  return payload;
}

// §5.8: `count` fragments.
std::vector<Octets> fu_a(const Octets& unit, std::size_t count) {
  std::vector<Octets> all;
  const std::size_t body = unit.size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned ends = (i == 0 ? 0x80u : 0u) | (i + 1 == count ? 0x40u : 0u);
    Octets payload{static_cast<std::uint8_t>((unit[0] & 0xE0) | 28),
                   static_cast<std::uint8_t>(ends | (unit[0] & 0x1Fu))};
    const auto at = [&](std::size_t part) {
      return unit.begin() + 1 + static_cast<std::ptrdiff_t>(body * part / count);
    };
    payload.insert(payload.end(), at(i), at(i + 1));
    all.push_back(payload);
  }
  return all;
}

Unpacked unpack(const NalSender& sender, const std::string& format_parameters = {}) {
  return test::unpack(sender.packets, media::CodecId::H264, format_parameters);
}

// Key frame 0 with its sets (3 packets), then `deltas` frames of two packets each.
NalSender simple(int deltas) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  for (int i = 1; i <= deltas; ++i) sender.frame({delta(), test::h264_slice({.first_mb = 100})});
  return sender;
}

TEST(H264Depacketizer, EveryShapeOfPacketGivesTheSameUnits) {
  NalSender sender;
  sender.packet(stap_a({sps(), pps()}));
  for (const Octets& part : fu_a(idr(), 3)) sender.packet(part);
  sender.packet(test::h264_slice({.key = true, .first_mb = 150}), true);
  sender.end_frame();
  sender.frame({delta()});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.frames[0].frame.bytes,
            test::length_prefixed({sps(), pps(), idr(), test::h264_slice({.key = true, .first_mb = 150})}));
  EXPECT_EQ(out.frames[1].frame.bytes, test::length_prefixed({delta()}));
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_FALSE(out.frames[1].frame.key);
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 240}));
  EXPECT_TRUE(out.damage.empty());
  EXPECT_EQ(out.codec_private, media::avcc_of(*media::parse_h264_sps(sps()), {sps()}, {pps()}));
}

TEST(H264Depacketizer, R32_AFrameEndsWhenRtpTimeChangesNotAtAMarkerInside) {
  NalSender sender;
  sender.packet(sps(), true);
  sender.packet(pps(), true);
  sender.packet(idr(), true);
  sender.end_frame();
  sender.frame({delta()});
  EXPECT_EQ(unpack(sender).frames.at(0).frame.bytes, test::length_prefixed({sps(), pps(), idr()}));
}

TEST(H264Depacketizer, R32_SendersWithoutMarkersEndFramesByTime) {
  NalSender sender = simple(40);
  for (auto& packet : sender.packets) packet.marker = false;
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.frames.size(), 40u);  // nothing shows that the last one has ended
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
}

TEST(H264Depacketizer, R32_AFrameWithoutItsEndIsDroppedThoughNoNumberIsMissing) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.packet(delta());  // the rest was never sent
  sender.end_frame();
  sender.frame({delta()});
  sender.frame({sps(), pps(), idr()});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 3));
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
}

TEST(H264Depacketizer, AnUnfinishedFrameThatNoOtherNeedsHurtsNoOther) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.packet(test::h264_slice({.droppable = true}));
  sender.end_frame();
  sender.frame({delta()});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_TRUE(out.frames[1].after_damage);
}

TEST(H264Depacketizer, R42_LosingAnyPacketLosesItsFrameAndWhatRefersToIt) {
  for (std::size_t lost = 0; lost < 11; ++lost) {
    NalSender sender = simple(2);          // 0 … 6
    sender.frame({sps(), pps(), idr(5)});  // 7 … 9
    sender.frame({delta(6)});              // 10
    sender.frame({sps(), pps(), idr(7)});
    sender.lose(lost);
    const Unpacked out = unpack(sender);
    std::vector<int> expected;
    for (int frame = 0; frame < 6; ++frame) {
      const bool first_run = frame < 3 && lost >= 3 && frame < static_cast<int>(lost - 3) / 2 + 1;
      const bool second_run = (frame == 3 && (lost < 7 || lost > 9)) || (frame == 4 && lost < 7);
      if (first_run || second_run || frame == 5) expected.push_back(frame);
    }
    EXPECT_EQ(out.numbers(), expected) << lost;
    // The tail of the first packet's frame is not missed: nothing was known before it.
    EXPECT_EQ(out.damage.empty(), false) << lost;
  }
}

TEST(H264Depacketizer, R42_AFragmentWithoutItsStartOrEndIsNoUnit) {
  for (const std::size_t lost : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    NalSender sender;
    sender.frame({sps(), pps(), idr()});
    auto parts = fu_a(delta(), 3);
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(lost));
    sender.frame(parts);  // numbered without a hole, as a sender would that drops by itself
    sender.frame({delta()});
    const Unpacked out = unpack(sender);
    if (lost == 1) continue;  // nothing shows that a middle part is missing
    EXPECT_THAT(out.numbers(), ElementsAre(0)) << lost;
    EXPECT_EQ(out.damage.count("frame-unfinished"), 1u) << lost;
  }
}

TEST(H264Depacketizer, R42_FragmentsOfAnotherUnitInBetweenAreNotJoined) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({fu_a(delta(), 2)[0], fu_a(idr(), 2)[1]});
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

TEST(H264Depacketizer, R41_UnitsThatRunPastAnAggregateAreDamageAndTheGoodOnesStay) {
  NalSender sender;
  Octets broken = stap_a({sps(), pps(), Octets{6, 1}});
  broken.pop_back();
  sender.packet(broken);
  sender.packet(idr(), true);
  sender.end_frame();
  sender.frame({idr()});  // its sets are those of the broken packet
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.damage.count("packet-malformed"), 1u);
  EXPECT_EQ(out.damage.count("frame-hole"), 2u);  // a packet cannot be read: the sets may be old ones
  EXPECT_THAT(out.numbers(), IsEmpty());
}

TEST(H264Depacketizer, R41_EmptyUnitsInAggregatesAreSkippedAndTold) {
  NalSender sender;
  sender.packet(stap_a({sps(), {}, pps()}));
  sender.packet(idr(), true);
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.damage.count("packet-malformed"), 1u);
  ASSERT_THAT(out.numbers(), ElementsAre(0));
  EXPECT_EQ(out.frames[0].frame.bytes, test::length_prefixed({sps(), pps(), idr()}));
}

TEST(H264Depacketizer, EveryPrefixOfAnAggregateIsSafe) {
  const Octets whole = stap_a({sps(), pps(), idr()});
  for (std::size_t length = 1; length <= whole.size(); ++length) {
    NalSender sender;
    sender.packet(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)), true);
    const Unpacked out = unpack(sender);
    EXPECT_EQ(out.frames.size(), length == whole.size() ? 1u : 0u) << length;
    EXPECT_EQ(out.damage.empty(), length == whole.size() || length == 1 + 2 + sps().size() ||
                                      length == 1 + 4 + sps().size() + pps().size())
        << length;
  }
}

TEST(H264Depacketizer, R42_PacketsOfOneOctetAndOfOtherModesAreDamage) {
  const std::pair<Octets, std::string_view> cases[] = {
      {{28}, "packet-malformed"},         {{24}, "packet-malformed"},
      {{0x65}, "frame-malformed"},        {{0}, "packet-malformed"},
      {{30}, "packet-malformed"},         {{31, 1, 2}, "packet-malformed"},
      {{0xE5, 0x88}, "packet-malformed"}, {{28, 28}, "packet-malformed"},
      {{25, 0, 0}, "packet-interleaved"}, {{26, 0, 0}, "packet-interleaved"},
      {{27, 0, 0}, "packet-interleaved"}, {{29, 0x85, 0}, "packet-interleaved"}};
  for (const auto& [payload, condition] : cases) {
    NalSender sender;
    sender.frame({sps(), pps(), idr()});
    sender.frame({payload});
    sender.frame({delta()});
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0)) << int{payload[0]};
    EXPECT_EQ(out.damage.count(condition), 1u) << int{payload[0]};
  }
}

TEST(H264Depacketizer, R30_NothingIsGivenBeforeTheFirstKeyFrame) {
  NalSender sender;
  sender.frame({delta()});
  sender.frame({idr()});  // its sets never came
  sender.frame({sps(), pps(), idr()});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2));
  EXPECT_EQ(out.damage.count("no-key-frame"), 1u);
  EXPECT_EQ(out.damage.count("no-parameter-sets"), 1u);
}

// The sets of sps() and pps() as SDP has them.
std::string sprop() {
  const auto encode = [](const Octets& bytes) {
    constexpr std::string_view Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    std::uint32_t bits = 0, count = 0;
    for (const std::uint8_t byte : bytes) {
      bits = bits << 8 | byte, count += 8;
      for (; count >= 6; count -= 6) text += Digits[bits >> (count - 6) & 63];
    }
    if (count > 0) text += Digits[bits << (6 - count) & 63];
    return text;
  };
  return "packetization-mode=1; Sprop-Parameter-Sets=" + encode(sps()) + "," + encode(pps()) +
         ";profile-level-id=42c01f";
}

TEST(H264Depacketizer, R30_ParameterSetsOfSdpServeAStreamThatHasNone) {
  NalSender sender;
  sender.frame({idr()});
  sender.frame({delta()});
  sender.frame({delta()});
  sender.frame({idr(2)});
  sender.lose(2);
  const Unpacked out = unpack(sender, sprop());
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1, 3));
  EXPECT_EQ(out.codec_private, media::avcc_of(*media::parse_h264_sps(sps()), {sps()}, {pps()}));
  EXPECT_EQ(out.frames[0].frame.bytes, test::length_prefixed({idr()}));
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 240}));
}

TEST(H264Depacketizer, R43_NewSetsStandBeforeTheKeyFramesThatNeedThem) {
  const Octets small = test::h264_sps({.width_mbs = 10, .height_mbs = 6, .crop_bottom = 3});
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({delta()});
  sender.frame({small, pps(), idr(1)});
  sender.frame({idr(2)});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(out.frames[2].frame.bytes, test::length_prefixed({small, pps(), idr(1)}));
  EXPECT_EQ(out.frames[2].frame.size, (media::PictureSize{160, 90}));
  // One who begins here knows only CodecPrivate, which has the sets of the first frame.
  EXPECT_EQ(out.frames[3].frame.bytes, test::length_prefixed({small, pps(), idr(2)}));
  EXPECT_TRUE(out.damage.empty());
}

TEST(H264Depacketizer, SetsWithAnRtpTimeOfTheirOwnGoBeforeTheNextFrame) {
  NalSender sender;
  sender.packet(sps());
  sender.packet(pps());
  sender.end_frame();
  sender.frame({Octets{9, 0x10}, idr()});
  sender.frame({delta()});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(1, 2));
  EXPECT_EQ(out.frames[0].frame.bytes, test::length_prefixed({Octets{9, 0x10}, sps(), pps(), idr()}));
  EXPECT_TRUE(out.damage.empty());
}

TEST(H264Depacketizer, R43_AfterALossAKeyFrameMustBringTheSetsThatItsSenderRepeats) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({sps(), pps(), idr(1)});
  sender.frame({idr(2)});
  sender.lose(3);
  sender.lose(3);
  sender.lose(3);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

TEST(H264Depacketizer, SlicesInAnyOrderProveNoBeginningAfterALoss) {
  const Octets baseline = test::h264_sps({.compatibility = 0x80});
  NalSender sender;
  sender.frame({baseline, pps(), idr()});
  sender.frame({delta()});
  sender.frame({baseline, pps(), idr(1)});
  sender.frame({baseline, pps(), idr(2)});
  sender.lose(3);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 3));
}

TEST(H264Depacketizer, R33_RefusesGiantPicturesAndWhatRefersToThem) {
  for (const Octets& giant :
       {test::h264_sps({.width_mbs = 4096, .height_mbs = 4096}), test::h264_sps({.width_mbs = 513}),
        test::h264_sps({.crop_bottom = 120}), test::h264_sps({.width_mbs = 0xFFFFFFFF})}) {
    NalSender sender;
    sender.frame({giant, pps(), idr()});
    sender.frame({delta()});
    sender.frame({idr()});
    sender.frame({sps(), pps(), idr()});
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(3));
    EXPECT_EQ(out.damage.count("frame-refused"), 2u);
    EXPECT_EQ(out.codec_private, media::avcc_of(*media::parse_h264_sps(sps()), {sps()}, {pps()}));
  }
}

TEST(H264Depacketizer, SetsThatCannotBeReadSpoilTheirFrame) {
  NalSender sender;
  sender.frame({Octets{0x67, 66, 0xC0, 31}, pps(), idr()});
  sender.frame({sps(), pps(), idr()});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(1));
  EXPECT_EQ(out.damage.count("frame-malformed"), 1u);
}

TEST(H264Depacketizer, R11_ANewSsrcBringsItsOwnSets) {
  NalSender sender;
  sender.frame({sps(), pps(), idr()});
  sender.frame({idr(1)});
  sender.frame({sps(), pps(), idr(2)});
  for (std::size_t i = 3; i < sender.packets.size(); ++i) sender.packets[i].ssrc = 99;
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_EQ(out.frames[1].segment, 1u);
}

TEST(H264Depacketizer, R38_OrientationComesWithTheFrameThatSaysIt) {
  NalSender sender = simple(1);
  sender.packets[2].extension = {0xd0, 0x05};  // id 13: flipped, 90 degrees
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[0].frame.orientation, (media::Orientation{.rotation_deg = 90, .flip = true}));
  EXPECT_FALSE(out.frames[1].frame.orientation.has_value());
}

TEST(H264Depacketizer, R54_CutPacketsAreNeverDecoded) {
  NalSender sender = simple(1);
  sender.packets[3].cut = true;
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

TEST(H264Depacketizer, TheTrailerOfLiveKitIsTakenOff) {
  NalSender sender = simple(0);
  // Tag 2 (frame number) of 4 bytes, the trailer's length, all turned over; then the magic.
  Octets& last = sender.packets[2].payload;
  for (const int byte : {2, 4, 0, 0, 0, 7, 11}) last.push_back(static_cast<std::uint8_t>(~byte));
  for (const char letter : {'L', 'K', 'T', 'S'}) last.push_back(static_cast<std::uint8_t>(letter));
  EXPECT_EQ(unpack(sender).frames.at(0).frame.bytes, test::length_prefixed({sps(), pps(), idr()}));
}

// An SEI unit with a message that nobody reads, then a recovery point `frames` (< 7) later.
Octets recovery_point(std::uint8_t frames, bool exact = true) {
  // ue(v) of 0 … 6 in five bits or fewer, exact_match_flag, broken_link_flag 0, stop bit.
  test::BitWriter bits;
  const std::uint32_t code = frames + 1u;
  const int length = code < 2 ? 1 : code < 4 ? 3 : 5;
  bits.bits(code, length);
  bits.flag(exact);
  bits.bits(0b0001, 4);
  const Octets message = bits.bytes();
  Octets unit{0x06, 0x05, 0x02, 0xAA, 0xBB, 0x06, static_cast<std::uint8_t>(message.size())};
  unit.insert(unit.end(), message.begin(), message.end());
  unit.push_back(0x80);
  return unit;
}

TEST(H264, R30_WhereNoKeyFrameComesARecoveryPointBeginsLate) {
  NalSender sender;
  sender.frame({delta()});
  sender.frame({delta()});
  sender.frame({sps(), pps(), recovery_point(2), delta()});
  sender.frame({delta()});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2, 3));
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_TRUE(out.frames[0].frame.size);
  EXPECT_FALSE(out.frames[1].frame.key);
  EXPECT_FALSE(out.codec_private.empty());
  EXPECT_EQ(out.damage.count("no-key-frame"), 2u);
  ASSERT_EQ(out.damage.count("gradual-start"), 1u);
  EXPECT_EQ(out.damage.count("recovery-in-doubt"), 0u) << "nothing is before it";
  for (const Damage& damage : out.damage.entries()) EXPECT_EQ(damage.amount, 2u) << damage.condition;
}

TEST(H264, R42_AfterALossARecoveryPointIsAsGoodAsAKeyFrame) {
  NalSender sender = simple(3);
  sender.frame({delta()});
  sender.lose(sender.packets.size() - 1);
  sender.frame({sps(), pps(), recovery_point(0), delta()});
  sender.frame({delta()});
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.damage.count("gradual-start"), 0u) << "whole at once";
  EXPECT_EQ(out.damage.count("recovery-in-doubt"), 1u);
  ASSERT_GE(out.frames.size(), 2u);
  EXPECT_TRUE(out.frames[out.frames.size() - 2].frame.key);
  EXPECT_TRUE(out.frames[out.frames.size() - 2].after_damage);
}

TEST(H264, ARecoveryPointWhereNothingIsMissingIsAFrameAsOthersAre) {
  NalSender sender = simple(1);
  sender.frame({recovery_point(3), delta()});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 3u);
  EXPECT_FALSE(out.frames[2].frame.key);
  EXPECT_EQ(out.damage.entries().size(), 0u);
}

TEST(H264, RecoveryPointsAreReadAmongOtherMessages) {
  const auto found = media::find_h264_recovery_point(recovery_point(5, false));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frames, 5u);
  EXPECT_FALSE(found->exact);
  const Octets whole = recovery_point(5);
  for (std::size_t length = 0; length + 2 < whole.size(); ++length)
    EXPECT_FALSE(media::find_h264_recovery_point(Bytes(whole).first(length))) << length;
  EXPECT_FALSE(media::find_h264_recovery_point(Octets{0x06, 0xFF, 0xFF, 0xFF, 0xFF}));
  EXPECT_FALSE(media::find_h264_recovery_point(Octets{0x06, 0x06, 0xFF, 0xFF, 0x01, 0x00}));
  EXPECT_FALSE(media::find_h264_recovery_point(Octets{0x06, 0x06, 0x03, 0x00, 0x00, 0x00, 0x80}));
}

}  // namespace
}  // namespace greffe::depacketizer
