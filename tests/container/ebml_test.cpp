#include "container/ebml.h"

#include <gtest/gtest.h>

#include "container/matroska_ids.h"

namespace greffe::container {
namespace {

std::vector<std::uint8_t> bytes_of(const EbmlBuffer& buffer) {
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

TEST(Ebml, NumbersTakeAsFewOctetsAsTheyCan) {
  EbmlBuffer buffer;
  buffer.uint(id::TrackNumber, 0);
  buffer.uint(id::TrackUid, 0x1'0000);
  EXPECT_EQ(bytes_of(buffer), (std::vector<std::uint8_t>{0xD7, 0x81, 0, 0x73, 0xC5, 0x83, 1, 0, 0}));
}

// RFC 8794 §4.1: all ones mean "unknown", so 127 needs two octets.
TEST(Ebml, SizesHaveSevenBitsAnOctet) {
  const std::vector<std::pair<std::uint64_t, std::vector<std::uint8_t>>> sizes{
      {0, {0x80}},
      {126, {0xFE}},
      {127, {0x40, 0x7F}},
      {16'382, {0x7F, 0xFE}},
      {16'383, {0x20, 0x3F, 0xFF}},
      {(std::uint64_t{1} << 49) - 1, {0x01, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}}};
  for (const auto& [size, bytes] : sizes) {
    EbmlBuffer buffer;
    buffer.size(size);
    EXPECT_EQ(bytes_of(buffer), bytes) << size;
  }
}

TEST(Ebml, AnElementIsClosedWhenItsSizeIsKnown) {
  EbmlBuffer buffer;
  const std::size_t size_at = buffer.open(id::Cluster);
  const std::size_t content_at = buffer.length();
  const std::size_t value_at = buffer.fixed_real(id::Duration, 0);
  buffer.set_real(value_at, 1);
  buffer.set_size(size_at, buffer.length() - content_at);
  EXPECT_EQ(bytes_of(buffer),
            (std::vector<std::uint8_t>{0x1F, 0x43, 0xB6, 0x75, 1,    0, 0, 0, 0, 0, 0, 11,  //
                                       0x44, 0x89, 0x88, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace greffe::container
