#include "media/nal_unit.h"

#include <gtest/gtest.h>

namespace greffe::media {
namespace {

using Octets = std::vector<std::uint8_t>;

TEST(NalUnit, EscapesAreTakenOut) {
  EXPECT_EQ(unescaped(Octets{1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3}), (Octets{1, 0, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(unescaped(Octets{0, 3, 0, 3}), (Octets{0, 3, 0, 3}));
  EXPECT_EQ(unescaped(Octets{0, 0, 3, 0, 0, 3, 3}, 4), (Octets{0, 0, 0}));
  EXPECT_TRUE(unescaped({}).empty());
}

TEST(NalUnits, EveryPrefixGivesOnlyWholeUnits) {
  Octets frame;
  append_unit(frame, Octets{1, 2, 3});
  append_unit(frame, {});
  append_unit(frame, Octets{4});
  const std::size_t ends[]{7, 11, 16};
  for (std::size_t length = 0; length <= frame.size(); ++length) {
    NalUnits units(Bytes(frame).first(length));
    std::size_t count = 0;
    while (units.next()) ++count;
    EXPECT_EQ(count,
              static_cast<std::size_t>((length >= ends[0]) + (length >= ends[1]) + (length >= ends[2])));
    EXPECT_EQ(units.failed(), length != 0 && length != 7 && length != 11 && length != 16) << length;
  }
}

TEST(NalUnits, LengthsMayBeShorter) {
  const Octets frame{0, 2, 7, 8, 0, 1, 9};
  NalUnits units(frame, 2);
  EXPECT_EQ(units.next()->size(), 2u);
  EXPECT_EQ(units.next()->front(), 9);
  EXPECT_FALSE(units.next() || units.failed());
  NalUnits single(frame, 1);
  EXPECT_EQ(single.next()->size(), 0u);
  EXPECT_EQ(single.next()->size(), 2u);
}

}  // namespace
}  // namespace greffe::media
