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

TEST(NalUnit, StartCodesAreThreeOrFourOctets) {
  const Octets stream{9, 0, 0, 0, 1, 7, 8, 0, 0, 1, 5, 0, 0, 0, 0, 1, 6};
  const auto units = annex_b_units(stream);
  ASSERT_EQ(units.size(), 3u);
  EXPECT_EQ(Octets(units[0].begin(), units[0].end()), (Octets{7, 8}));
  EXPECT_EQ(Octets(units[1].begin(), units[1].end()), (Octets{5}));
  EXPECT_EQ(Octets(units[2].begin(), units[2].end()), (Octets{6}));
  for (std::size_t length = 0; length < 5; ++length)
    EXPECT_TRUE(annex_b_units(Bytes(stream).first(length)).empty());
  EXPECT_EQ(annex_b_units(Bytes(stream).first(5)).size(), 1u);  // of nothing yet
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
