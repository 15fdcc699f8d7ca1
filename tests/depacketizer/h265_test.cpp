#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/h265_headers.h"
#include "media/recovery_point.h"
#include "support/nal_sender.h"

namespace greffe::depacketizer {
namespace {

using test::NalSender;
using test::Octets;
using test::Unpacked;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t Trailing = 1, Rasl = 8, Idr = 19, Cra = 21;

Octets vps() { return test::h265_vps(); }
Octets sps() { return test::h265_sps(); }
Octets pps() { return test::h265_pps(); }
Octets slice(std::uint8_t type, unsigned mark = 0) { return test::h265_slice({.type = type, .mark = mark}); }

void put_u16(Octets& payload, std::size_t value) {
  payload.push_back(static_cast<std::uint8_t>(value >> 8));
  payload.push_back(static_cast<std::uint8_t>(value));
}

// RFC 7798 §4.4.2. With `order`: the decoding order number of the first unit, the others follow it one by
// one.
Octets aggregate(const std::vector<Octets>& units, std::optional<std::uint16_t> order = {}) {
  Octets payload{48 << 1, 1};
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (order && i == 0) put_u16(payload, *order);
    if (order && i > 0) payload.push_back(0);
    put_u16(payload, units[i].size());
    payload.insert(payload.end(), units[i].begin(), units[i].end());
  }
  return payload;
}

// §4.4.3: `count` fragments.
std::vector<Octets> fragments(const Octets& unit, std::size_t count,
                              std::optional<std::uint16_t> order = {}) {
  std::vector<Octets> all;
  const std::size_t body = unit.size() - 2;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned ends = (i == 0 ? 0x80u : 0u) | (i + 1 == count ? 0x40u : 0u);
    Octets payload{static_cast<std::uint8_t>((unit[0] & 0x81) | 49 << 1), unit[1],
                   static_cast<std::uint8_t>(ends | (unit[0] >> 1 & 0x3Fu))};
    if (order && i == 0) put_u16(payload, *order);
    const auto at = [&](std::size_t part) {
      return unit.begin() + 2 + static_cast<std::ptrdiff_t>(body * part / count);
    };
    payload.insert(payload.end(), at(i), at(i + 1));
    all.push_back(payload);
  }
  return all;
}

// §4.4.1 with a decoding order number behind the header.
Octets numbered(const Octets& unit, std::uint16_t order) {
  Octets payload{unit[0], unit[1]};
  put_u16(payload, order);
  payload.insert(payload.end(), unit.begin() + 2, unit.end());
  return payload;
}

Unpacked unpack(const NalSender& sender, const std::string& format_parameters = {}) {
  return test::unpack(sender.packets, media::CodecId::H265, format_parameters);
}

TEST(H265Depacketizer, EveryShapeOfPacketGivesTheSameUnits) {
  NalSender sender;
  sender.packet(aggregate({vps(), sps(), pps()}));
  for (const Octets& part : fragments(slice(Idr), 3)) sender.packet(part);
  sender.packets.back().marker = true;
  sender.end_frame();
  sender.frame({slice(Trailing)});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.frames[0].frame.bytes, test::length_prefixed({vps(), sps(), pps(), slice(Idr)}));
  EXPECT_EQ(out.frames[1].frame.bytes, test::length_prefixed({slice(Trailing)}));
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_FALSE(out.frames[1].frame.key);
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 180}));
  EXPECT_TRUE(out.damage.empty());
  EXPECT_EQ(out.codec_private, media::hvcc_of(*media::parse_h265_sps(sps()), {vps()}, {sps()}, {pps()}));
}

TEST(H265Depacketizer, DecodingOrderNumbersAreTakenOut) {
  NalSender sender;
  sender.packet(aggregate({vps(), sps(), pps()}, 65534));  // 65534, 65535, 0
  for (const Octets& part : fragments(slice(Idr), 2, 1)) sender.packet(part);
  sender.packets.back().marker = true;
  sender.end_frame();
  sender.frame({numbered(slice(Trailing), 2)});
  const Unpacked out = unpack(sender, "sprop-max-don-diff=2");
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.frames[0].frame.bytes, test::length_prefixed({vps(), sps(), pps(), slice(Idr)}));
  EXPECT_EQ(out.frames[1].frame.bytes, test::length_prefixed({slice(Trailing)}));
  EXPECT_TRUE(out.damage.empty());
}

TEST(H265Depacketizer, UnitsThatShouldHaveComeEarlierAreDamage) {
  NalSender sender;
  sender.packet(aggregate({vps(), sps(), pps()}, 0));
  sender.packet(numbered(slice(Idr), 3), true);
  sender.end_frame();
  sender.frame({numbered(slice(Trailing), 5)});
  sender.frame({numbered(slice(Trailing), 4)});
  const Unpacked out = unpack(sender, "sprop-max-don-diff=1;sprop-depack-buf-nalus=2");
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.damage.count("packet-interleaved"), 1u);
}

TEST(H265Depacketizer, R42_LosingAnyPacketLosesItsFrameAndWhatRefersToIt) {
  for (std::size_t lost = 0; lost < 8; ++lost) {
    NalSender sender;
    sender.frame({vps(), sps(), pps(), slice(Idr)});                                         // 0 … 3
    for (int i = 1; i <= 4; ++i) sender.frame({slice(Trailing, static_cast<unsigned>(i))});  // 4 … 7
    sender.frame({vps(), sps(), pps(), slice(Idr)});
    sender.lose(lost);
    std::vector<int> expected;
    for (int frame = 0; lost > 3 && frame < static_cast<int>(lost) - 3; ++frame) expected.push_back(frame);
    expected.push_back(5);
    EXPECT_EQ(unpack(sender).numbers(), expected) << lost;
  }
}

TEST(H265Depacketizer, PacketsThatAreNotReadAreDamage) {
  const std::pair<Octets, std::string_view> cases[] = {
      {{0x02}, "packet-malformed"},        // cut in its header
      {{0x82, 1, 0}, "packet-malformed"},  // forbidden bit
      {{48 << 1, 1}, "packet-malformed"},  // an aggregate of nothing
      {{48 << 1, 1, 0, 9, 2, 1}, "packet-malformed"},
      {{49 << 1, 1}, "packet-malformed"},  // no FU header
      {{49 << 1, 1, 0x80 | 49}, "packet-malformed"},
      {{50 << 1, 1, 0, 0, 0}, "packet-unsupported"},  // PACI
      {{51 << 1, 1, 0}, "packet-malformed"}};
  for (const auto& [payload, condition] : cases) {
    NalSender sender;
    sender.frame({vps(), sps(), pps(), slice(Idr)});
    sender.frame({payload});
    sender.frame({slice(Trailing)});
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0)) << int{payload[0]};
    EXPECT_EQ(out.damage.count(condition), 1u) << int{payload[0]};
  }
}

TEST(H265Depacketizer, EveryPrefixOfEveryShapeIsSafe) {
  for (const Octets& whole : {aggregate({vps(), sps(), pps(), slice(Idr)}), aggregate({vps(), sps()}, 5),
                              fragments(slice(Idr), 1, 3)[0], numbered(sps(), 7)}) {
    for (const char* format : {"", "sprop-max-don-diff=9"}) {
      for (std::size_t length = 1; length <= whole.size(); ++length) {
        NalSender sender;
        sender.packet(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)), true);
        EXPECT_LE(unpack(sender, format).frames.size(), 1u);
      }
    }
  }
}

TEST(H265Depacketizer, LeadingPicturesAreLeftOutWhereDecodingBegins) {
  const Octets reordered = test::h265_sps({.reordered = 1});
  NalSender sender;
  sender.frame({vps(), reordered, pps(), slice(Cra)});
  sender.frame({slice(Rasl)});
  sender.frame({slice(Trailing)});
  sender.frame({vps(), reordered, pps(), slice(Cra)});
  sender.frame({slice(Rasl)});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 2, 3, 4));
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_FALSE(out.frames[2].frame.key);  // who begins here cannot decode its leading picture
}

TEST(H265Depacketizer, EveryRandomAccessPointIsAKeyFrameWhereNothingIsReordered) {
  NalSender sender;
  sender.frame({vps(), sps(), pps(), slice(Cra)});
  sender.frame({slice(Trailing)});
  sender.frame({slice(Cra)});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1, 2));
  EXPECT_TRUE(out.frames[2].frame.key);
}

TEST(H265Depacketizer, R43_NewSetsStandBeforeTheKeyFramesThatNeedThem) {
  const Octets small = test::h265_sps({.width = 160, .height = 96, .crop_bottom = 3});
  NalSender sender;
  sender.frame({vps(), sps(), pps(), slice(Idr)});
  sender.frame({small, pps(), slice(Idr, 1)});
  sender.frame({slice(Idr, 2)});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1, 2));
  EXPECT_EQ(out.frames[1].frame.bytes, test::length_prefixed({small, pps(), slice(Idr, 1)}));
  // CodecPrivate has the VPS.
  EXPECT_EQ(out.frames[2].frame.bytes, test::length_prefixed({small, pps(), slice(Idr, 2)}));
  EXPECT_EQ(out.frames[1].frame.size, (media::PictureSize{160, 90}));
}

TEST(H265Depacketizer, R30_ParameterSetsOfSdpServeAStreamThatHasNone) {
  NalSender sender;
  sender.frame({slice(Idr)});
  sender.frame({slice(Trailing)});
  EXPECT_THAT(unpack(sender).numbers(), IsEmpty());
  EXPECT_EQ(unpack(sender).damage.count("no-parameter-sets"), 1u);
  // Made by x265 (Debian's libx265 3.5) for pictures of 320x180.
  const Unpacked out =
      unpack(sender,
             "sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwA8koCQ;"
             "sprop-sps=QgEBAWAAAAMAkAAAAwAAAwA8oAoIC595ZKkkyvAWgIAAAAMAgAAADIQ=;sprop-pps=RAHBcrRiQA==");
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 180}));
  EXPECT_GT(out.codec_private.size(), 90u);
}

TEST(H265Depacketizer, R33_RefusesGiantPictures) {
  NalSender sender;
  sender.frame({vps(), test::h265_sps({.width = 65536, .height = 65536}), pps(), slice(Idr)});
  sender.frame({vps(), sps(), pps(), slice(Idr)});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(1));
  EXPECT_EQ(out.damage.count("frame-refused"), 1u);
}

// A prefix SEI unit with a message that nobody reads, then a recovery point `pictures` (-3 … 3) later.
Octets recovery_point(int pictures, bool exact = true, bool broken_link = false) {
  const int code = pictures > 0 ? 2 * pictures - 1 : -2 * pictures;  // se(v)
  Octets unit{39 << 1, 1, 0x05, 0x02, 0xAA, 0xBB, 0x06, 0x02};
  const Octets message = test::NalWriter()
                             .ue(static_cast<std::uint64_t>(code))
                             .u(exact, 1)
                             .u(broken_link, 1)
                             .u(0xFF, 8)
                             .unit({});
  unit.insert(unit.end(), message.begin(), message.begin() + 2);
  unit.push_back(0x80);
  return unit;
}

TEST(H265, R30_WhereNoKeyFrameComesARecoveryPointBeginsLate) {
  NalSender sender;
  sender.frame({slice(Trailing)});
  sender.frame({slice(Trailing)});
  sender.frame({vps(), sps(), pps(), recovery_point(2), slice(Trailing)});
  sender.frame({slice(Trailing)});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2, 3));
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_FALSE(out.frames[1].frame.key);
  EXPECT_FALSE(out.codec_private.empty());
  EXPECT_EQ(out.damage.count("no-key-frame"), 2u);
  ASSERT_EQ(out.damage.count("gradual-start"), 1u);
  for (const Damage& damage : out.damage.entries()) EXPECT_EQ(damage.amount, 2u) << damage.condition;
}

TEST(H265, R42_AfterALossARecoveryPointIsAsGoodAsAKeyFrame) {
  NalSender sender;
  sender.frame({vps(), sps(), pps(), slice(Idr)});
  sender.frame({slice(Trailing)});
  sender.frame({slice(Trailing)});
  sender.lose(sender.packets.size() - 1);
  sender.frame({vps(), sps(), pps(), recovery_point(-3), slice(Trailing)});
  sender.frame({slice(Trailing)});
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.damage.count("gradual-start"), 0u) << "whole at once";
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1, 3, 4));
  EXPECT_TRUE(out.frames.at(2).frame.key);
  EXPECT_TRUE(out.frames.at(2).after_damage);
}

TEST(H265, ARecoveryPointWhereNothingIsMissingIsAFrameAsOthersAre) {
  NalSender sender;
  sender.frame({vps(), sps(), pps(), slice(Idr)});
  sender.frame({recovery_point(3), slice(Trailing)});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_FALSE(out.frames[1].frame.key);
  EXPECT_TRUE(out.damage.empty());
}

TEST(H265, RecoveryPointsAreReadAmongOtherMessages) {
  const auto found = media::find_h265_recovery_point(recovery_point(3, false));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frames, 3u);
  EXPECT_FALSE(found->exact);
  EXPECT_FALSE(media::find_h265_recovery_point(recovery_point(3, true, true)))
      << "refers to what is not there";
  const Octets whole = recovery_point(2);
  for (std::size_t length = 0; length + 2 < whole.size(); ++length)
    EXPECT_FALSE(media::find_h265_recovery_point(Bytes(whole).first(length))) << length;
  Octets suffix = whole, layer = whole;
  suffix[0] = 40 << 1;
  layer[1] = 1 << 3 | 1;
  EXPECT_FALSE(media::find_h265_recovery_point(suffix));
  EXPECT_FALSE(media::find_h265_recovery_point(layer));
}

}  // namespace
}  // namespace greffe::depacketizer
