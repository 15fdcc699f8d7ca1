#include "media/av1_obu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/av1_writer.h"

namespace greffe::media {
namespace {

using test::Octets;
using testing::ElementsAre;

std::optional<std::uint32_t> leb128(const Octets& bytes) {
  ByteReader reader(bytes);
  return read_leb128(reader);
}

TEST(Leb128, ReadsSevenBitsAnOctet) {
  EXPECT_EQ(leb128({0x00}), 0u);
  EXPECT_EQ(leb128({0xe5, 0x8e, 0x26}), 624485u);
  EXPECT_EQ(leb128({0x85, 0x80, 0x00}), 5u);  // longer than need be is allowed
  EXPECT_EQ(leb128({0xff, 0xff, 0xff, 0xff, 0x0f}), 0xffffffffu);
}

TEST(Leb128, R45_RejectsWhatIsCutOrTooLong) {
  EXPECT_FALSE(leb128({}).has_value());
  EXPECT_FALSE(leb128({0x80, 0x80}).has_value());
  EXPECT_FALSE(leb128({0xff, 0xff, 0xff, 0xff, 0x1f}).has_value());
  EXPECT_FALSE(leb128(Octets(9, 0x80)).has_value());
}

TEST(Obu, R44_SizesOfItsOwnAreReadAndWrittenAnew) {
  const Octets plain = {0x30, 1, 2, 3};                 // Frame
  const Octets sized = {0x32, 0x83, 0x00, 1, 2, 3, 9};  // the same with a long size, and an octet behind it
  for (const Octets& bytes : {plain, sized}) {
    const auto obu = parse_obu(bytes);
    ASSERT_TRUE(obu.has_value());
    EXPECT_EQ(obu->type, ObuType::Frame);
    std::vector<std::uint8_t> written;
    append_obu(*obu, written);
    EXPECT_THAT(written, ElementsAre(0x32, 3, 1, 2, 3));
  }
}

TEST(Obu, R44_UnitsOfFilesAreTakenApart) {
  const Octets unit = {0x12, 0x00, 0x36, 0x48, 0x01, 7, 0x32, 0x02, 1, 2};
  ByteReader reader(unit);
  EXPECT_EQ(take_obu(reader)->type, ObuType::TemporalDelimiter);
  EXPECT_EQ(take_obu(reader)->spatial_layer, 1);
  EXPECT_THAT(take_obu(reader)->payload, ElementsAre(1, 2));
  EXPECT_EQ(reader.remaining(), 0u);
  for (const Octets& bytes : {Octets{0x30, 1}, Octets{0x32}, Octets{0x32, 3, 1, 2}, Octets{0x36, 0x48}}) {
    ByteReader wrong(bytes);
    EXPECT_FALSE(take_obu(wrong).has_value());
    EXPECT_EQ(wrong.remaining(), bytes.size());
  }
}

TEST(Obu, ReadsLayersAndKeepsThem) {
  const Octets bytes = {0x34, 0x48, 7};  // TID 2, SID 1
  const auto obu = parse_obu(bytes);
  ASSERT_TRUE(obu.has_value());
  EXPECT_EQ(obu->temporal_layer, 2);
  EXPECT_EQ(obu->spatial_layer, 1);
  std::vector<std::uint8_t> written;
  append_obu(*obu, written);
  EXPECT_THAT(written, ElementsAre(0x36, 0x48, 1, 7));
  const Octets large(300, 5);
  written.clear();
  append_obu(*parse_obu(test::av1_obu(5, large)), written);
  EXPECT_THAT(Bytes(written).first(3), ElementsAre(0x2a, 0xac, 0x02));
}

TEST(Obu, R44_RejectsSizesBeyondTheirElement) {
  for (const Octets& bytes : {Octets{}, Octets{0x34}, Octets{0x32}, Octets{0x32, 2, 1}, Octets{0xb0, 1}})
    EXPECT_FALSE(parse_obu(bytes).has_value()) << bytes.size();
}

}  // namespace
}  // namespace greffe::media
