#include "json/lines.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace greffe::json {
namespace {

constexpr std::string_view Text = R"({
  "a": 1,
  "b": [
    {"c": "x\" }\n", "d": [1,
      2, [], {}]},
    null
  ],
  "e":
    {"f": true}
})";

TEST(Lines, OfEachPlace) {
  const std::vector<std::pair<std::string, int>> cases{
      {"a", 2},         {"b", 3},         {"b[0]", 4}, {"b[0].c", 4}, {"b[0].d", 4},
      {"b[0].d[0]", 4}, {"b[0].d[1]", 5}, {"b[1]", 6}, {"e", 9},      {"e.f", 9}};
  for (const auto& [place, line] : cases) EXPECT_EQ(lines_of(Text, {place}).at(place), line) << place;
}

TEST(Lines, OfWhatIsMissingAreThoseOfItsHolder) {
  const auto lines = lines_of(Text, {"b[0].z", "b[1].z.y", "b[7].c", "z", "b[0].d[1]"});
  EXPECT_EQ(lines.at("b[0].z"), 4);
  EXPECT_EQ(lines.at("b[1].z.y"), 6);
  EXPECT_EQ(lines.at("b[7].c"), 3);
  EXPECT_EQ(lines.at("z"), 1);
  EXPECT_EQ(lines.at("b[0].d[1]"), 5);
}

TEST(Lines, AnyTextIsSurvived) {
  for (std::size_t length = 0; length <= Text.size(); ++length)
    EXPECT_EQ(lines_of(Text.substr(0, length), {"b[0].d"}).size(), 1U);
  for (const char* text : {"]]}", "\"", "\"\\", ",,:", "{\"", "[1"}) lines_of(text, {"a[0]", "[0]"});
}

}  // namespace
}  // namespace greffe::json
