#include "depacketizer/av1.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/av1_writer.h"
#include "support/unpacked.h"

namespace greffe::depacketizer {
namespace {

using test::av1_frame;
using test::Av1Frame;
using test::Octets;
using test::TestPacket;
using testing::ElementsAre;

void append_sized(Octets& bytes, const Octets& element) {
  bytes.push_back(static_cast<std::uint8_t>(element.size()));  // below 128
  bytes.insert(bytes.end(), element.begin(), element.end());
}

// A sender: 10 temporal units a second; each as one run of packets in which OBUs are cut anywhere.
class Sender {
 public:
  // All OBUs in packets of `largest` octets of OBU at most, each element with a length (W = 0).
  void unit(const std::vector<Octets>& obus, std::size_t largest = 60) {
    Octets body;
    bool continues = false;
    std::size_t room = largest;
    const auto flush = [&](bool goes_on, bool marker) {
      Octets payload(1 + body.size(),
                     static_cast<std::uint8_t>((continues ? 0x80 : 0) | (goes_on ? 0x40 : 0)));
      std::copy(body.begin(), body.end(), payload.begin() + 1);
      packets.push_back({.sequence = sequence_++,
                         .timestamp = time_,
                         .payload = payload,
                         .arrival_ms = time_ / 90,
                         .marker = marker});
      continues = goes_on;
      body.clear();
      room = largest;
    };
    for (std::size_t at = 0; at < obus.size(); ++at) {
      Octets rest = obus[at];
      while (rest.size() > room) {
        const auto cut = static_cast<std::ptrdiff_t>(room);
        append_sized(body, Octets(rest.begin(), rest.begin() + cut));
        rest.erase(rest.begin(), rest.begin() + cut);
        flush(true, false);
      }
      append_sized(body, rest);
      room -= rest.size();
      if (at + 1 == obus.size()) flush(false, true);
      if (room == 0) flush(false, false);
    }
    time_ += 9000;
  }
  void key() { unit({{0x10}, test::av1_sequence_header(), av1_frame({.type = 0})}); }
  void delta(const Av1Frame& frame = {}) { unit({av1_frame(frame)}, 30); }
  void lose(std::size_t index) { packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(index)); }

  std::vector<TestPacket> packets;

 private:
  std::uint16_t sequence_ = 1;
  std::uint32_t time_ = 0;
};

using test::Unpacked;

Unpacked unpack(const Sender& sender, Options options = {.place = "track"}) {
  return test::unpack<Av1Depacketizer>(sender.packets, std::move(options));
}

// The OBUs as a file has them.
Octets stored(const std::vector<Octets>& obus) {
  Octets bytes;
  for (const Octets& obu : obus) media::append_obu(*media::parse_obu(obu), bytes);
  return bytes;
}

TEST(Av1Depacketizer, R44_PutsUnitsTogetherWithSizesAndWithoutDelimiters) {
  for (const std::size_t largest : {7u, 20u, 31u, 60u, 120u}) {
    Sender sender;
    const Octets sequence = test::av1_sequence_header(), key = av1_frame({.type = 0}), padding = {0x78, 1};
    sender.unit({{0x12, 0x00}, sequence, padding, key}, largest);
    sender.unit({av1_frame({})}, largest);
    const Unpacked out = unpack(sender);
    ASSERT_THAT(out.numbers(), ElementsAre(0, 1)) << largest;
    EXPECT_EQ(out.frames[0].frame.bytes, stored({sequence, key}));
    EXPECT_EQ(out.frames[1].frame.bytes, stored({av1_frame({})}));
    EXPECT_TRUE(out.frames[0].frame.key);
    EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 240}));
    EXPECT_FALSE(out.frames[1].frame.key || out.frames[1].frame.size);
    EXPECT_EQ(out.codec_private.size(), 4 + 1 + sequence.size());
    EXPECT_TRUE(out.damage.empty());
  }
}

TEST(Av1Depacketizer, R30_NothingIsGivenBeforeTheFirstKeyFrame) {
  Sender sender;
  sender.delta();
  sender.unit({test::av1_sequence_header(), av1_frame({})});
  sender.key();
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2));
  EXPECT_EQ(out.damage.count("no-key-frame"), 2u);
}

TEST(Av1Depacketizer, R32_AfterAHoleOnlyAKeyFrameResumes) {
  for (std::size_t lost = 1; lost < 5; ++lost) {
    Sender sender;
    sender.key();    // one packet
    sender.delta();  // two packets
    sender.delta();
    sender.delta();
    sender.key();
    sender.delta();
    sender.lose(lost);
    const Unpacked out = unpack(sender);
    const std::vector<int> kept = lost < 3 ? std::vector{0, 4, 5} : std::vector{0, 1, 4, 5};
    EXPECT_EQ(out.numbers(), kept) << lost;
    EXPECT_EQ(out.damage.count("frame-hole"), 1u) << lost;
    EXPECT_EQ(out.damage.count("frame-undecodable"), lost < 3 ? 2u : 1u) << lost;
  }
}

TEST(Av1Depacketizer, R45_AContinuationWithoutABeginningDropsItsUnitOnly) {
  Sender sender;
  sender.key();
  sender.key();
  sender.key();
  sender.packets[1].payload[0] |= 0x80;
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
}

TEST(Av1Depacketizer, R45_AnOpenFragmentAtTheEndIsNotGiven) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.packets.pop_back();
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0));
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
}

TEST(Av1Depacketizer, R45_LengthsBeyondThePacketDropTheUnit) {
  Sender sender;
  sender.key();
  sender.key();
  sender.key();
  sender.packets[1].payload[1] = 0x7f;
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_EQ(out.damage.count("frame-malformed"), 1u);
}

TEST(Av1Depacketizer, R32_AUnitThatEndsWithItsFrameNeedsNoMarker) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.delta();
  for (TestPacket& packet : sender.packets) packet.marker = false;
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1, 2));
}

TEST(Av1Depacketizer, R33_GiantPicturesAreRefused) {
  Sender sender;
  sender.unit({test::av1_sequence_header({.width_px = 65'536, .height_px = 65'536}), av1_frame({.type = 0})});
  sender.unit({test::av1_sequence_header(), av1_frame({.type = 0})});
  sender.delta({.width_px = 10'000, .height_px = 10});
  sender.delta();
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(1));
  EXPECT_EQ(out.damage.count("frame-refused"), 2u);
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
}

TEST(Av1Depacketizer, R34_ANewSequenceHeaderChangesTheSize) {
  Sender sender;
  sender.key();
  sender.unit({test::av1_sequence_header({.width_px = 640, .height_px = 360}), av1_frame({.type = 0})});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[1].frame.size, (media::PictureSize{640, 360}));
}

// What is refused spoils the slots it replaces; frames that name others go on.
TEST(Av1Depacketizer, R46_AFrameOfALayerThatCannotBeDecodedIsLeftOut) {
  Sender sender;
  const Av1Frame lower{.refreshed = 1};
  const Av1Frame giant{.refreshed = 2, .width_px = 20'000, .height_px = 10};
  const Av1Frame upper{.refreshed = 2, .references = {1, 1, 1, 1, 1, 1, 1}};
  sender.key();
  sender.unit({av1_frame(lower, 0x00), av1_frame(giant, 0x08)});
  sender.unit({av1_frame(lower, 0x00), av1_frame(upper, 0x08)});
  sender.unit({av1_frame(lower, 0x00)});
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(out.frames[2].frame.bytes, stored({av1_frame(lower, 0x00)}));
  EXPECT_EQ(out.damage.count("layer-lost"), 2u);
}

TEST(Av1Depacketizer, ShowingAHiddenKeyFrameRenewsEverySlot) {
  Sender sender;
  sender.key();
  sender.delta({.type = 0, .shown = false, .refreshed = 0x10});
  sender.delta({.refreshed = 1, .width_px = 20'000, .height_px = 10});  // refused: slot 0 is spoilt
  sender.delta({.existing = 4});
  sender.delta();
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1, 3, 4));
}

TEST(Av1Depacketizer, FrameHeadersAndTheirTileGroupsStayTogether) {
  Sender sender;
  const Octets header = test::av1_obu(3, test::av1_frame_payload({}, 2)),
               tiles = test::av1_obu(4, Octets(20, 7));
  sender.key();
  sender.unit({header, tiles, tiles});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[1].frame.bytes, stored({header, tiles, tiles}));
}

// Frame 1 is lost, and by the descriptors what follows does not need it.
TEST(Av1Depacketizer, R32_DependencyDescriptorsBridgeALoss) {
  Sender sender;
  sender.key();
  for (int i = 0; i < 3; ++i) sender.unit({av1_frame({})});
  sender.unit({av1_frame({.references = {0, 1, 1, 1, 1, 1, 1}})});  // what is in slot 1 nobody knows
  const test::Av1Descriptor said[] = {{.number = 0, .structure = true},
                                      {.number = 1, .custom_distances = {1}},
                                      {.number = 2, .frame_template = 1},
                                      {.number = 3, .custom_distances = {1}},
                                      {.number = 4, .custom_distances = {3}}};
  for (std::size_t at = 0; at < sender.packets.size(); ++at) {
    Octets& extension = sender.packets[at].extension;
    extension = test::av1_descriptor(said[at]);
    extension.insert(extension.begin(), static_cast<std::uint8_t>(0x50 | (extension.size() - 1)));  // id 5
  }
  sender.lose(1);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
  const Unpacked out = unpack(sender, {.place = "track", .extensions = {.dependencies = 5}});
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2, 3));
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
  EXPECT_TRUE(out.frames[1].after_damage);
}

// Two layers, a packet each; `said` tells where frames end.
Sender two_layers(bool said) {
  const Octets lower = av1_frame({.refreshed = 1}, 0x00);
  const Octets upper = av1_frame({.refreshed = 2, .references = {1, 0, 1, 0, 1, 0, 1}}, 0x08);
  EXPECT_EQ(lower.size(), upper.size());
  Sender sender;
  sender.key();
  for (int unit = 1; unit < 5; ++unit) sender.unit({lower, upper}, lower.size());
  EXPECT_EQ(sender.packets.size(), 9u);
  for (std::uint32_t at = 0; at < sender.packets.size() && said; ++at) {
    const bool of_upper = at > 0 && at % 2 == 0;
    test::Av1Descriptor descriptor{.number = at, .structure = at == 0, .frame_template = of_upper ? 3u : 1u};
    if (at == 0) descriptor.frame_template = 0;
    if (at == 1) descriptor.custom_distances = {1};
    if (at > 1 && !of_upper) descriptor.custom_distances = {2};
    if (of_upper) descriptor.custom_distances = at == 2 ? std::vector{1u} : std::vector{1u, 2u};
    Octets& extension = sender.packets[at].extension;
    extension = test::av1_descriptor(descriptor);
    extension.insert(extension.begin(), static_cast<std::uint8_t>(0x50 | (extension.size() - 1)));  // id 5
  }
  return sender;
}

TEST(Av1Depacketizer, R46_AHoleInTheUpperLayerLeavesTheLowerOne) {
  const Options options{.place = "track", .extensions = {.dependencies = 5}};
  Sender sender = two_layers(true);
  EXPECT_THAT(unpack(sender, options).numbers(), ElementsAre(0, 1, 2, 3, 4));
  sender.lose(4);  // of unit 2
  const Unpacked out = unpack(sender, options);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1, 2, 3, 4));
  const Octets lower = stored({av1_frame({.refreshed = 1}, 0x00)});
  EXPECT_GT(out.frames[1].frame.bytes.size(), lower.size());
  for (const std::size_t unit : {2u, 3u, 4u}) EXPECT_EQ(out.frames[unit].frame.bytes, lower) << unit;
  EXPECT_EQ(out.damage.count("layer-lost"), 3u);
  EXPECT_EQ(out.damage.count("frame-hole"), 0u);
  EXPECT_FALSE(out.frames[2].after_damage);
  EXPECT_TRUE(out.frames[3].after_damage);
}

TEST(Av1Depacketizer, R32_AHoleInTheLowerLayerDropsItsUnit) {
  Sender sender = two_layers(true);
  sender.lose(3);
  const Unpacked out = unpack(sender, {.place = "track", .extensions = {.dependencies = 5}});
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1));
}

TEST(Av1Depacketizer, R32_WithoutDescriptorsAFrameBeforeAHoleMayGoOnInIt) {
  Sender sender = two_layers(false);
  sender.lose(4);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1));
}

}  // namespace
}  // namespace greffe::depacketizer
