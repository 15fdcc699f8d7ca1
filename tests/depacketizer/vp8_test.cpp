#include "depacketizer/vp8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/unpacked.h"
#include "support/vp8_writer.h"

namespace greffe::depacketizer {
namespace {

using test::TestPacket;
using test::Vp8Header;
using test::Vp8Label;
using testing::ElementsAre;

// A sender: 10 frames a second, each in `parts` packets, with consecutive numbers and picture ids.
class Sender {
 public:
  void frame(const Vp8Header& header, Vp8Label label = {}, int parts = 2) {
    add_frame(test::vp8_frame(header, 60), label, parts);
  }
  void key(Vp8Label label = {}) { frame({.key = true}, label); }
  void delta(Vp8Label label = {}) { frame({}, label); }
  void add_frame(const test::Octets& bytes, Vp8Label label, int parts) {
    if (with_ids) label.picture_id = picture_++ & 0x7fff;
    label.short_id = short_ids;
    for (int part = 0; part < parts; ++part) {
      const auto from = static_cast<std::ptrdiff_t>(bytes.size()) * part / parts;
      const auto to = static_cast<std::ptrdiff_t>(bytes.size()) * (part + 1) / parts;
      TestPacket packet{.sequence = sequence_++,
                        .timestamp = time_,
                        .payload = vp8_descriptor(label, part == 0),
                        .arrival_ms = time_ / 90,
                        .marker = part + 1 == parts};
      packet.payload.insert(packet.payload.end(), bytes.begin() + from, bytes.begin() + to);
      packets.push_back(packet);
    }
    time_ += 9000;
  }
  void probe() {
    packets.push_back({.sequence = sequence_++, .timestamp = time_, .payload = {}, .padding = 100});
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

 private:
  std::uint16_t sequence_ = 1;
  std::uint32_t time_ = 0;
  int picture_ = 0x7ffe;
};

using test::Unpacked;

Unpacked unpack(const Sender& sender, Options options = {.place = "track"}) {
  return test::unpack<Vp8Depacketizer>(sender.packets, std::move(options));
}

TEST(Vp8Depacketizer, PutsFramesTogetherByteForByte) {
  Sender sender;
  sender.key();
  sender.delta();
  const Unpacked out = unpack(sender);
  ASSERT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_EQ(out.frames[0].frame.bytes, test::vp8_frame({.key = true}, 60));
  EXPECT_EQ(out.frames[1].frame.bytes, test::vp8_frame({}, 60));
  EXPECT_TRUE(out.frames[0].frame.key);
  EXPECT_EQ(out.frames[0].frame.size, (media::PictureSize{320, 240}));
  EXPECT_FALSE(out.frames[1].frame.key || out.frames[1].frame.size);
  EXPECT_TRUE(out.damage.empty());
}

TEST(Vp8Depacketizer, R30_NothingIsGivenBeforeTheFirstKeyFrame) {
  Sender sender;
  sender.delta();
  sender.delta();
  sender.key();
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(2));
  EXPECT_TRUE(out.frames[0].after_damage);
  EXPECT_EQ(out.damage.count("no-key-frame"), 2u);
}

TEST(Vp8Depacketizer, R30_ATrackWithoutKeyFrameGivesNothing) {
  Sender sender;
  for (int i = 0; i < 5; ++i) sender.delta();
  EXPECT_TRUE(unpack(sender).frames.empty());
}

TEST(Vp8Depacketizer, R32_AFrameWithAHoleAndThoseThatNeedItAreDropped) {
  for (const std::size_t lost : {2u, 3u}) {  // the first and the second packet of frame 1
    Sender sender;
    sender.key();
    sender.delta();
    sender.delta();
    sender.key();
    sender.delta();
    sender.lose(lost);
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0, 3, 4)) << lost;
    EXPECT_TRUE(out.frames[1].after_damage);
    EXPECT_EQ(out.damage.count("frame-hole"), 1u);
    EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
  }
}

TEST(Vp8Depacketizer, R32_AFrameOfWhichNothingCameIsMissed) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.delta();
  sender.lose(2);
  sender.lose(2);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0));
  EXPECT_EQ(out.damage.count("frame-hole"), 1u);
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
}

// formats/recordings.md 10: the tail of a frame is dropped by the sender when a key frame is asked for.
TEST(Vp8Depacketizer, R32_AFrameWithoutItsEndIsUnfinishedThoughNoNumberIsMissing) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.key();
  sender.lose(3);
  for (std::size_t i = 3; i < sender.packets.size(); ++i) --sender.packets[i].sequence;
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
  EXPECT_EQ(out.damage.entries().size(), 1u);
}

TEST(Vp8Depacketizer, R32_LastFrameOfATrackNeedsItsEnd) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.packets.pop_back();
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0));
  EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
}

TEST(Vp8Depacketizer, R32_ASenderThatSetsTheMarkerEverywhereIsUnderstood) {
  Sender sender;
  sender.key();
  for (int i = 0; i < 4; ++i) sender.delta();
  for (TestPacket& packet : sender.packets) packet.marker = true;
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1, 2, 3, 4));
  sender.lose(5);  // the end of frame 2: its first packet has a marker, which proves nothing here
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1));
}

TEST(Vp8Depacketizer, R32_ASenderThatNeverSetsTheMarkerIsUnderstood) {
  for (const int frames : {5, 100}) {
    Sender sender;
    sender.key();
    for (int i = 1; i < frames; ++i) sender.delta();
    for (TestPacket& packet : sender.packets) packet.marker = false;
    const Unpacked out = unpack(sender);
    EXPECT_EQ(out.frames.size(),
              static_cast<std::size_t>(frames - 1));  // nothing shows that the last one has ended
    EXPECT_EQ(out.damage.count("frame-unfinished"), 1u);
  }
}

TEST(Vp8Depacketizer, R32_AnUnfinishedFirstFrameIsNotSavedByItsMissingMarker) {
  Sender sender;
  sender.key();
  sender.key();
  sender.delta();
  sender.lose(1);
  for (std::size_t i = 1; i < sender.packets.size(); ++i) --sender.packets[i].sequence;
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(1, 2));
}

TEST(Vp8Depacketizer, R17_LostProbesBetweenFramesHurtNothing) {
  Sender sender;
  sender.key();
  sender.probe();
  sender.probe();
  sender.delta();
  sender.lose(2);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1));
  EXPECT_FALSE(out.frames[1].after_damage);
}

// As many frames are lost as there are ids: the next one's is one on all the same.
TEST(Vp8Depacketizer, R31_PictureIdsThatMayHaveGoneRoundProveNothing) {
  for (const std::size_t lost : {128u, 256u}) {
    Sender sender;
    sender.short_ids = true;
    sender.key();
    for (std::size_t i = 0; i < lost + 3; ++i) sender.frame({}, {}, 1);
    sender.key();
    sender.lose(2, lost);
    const Unpacked out = unpack(sender);
    EXPECT_THAT(out.numbers(), ElementsAre(0, lost + 4)) << lost;
    EXPECT_EQ(out.damage.count("frame-undecodable"), 3u) << lost;
  }
  Sender sender;  // 126 lost packets cannot have gone round
  sender.short_ids = true;
  sender.key();
  for (int i = 0; i < 126; ++i) sender.probe();
  sender.delta();
  sender.lose(2, 126);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1));
}

TEST(Vp8Depacketizer, R31_TheBaseIndexMayHaveGoneRoundToo) {
  Sender sender;
  sender.key({.tl0_index = 255, .layer = 0});
  for (int i = 0; i < 256 + 2; ++i) sender.frame({}, {.tl0_index = i & 0xff, .layer = 0}, 1);
  sender.lose(2, 256);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

TEST(Vp8Depacketizer, WithoutPictureIdsAHoleBetweenFramesNeedsAKeyFrame) {
  Sender sender;
  sender.with_ids = false;
  sender.key();
  sender.probe();
  sender.delta();
  sender.key();
  sender.lose(2);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
}

TEST(Vp8Depacketizer, R31_PicturesWithoutIdsComeOut) {
  Sender sender;
  sender.with_ids = false;
  sender.key();
  sender.delta();
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1));
}

TEST(Vp8Depacketizer, ALostFrameThatItsHeaderProvesToLeaveNothingHurtsNothing) {
  Sender sender;
  sender.key();
  sender.frame({.keep_probabilities = false, .refresh_last = false});
  sender.delta();
  sender.lose(3);
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 2));
}

TEST(Vp8Depacketizer, ALostFrameMarkedNonReferenceHurtsNothing) {
  Sender sender;
  sender.key();
  sender.delta({.non_reference = true});
  sender.delta();
  sender.lose(2);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_TRUE(out.frames[1].after_damage);
}

TEST(Vp8Depacketizer, R31_LossInAnUpperLayerLeavesTheBaseIntact) {
  Sender sender;
  sender.key({.tl0_index = 255, .layer = 0});                        // 0
  sender.delta({.tl0_index = 255, .layer = 1, .layer_sync = true});  // 1, nothing of it comes
  sender.delta({.tl0_index = 0, .layer = 0});                        // 2
  sender.delta({.tl0_index = 0, .layer = 1});                        // 3 may need 1
  sender.delta({.tl0_index = 1, .layer = 0});                        // 4
  sender.delta({.tl0_index = 1, .layer = 1, .layer_sync = true});    // 5 needs 4 only
  sender.delta({.tl0_index = 1, .layer = 1});                        // 6
  sender.lose(2);
  sender.lose(2);
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2, 4, 5, 6));
  EXPECT_EQ(out.damage.count("frame-undecodable"), 1u);
}

TEST(Vp8Depacketizer, R31_GapInTl0IndexWaitsForAKeyFrame) {
  Sender sender;
  sender.key({.tl0_index = 10, .layer = 0});
  sender.delta({.tl0_index = 12, .layer = 0});  // no number is missing, yet frame 11 of the base is
  sender.delta({.tl0_index = 12, .layer = 1, .layer_sync = true});
  sender.key({.tl0_index = 13, .layer = 0});
  sender.delta({.tl0_index = 14, .layer = 0});
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 3, 4));
}

// Base, layer 2, layer 1, layer 2, as WebRTC sends three temporal layers.
void three_layers(Sender& sender, int periods) {
  for (int period = 0; period < periods; ++period) {
    const auto at = [&](int layer, bool sync) {
      return Vp8Label{.tl0_index = (250 + period) & 0xff, .layer = layer, .layer_sync = sync};
    };
    if (period == 0) {
      sender.key(at(0, false));
    } else {
      sender.delta(at(0, false));
    }
    sender.delta(at(2, period == 0));
    sender.delta(at(1, period == 0));
    sender.delta(at(2, false));
  }
}

// A server leaves a layer out: picture ids jump, packet numbers do not, TL0PICIDX wraps on the way.
TEST(Vp8Depacketizer, R31_PictureIdGapsOfLayersLeftOutAreNoLoss) {
  Sender sender;
  three_layers(sender, 8);
  std::vector<TestPacket> kept;
  for (std::size_t at = 0; at < sender.packets.size(); ++at)
    if (at / 2 % 2 == 0) kept.push_back(sender.packets[at]);  // without layer 2
  for (std::size_t at = 0; at < kept.size(); ++at) kept[at].sequence = static_cast<std::uint16_t>(at + 1);
  sender.packets = kept;
  const Unpacked out = unpack(sender);
  EXPECT_EQ(out.frames.size(), 16u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(Vp8Depacketizer, R31_ALostLayerIsMissedByItselfAndTheLayersAbove) {
  Sender sender;
  three_layers(sender, 3);
  sender.lose(5);  // the end of the first frame of layer 1, frame 2
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1, 4, 8));
}

// formats/recordings.md 5
TEST(Vp8Depacketizer, TrailersOfLiveKitAreTakenOff) {
  Sender sender;
  test::Octets frame = test::vp8_frame({.key = true}, 60);
  const test::Octets trailer = {0xfd, 0xfb, 0xff, 0xff, 0xff, 0xfe, 0xf4, 'L', 'K', 'T', 'S'};
  const test::Octets plain = frame;
  frame.insert(frame.end(), trailer.begin(), trailer.end());
  sender.add_frame(frame, {}, 2);
  const Unpacked out = unpack(sender);
  ASSERT_EQ(out.frames.size(), 1u);
  EXPECT_EQ(out.frames[0].frame.bytes, plain);
}

TEST(Vp8Depacketizer, FramesThatNeedAnotherKeyFrameAreNotGiven) {
  Sender sender;
  sender.key({.key_index = 3});
  sender.delta({.key_index = 3});
  sender.delta({.key_index = 4});
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0, 1));
}

TEST(Vp8Depacketizer, R31_CutDescriptorIsAHole) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.key();
  sender.packets[3].payload = {0x90, 0x80};
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 2));
  EXPECT_EQ(out.damage.count("frame-malformed"), 1u);
  EXPECT_EQ(out.damage.count("frame-hole"), 1u);
}

TEST(Vp8Depacketizer, R33_RefusesGiantAndZeroPictures) {
  for (const auto& [width, height] :
       {std::pair{16383, 16383}, {0, 240}, {320, 0}, {8193, 16}, {8000, 8000}}) {
    Sender sender;
    sender.frame({.key = true, .width_px = width, .height_px = height});
    sender.delta();
    const Unpacked out = unpack(sender);
    EXPECT_TRUE(out.frames.empty());
    EXPECT_EQ(out.damage.count("frame-refused"), 1u) << width << 'x' << height;
  }
}

TEST(Vp8Depacketizer, R13_UnknownPayloadTypesAreCountedAndLeftOut) {
  Sender sender;
  sender.key();
  sender.packets.push_back({.sequence = 3, .timestamp = 4500, .payload = {1, 2, 3}, .payload_type = 120});
  const Unpacked out =
      unpack(sender, {.place = "track", .payload_types = {{PayloadType{96}, media::CodecId::Vp8}}});
  EXPECT_THAT(out.numbers(), ElementsAre(0));
  EXPECT_EQ(out.damage.count("unknown-payload-type"), 1u);
}

TEST(Vp8Depacketizer, R38_OrientationComesWithTheFrameThatSaysIt) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.packets[1].extension = {0xd0, 0x05};  // id 13: flipped, 90 degrees
  const Unpacked out = unpack(sender, {.place = "track", .extensions = {.video_orientation = 13}});
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[0].frame.orientation, (media::Orientation{.rotation_deg = 90, .flip = true}));
  EXPECT_FALSE(out.frames[1].frame.orientation.has_value());
}

TEST(Vp8Depacketizer, R11_ANewSsrcIsANewSegmentAndNeedsItsKeyFrame) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.delta();
  sender.key();
  for (std::size_t i = 4; i < 8; ++i) sender.packets[i].ssrc = 99;
  const Unpacked out = unpack(sender);
  EXPECT_THAT(out.numbers(), ElementsAre(0, 1, 3));
  EXPECT_EQ(out.frames[1].segment, 0u);
  EXPECT_EQ(out.frames[2].segment, 1u);
}

TEST(Vp8Depacketizer, R54_CutPacketsAreNeverDecoded) {
  Sender sender;
  sender.key();
  sender.delta();
  sender.packets[3].cut = true;
  EXPECT_THAT(unpack(sender).numbers(), ElementsAre(0));
}

}  // namespace
}  // namespace greffe::depacketizer
