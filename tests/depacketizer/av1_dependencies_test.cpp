#include "depacketizer/av1_dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "depacketizer/av1_references.h"
#include "support/av1_writer.h"

namespace greffe::depacketizer {
namespace {

using test::av1_descriptor;
using test::Octets;

std::vector<int> distances(const Av1Dependencies& said) {
  return {said.distances.begin(), said.distances.begin() + said.references};
}

TEST(Av1Dependencies, TemplatesComeWithTheStructureAndStay) {
  Av1DependencyReader reader;
  EXPECT_FALSE(reader.read(av1_descriptor({.frame_template = 2})).has_value());  // no structure yet
  const auto key = reader.read(av1_descriptor({.number = 65'535, .structure = true}));
  ASSERT_TRUE(key.has_value());
  EXPECT_TRUE(key->starts_frame && key->ends_frame);
  EXPECT_EQ(key->number, 65'535);
  EXPECT_EQ(key->spatial_layer, 0);
  EXPECT_TRUE(distances(*key).empty());
  const auto second = reader.read(av1_descriptor({.number = 1, .frame_template = 1}));
  EXPECT_THAT(distances(*second), testing::ElementsAre(2));
  EXPECT_EQ(second->spatial_layer, 0);
  const auto upper = reader.read(av1_descriptor({.number = 1, .frame_template = 3}));
  EXPECT_THAT(distances(*upper), testing::ElementsAre(1, 2));
  EXPECT_EQ(upper->spatial_layer, 1);
  EXPECT_FALSE(reader.read(av1_descriptor({.frame_template = 4})).has_value());
}

TEST(Av1Dependencies, FramesMaySayDistancesOfTheirOwn) {
  Av1DependencyReader reader;
  reader.read(av1_descriptor({.structure = true}));
  const auto own = reader.read(av1_descriptor({.frame_template = 3, .custom_distances = {4, 16}}));
  ASSERT_TRUE(own.has_value());
  EXPECT_THAT(distances(*own), testing::ElementsAre(4, 16));
  EXPECT_FALSE(
      reader.read(av1_descriptor({.frame_template = 3, .custom_distances = std::vector<std::uint32_t>(9, 1)}))
          .has_value());
}

TEST(Av1Dependencies, PrefixesAreNotRead) {
  const Octets bytes = av1_descriptor({.structure = true, .resolutions = true});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Av1DependencyReader reader;
    EXPECT_FALSE(reader.read(Bytes(bytes).first(size)).has_value()) << size;
  }
  Av1DependencyReader reader;
  EXPECT_FALSE(reader.read(Octets(300, 0x00)).has_value());
  EXPECT_FALSE(reader.read(Octets(300, 0xaa)).has_value());
}

Av1Dependencies said(int number, std::vector<int> back, int layer = 0) {
  Av1Dependencies all{.number = static_cast<std::uint16_t>(number),
                      .spatial_layer = static_cast<std::uint8_t>(layer),
                      .references = static_cast<std::uint8_t>(back.size())};
  for (std::size_t at = 0; at < back.size(); ++at) all.distances[at] = static_cast<std::uint16_t>(back[at]);
  return all;
}

constexpr media::PictureSize Size{320, 240};
const media::Av1FrameHeader Key{.refreshed = 0xff, .size = Size};

media::Av1FrameHeader inter(std::uint8_t refreshed, std::uint8_t named) {
  return {.type = media::Av1FrameType::Inter, .refreshed = refreshed, .named = named, .size = Size};
}

// After a loss: the descriptor names frames that were given, and the header slots that hold them.
TEST(Av1References, DescriptorsProveWhatALossLeft) {
  Av1References references;
  references.take(Key, Size, said(65'534, {}));
  references.take(inter(0x01, 0x01), Size, said(65'535, {1}));
  references.lose_unknown();  // frame 0
  EXPECT_FALSE(references.is_decodable(inter(0x01, 0x03)));
  EXPECT_FALSE(references.is_decodable(inter(0x01, 0x03), said(1, {1})));
  EXPECT_TRUE(references.is_decodable(inter(0x01, 0x03), said(1, {2})));
  EXPECT_TRUE(references.is_decodable(inter(0x01, 0x03), said(1, {2, 3})));
  EXPECT_FALSE(references.is_decodable(inter(0x01, 0x02), said(1, {2})));  // in a slot it does not name
  EXPECT_FALSE(references.is_decodable(inter(0x01, 0x03), said(1, {})));
  references.take(inter(0x01, 0x03), Size, said(1, {2}));
  EXPECT_TRUE(references.is_decodable(inter(0x01, 0x01), said(2, {1})));
  // A frame that is lost but told what it replaces.
  references.lose(inter(0x01, 0x01));
  EXPECT_FALSE(references.is_decodable(inter(0x01, 0x01), said(3, {2})));
}

TEST(Av1References, R46_AnUpperLayerNeedsTheFramesItNames) {
  Av1References references;
  references.take(Key, Size, said(0, {}));
  EXPECT_TRUE(references.is_decodable(inter(0x02, 0x03), said(1, {1}, 1)));
  EXPECT_FALSE(references.is_decodable(inter(0x02, 0x03), said(5, {2}, 1)));  // frame 3 was left out
  EXPECT_TRUE(references.is_decodable(inter(0x02, 0x03)));
}

}  // namespace
}  // namespace greffe::depacketizer
