#include "depacketizer/vp9.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/vp9_superframe.h"
#include "support/unpacked.h"
#include "support/vp9_writer.h"

namespace greffe::depacketizer {
namespace {

using test::Octets;
using test::TestPacket;
using test::vp9_frame;
using test::Vp9Header;
using test::Vp9Label;
using testing::ElementsAre;

// A sender: 10 pictures a second with consecutive numbers and picture ids, each frame in `parts` packets.
class Sender {
 public:
  void next_picture() {
    time_ += 9000;
    picture_ = (picture_ + 1) & 0x7fff;
  }
  // One frame of the picture at hand; `last`: the picture's last, with the marker.
  void frame(const Octets& bytes, Vp9Label label, bool last = true) {
    if (with_ids) label.picture_id = picture_;
    label.short_id = short_ids;
    for (int part = 0; part < parts; ++part) {
      const auto size = static_cast<std::ptrdiff_t>(bytes.size());
      const bool end = part + 1 == parts;
      TestPacket packet{.sequence = sequence_++,
                        .timestamp = time_,
                        .payload = vp9_descriptor(label, part == 0, end),
                        .arrival_ms = time_ / 90,
                        .marker = end && last};
      packet.payload.insert(packet.payload.end(), bytes.begin() + size * part / parts,
                            bytes.begin() + size * (part + 1) / parts);
      packets.push_back(packet);
    }
  }
  // Pictures of one layer.
  void key(Vp9Header header = {.key = true, .error_resilient = false, .width_px = 320, .height_px = 240}) {
    frame(vp9_frame(header), {});
    next_picture();
  }
  void delta(Vp9Header header = {.error_resilient = false, .references = {0, 1, 2}},
             std::vector<int> distances = {1}) {
    frame(vp9_frame(header), {.inter_picture = true, .distances = std::move(distances)});
    next_picture();
  }
  // L2: the upper layer refers to slot 1 and, at key pictures or in full SVC, to the lower layer in slot 0.
  void layered_key() {
    frame(vp9_frame({.key = true, .width_px = 320, .height_px = 180}), {.spatial = 0}, false);
    frame(vp9_frame({.refreshed = 2, .references = {0, 1, 0}, .width_px = 640, .height_px = 360}),
          {.spatial = 1, .inter_layer = true});
    next_picture();
  }
  void lower(bool last, int back = 1, std::uint32_t refreshed = 1) {
    frame(vp9_frame({.refreshed = refreshed, .references = {0, 0, 0}, .width_px = 320, .height_px = 180}),
          {.inter_picture = true, .distances = {back}, .spatial = 0}, last);
  }
  void upper(bool inter_layer, int back = 1) {
    frame(vp9_frame({.refreshed = 2, .references = {1, 0, 0}, .width_px = 640, .height_px = 360}),
          {.inter_picture = true, .distances = {back}, .spatial = 1, .inter_layer = inter_layer});
  }
  void layered_delta(bool inter_layer) {
    lower(false);
    upper(inter_layer);
    next_picture();
  }
  // Takes packets away, from `index` (of all) on.
  void lose(std::size_t index, std::size_t count) {
    const auto first = packets.begin() + static_cast<std::ptrdiff_t>(index);
    packets.erase(first, first + static_cast<std::ptrdiff_t>(count));
  }
  void lose(std::size_t index) { packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(index)); }

  std::vector<TestPacket> packets;
  bool with_ids = true;
  bool short_ids = false;
  int parts = 2;

 private:
  std::uint16_t sequence_ = 1;
  std::uint32_t time_ = 0;
  int picture_ = 0x7ffe;
};

struct Unpacked : test::Unpacked {
  // Of how many frames each is made.
  std::vector<std::size_t> layers() const {
    std::vector<std::size_t> all;
    for (const FrameInTrack& frame : frames) all.push_back(media::split_superframe(frame.frame.bytes).size());
    return all;
  }
};

Unpacked unpack(const Sender& sender, Options options = {.place = "track"}) {
  return {test::unpack<Vp9Depacketizer>(sender.packets, std::move(options))};
}

TEST(Vp9Depacketizer, PutsFramesTogetherByteForByte) {
  Sender sender;
  sender.key();
  sender.delta();
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.frames[0].frame.bytes,
            vp9_frame({.key = true, .error_resilient = false, .width_px = 320, .height_px = 240}));
  EXPECT_EQ(out.frames[1].frame.bytes, vp9_frame({.error_resilient = false, .references = {0, 1, 2}}));
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 240}));
  EXPECT_FALSE(out.frames[1].frame.key || out.frames[1].frame.size);
  EXPECT_TRUE(out.damage.empty());
}

TEST(Vp9Depacketizer, R30_NothingIsGivenBeforeTheFirstKeyFrame) {
  Sender sender;
  sender.delta();
  sender.delta();
  sender.key();
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2));
  EXPECT_TRUE(out.frames[0].after_damage);
  EXPECT_EQ(out.damage.count("no-key-frame"), 2u);
}

TEST(Vp9Depacketizer, R32_AFrameWithAHoleAndThoseThatNeedItAreDropped) {
  for (const std::size_t lost : {2u, 3u}) {  // the first and the second packet of frame 1
    Sender sender;
    sender.key();
    for (int i = 0; i < 2; ++i) sender.delta();
    sender.key();
    sender.delta();
    sender.lose(lost);
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0, 3, 4)) << lost;
    EXPECT_EQ(out.damage.count("frame-hole"), 1u) << lost;
    EXPECT_EQ(out.damage.count("frame-undecodable"), 1u) << lost;
    EXPECT_TRUE(out.frames[1].after_damage);
  }
}

TEST(Vp9Depacketizer, R32_AFrameThatReplacesNothingHarmsNobodyWhenItsBeginningCame) {
  Sender sender;
  sender.key();
  sender.delta({.refreshed = 0});
  sender.delta({});
  sender.lose(3);  // the second packet of frame 1
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 2));
}

TEST(Vp9Depacketizer, AFrameNeedsTheProbabilitiesOfThoseBeforeIt) {
  Sender sender;
  sender.key();
  sender.delta({.error_resilient = false, .refreshed = 0, .keeps_context = true});
  sender.delta({.error_resilient = false, .refreshed = 0});
  sender.delta({.error_resilient = true, .refreshed = 0});   // starts afresh
  sender.delta({.error_resilient = false, .refreshed = 0});  // and this one goes on from there
  sender.lose(3);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 3, 4));
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
}

TEST(Vp9Depacketizer, AnIntraOnlyFrameMendsTheSlotsItReplaces) {
  Sender sender;
  sender.key();
  sender.delta({.refreshed = 1});
  sender.frame(
      vp9_frame({.shown = false, .intra_only = true, .refreshed = 1, .width_px = 320, .height_px = 240}), {});
  sender.next_picture();
  sender.delta({.references = {0, 0, 0}});
  sender.delta({.references = {0, 1, 2}});
  sender.lose(3);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 2, 3, 4));
}

TEST(Vp9Depacketizer, AFrameOfWhichNothingCameMayHaveReplacedEverySlot) {
  Sender sender;
  sender.parts = 1;
  sender.key();
  sender.delta({});
  sender.delta({.references = {1, 1, 1}});  // not of slot 0: but its claim is the lost picture
  sender.key();
  sender.lose(1);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 3));
  EXPECT_EQ(out.damage.count("frame-hole"), 1u);
}

// As many pictures are lost as there are ids: the next one's is one on, and its claims name ids of old.
TEST(Vp9Depacketizer, R31_PictureIdsThatMayHaveGoneRoundProveNothing) {
  for (const bool flexible : {true, false}) {
    Sender sender;
    sender.parts = 1;
    sender.short_ids = true;
    sender.key();
    for (int i = 0; i < 128 + 3; ++i) {
      sender.frame(vp9_frame({}), {.inter_picture = true, .flexible = flexible, .distances = {1}});
      sender.next_picture();
    }
    sender.key();
    sender.lose(1, 128);
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0, 132)) << flexible;
    EXPECT_TRUE(out.frames[1].after_damage);
  }
}

// Descriptor and header agree on a picture that was given: what was lost did not replace it.
TEST(Vp9Depacketizer, R39_FlexibleReferencesProveWhatALostPictureLeft) {
  Sender sender;
  sender.parts = 1;
  sender.key();
  sender.delta({.refreshed = 0});
  sender.delta({}, {2});
  sender.delta({});
  sender.lose(1);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 2, 3));
}

TEST(Vp9Depacketizer, R32_FramesWithoutEndOrBeginningAreUnfinished) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.key();
  sender.delta();
  sender.packets.erase(sender.packets.begin() + 3);
  for (std::size_t at = 3; at < sender.packets.size(); ++at) --sender.packets[at].sequence;
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2, 3));
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
  sender.packets.erase(sender.packets.begin() + 3);  // and the beginning of the key frame
  for (std::size_t at = 3; at < sender.packets.size(); ++at) --sender.packets[at].sequence;
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

TEST(Vp9Depacketizer, R32_TheMarkerIsNotNeededAndMayBeOnEveryPacket) {
  for (const bool marked : {false, true}) {
    Sender sender;
    sender.layered_key();
    sender.layered_delta(true);
    for (TestPacket& packet : sender.packets) packet.marker = marked;
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0, 1)) << marked;
    EXPECT_THAT(out.layers(), ElementsAre(2, 2)) << marked;
    EXPECT_TRUE(out.damage.empty()) << marked;
  }
}

TEST(Vp9Depacketizer, R33_GiantPicturesAreRefused) {
  Sender sender;
  sender.key({.key = true, .width_px = 16'384, .height_px = 16'384});
  sender.delta();
  sender.key({.key = true, .width_px = 8192, .height_px = 4096});
  sender.delta({.refreshed = 1, .width_px = 65'536, .height_px = 1});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2));
  EXPECT_EQ(out.damage.count("frame-refused"), 2u);
  EXPECT_EQ(out.damage.count("no-key-frame"), 1u);
}

TEST(Vp9Depacketizer, R34_SizesMayChangeWithoutAKeyFrame) {
  Sender sender;
  sender.key();
  sender.delta({.width_px = 640, .height_px = 360});
  sender.delta({});
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1, 2));
}

TEST(Vp9Depacketizer, R46_LayersBecomeASuperframe) {
  Sender sender;
  sender.layered_key();
  sender.layered_delta(true);
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.layers(), ElementsAre(2, 2));
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{640, 360}));
  EXPECT_TRUE(out.damage.empty());
}

struct LayerCase {
  const char* what;
  std::size_t lost;  // packet; two to a frame
  bool inter_layer;
  std::vector<std::size_t> layers;  // of the pictures given
  const char* condition;
};

// A key picture (packets 0…3), three pictures of two layers (4 each), a key picture.
TEST(Vp9Depacketizer, R46_AHoleInALayerLeavesTheLayersBelow) {
  const LayerCase cases[] = {
      {"end of the upper layer", 7, true, {2, 1, 1, 1, 2}, "layer-lost"},
      {"beginning of the upper layer", 6, true, {2, 1, 1, 1, 2}, "layer-lost"},
      {"end of the lower layer, full SVC", 5, true, {2, 2}, "frame-hole"},
      {"end of the lower layer, k-SVC", 5, false, {2, 1, 1, 1, 2}, "layer-lost"},
      {"end of the upper layer of the key picture", 3, true, {1, 1, 1, 1, 2}, "layer-lost"},
  };
  for (const LayerCase& c : cases) {
    Sender sender;
    sender.layered_key();
    for (int i = 0; i < 3; ++i) sender.layered_delta(c.inter_layer);
    sender.layered_key();
    sender.lose(c.lost);
    const Unpacked out = unpack(sender);
    EXPECT_EQ(out.layers(), c.layers) << c.what;
    EXPECT_GE(out.damage.count(c.condition), 1u) << c.what;
  }
}

// All packets of the upper layer of one picture are missing.
TEST(Vp9Depacketizer, R46_ALostLayerLeavesTheLayersBelow) {
  Sender sender;
  sender.layered_key();
  for (int i = 0; i < 2; ++i) sender.layered_delta(true);
  sender.layered_key();
  sender.lose(6);
  sender.lose(6);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.layers(), ElementsAre(2, 1, 1, 2));
  EXPECT_GE(out.damage.count("layer-lost"), 2u);
}

// A server leaves the upper layer out for two pictures; no number is missing.
TEST(Vp9Depacketizer, R46_ALayerThatReturnsIsGivenFromWhereItIsDecodableAgain) {
  Sender sender;
  sender.layered_key();
  sender.layered_delta(true);
  for (int i = 0; i < 2; ++i) {
    sender.lower(true);
    sender.next_picture();
  }
  sender.layered_delta(true);  // refers to an upper layer that was not sent
  sender.lower(false);         // the upper layer begins anew, from the lower one alone
  sender.frame(vp9_frame({.refreshed = 2, .references = {0, 1, 0}, .width_px = 640, .height_px = 360}),
               {.spatial = 1, .inter_layer = true});
  sender.next_picture();
  sender.layered_delta(true);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.layers(), ElementsAre(2, 2, 1, 1, 1, 2, 2));
  EXPECT_EQ(out.damage.count("layer-lost"), 1u);
}

// formats/recordings.md 10: Chromium leaves out layers, the lower one too, and refers back past them.
TEST(Vp9Depacketizer, R46_LayersLeftOutBySendersAreNoDamage) {
  Sender sender;
  sender.layered_key();
  sender.lower(false);  // no marker
  sender.next_picture();
  sender.upper(false, 2);
  sender.next_picture();
  sender.lower(false, 2);
  sender.upper(false, 1);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.layers(), ElementsAre(2, 1, 1, 2));
  EXPECT_TRUE(out.damage.empty());
}

TEST(Vp9Depacketizer, R47_AKeyFrameRestartsAndAJumpOfPictureIdsIsNoLoss) {
  Sender sender;
  sender.key();
  sender.delta();
  for (int i = 0; i < 300; ++i) sender.next_picture();
  sender.key();
  sender.delta();
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.frames.size(), 4u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(Vp9Depacketizer, R31_WorksWithoutPictureIdsAndInNonFlexibleMode) {
  Sender sender;
  sender.with_ids = false;
  sender.frame(vp9_frame({.key = true, .width_px = 320, .height_px = 240}),
               {.flexible = false, .spatial = 0});
  sender.next_picture();
  for (int i = 0; i < 3; ++i) {
    sender.frame(vp9_frame({}), {.inter_picture = true, .flexible = false, .spatial = 0, .tl0_index = i});
    sender.next_picture();
  }
  EXPECT_EQ(unpack(sender).frames.size(), 4u);
  sender.lose(4);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1));
}

TEST(Vp9Depacketizer, HiddenFramesStayWithTheirSuperframe) {
  Sender sender;
  sender.key();
  const Octets both = media::join_superframe(
      {vp9_frame({.shown = false, .refreshed = 4}), vp9_frame({.references = {2, 2, 2}})});
  sender.frame(both, {.inter_picture = true, .distances = {1}});
  sender.next_picture();
  sender.delta({.references = {2, 2, 2}});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 3u);
  EXPECT_EQ(out.frames[1].frame.bytes, both);
  // Cut, nobody knows what followed the hidden frame.
  sender.lose(3);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

// A trailer of LiveKit's lies behind each layer's frame.
TEST(Vp9Depacketizer, TrailersOfEveryLayerAreTakenOff) {
  const auto with_trailer = [](Octets frame) {
    const Octets trailer = {0xfd, 0xfb, 0xff, 0xff, 0xff, 0xfe, 0xf4, 'L', 'K', 'T', 'S'};
    frame.insert(frame.end(), trailer.begin(), trailer.end());
    return frame;
  };
  const Octets lower = vp9_frame({.key = true, .width_px = 320, .height_px = 180});
  const Octets upper =
      vp9_frame({.refreshed = 2, .references = {0, 1, 0}, .width_px = 640, .height_px = 360});
  Sender sender;
  sender.frame(with_trailer(lower), {.spatial = 0}, false);
  sender.frame(with_trailer(upper), {.spatial = 1, .inter_layer = true});
  sender.next_picture();
  sender.frame(with_trailer(lower), {.spatial = 0});
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[0].frame.bytes, media::join_superframe({lower, upper}));
  EXPECT_EQ(out.frames[1].frame.bytes, lower);
}

TEST(Vp9Depacketizer, MalformedDescriptorsAndFramesAreDamage) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.packets[2].payload = {0xd8, 0x05, 0x03, 0x03, 0x03, 0x03};  // R39
  sender.frame(Octets(40, 0), {});
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0));
  EXPECT_EQ(out.damage.count("frame-malformed"), 2u);
}

TEST(Vp9Depacketizer, R38_OrientationComesWithItsFrame) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.packets[1].extension = {0x40, 0x01};  // id 4, one octet: 90 degrees
  const Unpacked out = unpack(sender, {.place = "track", .extensions = {.video_orientation = 4}});
  ASSERT_EQ(out.frames.size(), 2u);
  ASSERT_TRUE(out.frames[0].frame.orientation.has_value());
  EXPECT_EQ(out.frames[0].frame.orientation->rotation_deg, 90);
  EXPECT_FALSE(out.frames[1].frame.orientation.has_value());
}

}  // namespace
}  // namespace greffe::depacketizer
