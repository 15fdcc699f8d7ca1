#include "json/stream_writer.h"

#include <gtest/gtest.h>

namespace greffe::json {
namespace {

using Items = StreamWriter::Items;

TEST(StreamWriter, WritesWhatWriteMakesOfTheWhole) {
  const Object item{{"a", Array{1, 2}}, {"b", Object{}}};
  Object whole{{"text", "é\n"}, {"empty", Array{}}, {"numbers", Array{1, -2, 3}}};
  whole.set("pairs", Array{Array{1, 2}, Array{3, 4}}).set("objects", Array{item, nullptr, item});
  // Value(): of an array in braces some compilers make a copy (CWG 2137).
  whole.set("nested", Array{Object{{"first", 7}, {"runs", Array{Value(Array{1, 2})}}}}).set("last", item);

  std::string text;
  StreamWriter writer([&](std::string_view piece) -> Status {
    text += piece;
    return {};
  });
  writer.member("text", "é\n");
  writer.open_array("empty", Items::OnLinesOfTheirOwn);
  writer.close();
  writer.open_array("numbers", Items::OnOneLine);
  for (const int number : {1, -2, 3}) writer.item_number(number);
  writer.close();
  writer.open_array("pairs", Items::OnOneLine);
  writer.item_pair(1, 2);
  writer.item(Array{3, 4});
  writer.close();
  writer.open_array("objects", Items::OnLinesOfTheirOwn);
  writer.item(item);
  writer.item(nullptr);
  writer.item(item);
  writer.close();
  writer.open_array("nested", Items::OnLinesOfTheirOwn);
  writer.open_object();
  writer.member("first", 7);
  writer.open_array("runs", Items::OnOneLine);
  writer.item(Array{1, 2});
  writer.close();
  writer.close();
  writer.close();
  writer.member("last", item);
  ASSERT_TRUE(writer.finish());
  EXPECT_EQ(text, write(whole, Style::Indented));
}

TEST(StreamWriter, LongTextComesInPiecesOfBoundedSize) {
  std::size_t pieces = 0, longest = 0;
  StreamWriter writer([&](std::string_view piece) -> Status {
    ++pieces;
    longest = std::max(longest, piece.size());
    return {};
  });
  writer.open_array("numbers", Items::OnOneLine);
  for (int i = 0; i < 100'000; ++i) writer.item(i);
  ASSERT_TRUE(writer.finish());
  EXPECT_GT(pieces, 5u);
  EXPECT_LT(longest, 100'000u);
}

TEST(StreamWriter, TheFirstFailureIsKeptAndNothingFollowsIt) {
  int calls = 0;
  StreamWriter writer([&](std::string_view) -> Status {
    ++calls;
    return fail("disk full");
  });
  writer.open_array("numbers", Items::OnOneLine);
  for (int i = 0; i < 100'000; ++i) writer.item(i);
  const Status status = writer.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message(), "disk full");
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace greffe::json
