#include "codec/vp9_layers.h"

#include <gtest/gtest.h>

#include "media/vp9_superframe.h"
#include "support/vp9_writer.h"

namespace greffe::codec {
namespace {

using Frames = std::vector<test::Octets>;

test::Octets superframe(const Frames& frames) {
  std::vector<Bytes> parts(frames.begin(), frames.end());
  return media::join_superframe(parts);
}

// Two layers as libvpx writes them: the small one in slot 0, the large one in slot 1.
test::Octets small_key() { return test::vp9_frame({.key = true, .width_px = 320, .height_px = 180}, 11); }
test::Octets small_next() { return test::vp9_frame({.refreshed = 1}, 12); }
test::Octets large_first() {
  return test::vp9_frame({.refreshed = 2, .references = {0, 1, 0}, .width_px = 640, .height_px = 360}, 21);
}
test::Octets large_next() { return test::vp9_frame({.refreshed = 2, .references = {1, 0, 0}}, 22); }

bool proved(const Frames& superframes) {
  Vp9LayerProof proof;
  for (const test::Octets& bytes : superframes) proof.add(bytes);
  return proof.holds();
}

const Frames TwoLayers{superframe({small_key(), large_first()}), superframe({small_next(), large_next()}),
                       superframe({small_next(), large_next()})};

TEST(Vp9LayerProof, R46_LayersThatNeedNoLargerOneAreProved) {
  EXPECT_TRUE(proved(TwoLayers));
  // The larger begins later, leaves pictures out, and comes alone where the smaller one does.
  EXPECT_TRUE(proved({small_key(), small_next(), superframe({small_next(), large_first()}), small_next(),
                      large_next(), superframe({small_next(), large_next()})}));
}

TEST(Vp9LayerProof, NothingIsProvedOfOneSize) {
  EXPECT_FALSE(proved({}));
  EXPECT_FALSE(proved({small_key(), small_next()}));
}

TEST(Vp9LayerProof, WhatMightReadMoreIsNotProved) {
  const auto with = [](test::Octets small) {
    Frames frames = TwoLayers;
    frames.push_back(superframe({std::move(small), large_next()}));
    return frames;
  };
  EXPECT_TRUE(proved(with(small_next())));
  // The small picture names the slot of the large one.
  EXPECT_FALSE(proved(with(test::vp9_frame({.references = {0, 1, 0}}))));
  // It goes on from the probabilities of the frame before.
  EXPECT_FALSE(proved(with(test::vp9_frame({.error_resilient = false}))));
  // It is not shown: an encoder's hidden reference, not a layer.
  EXPECT_FALSE(proved(with(test::vp9_frame({.shown = false}))));
  // Layers of one size, and a head that says nothing.
  EXPECT_FALSE(proved({TwoLayers[0], superframe({small_next(), small_next()})}));
  EXPECT_FALSE(proved(with({0x12, 0x34})));
}

TEST(Vp9LayerProof, ALayerThatStopsIsNotShownForALargerOne) {
  Frames frames = TwoLayers;
  for (int i = 0; i < 8; ++i) frames.push_back(large_next());
  EXPECT_TRUE(proved(frames));
  frames.push_back(large_next());
  EXPECT_FALSE(proved(frames));
  frames.push_back(superframe({small_key(), large_first()}));
  EXPECT_TRUE(proved(frames)) << "a key frame begins anew";
}

TEST(Vp9LayerProof, EveryPrefixOfASuperframeIsRead) {
  const test::Octets whole = TwoLayers[0];
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const test::Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    Vp9LayerProof proof;
    proof.add(cut);
    EXPECT_EQ(proof.holds(), length == whole.size());
    Vp9LayerCutter cutter;
    EXPECT_LE(cutter.cut(cut, {320, 180}).size(), cut.size());
  }
}

// What of the superframes is kept, as the sizes of their pieces.
std::vector<std::size_t> kept(const Frames& superframes, const std::vector<media::PictureSize>& enough) {
  Vp9LayerCutter cutter;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < superframes.size(); ++i)
    sizes.push_back(cutter.cut(superframes[i], enough[std::min(i, enough.size() - 1)]).size());
  return sizes;
}

TEST(Vp9LayerCutter, TheSmallestThatFillsIsKept) {
  const std::size_t key = small_key().size(), next = small_next().size();
  EXPECT_EQ(kept(TwoLayers, {{320, 180}}), (std::vector{key, next, next}));
  EXPECT_EQ(kept(TwoLayers, {{2, 2}}), (std::vector{key, next, next}));
  const std::vector whole{TwoLayers[0].size(), TwoLayers[1].size(), TwoLayers[2].size()};
  EXPECT_EQ(kept(TwoLayers, {{322, 180}}), whole);
  EXPECT_EQ(kept(TwoLayers, {{320, 182}}), whole);
  EXPECT_EQ(kept(TwoLayers, {{5000, 5000}}), whole);
}

TEST(Vp9LayerCutter, WhatWasLeftOutStaysOutUntilAKeyFrame) {
  Frames frames = TwoLayers;
  frames.push_back(large_next());
  frames.push_back(TwoLayers[0]);
  EXPECT_EQ(kept(frames, {{640, 360}, {320, 180}, {640, 360}}),
            (std::vector{TwoLayers[0].size(), small_next().size(), small_next().size(), std::size_t{0},
                         TwoLayers[0].size()}));
}

TEST(Vp9LayerCutter, OfThreeLayersTwoMakeASuperframe) {
  const test::Octets largest =
      test::vp9_frame({.refreshed = 4, .references = {1, 2, 1}, .width_px = 1280, .height_px = 720});
  const test::Octets three = superframe({small_key(), large_first(), largest});
  Vp9LayerCutter cutter;
  const Bytes two = cutter.cut(three, {640, 360});
  EXPECT_EQ(test::Octets(two.begin(), two.end()), superframe({small_key(), large_first()}));
}

}  // namespace
}  // namespace greffe::codec
