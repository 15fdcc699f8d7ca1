#include "json/value.h"

#include <gtest/gtest.h>

#include "json/reader.h"
#include "support/schema.h"

namespace greffe::json {
namespace {

TEST(JsonValue, ReadsWhatItWrites) {
  const std::string text = R"({"a":[1,-2.5,true,null,"é\n"],"b":{}})";
  const auto value = parse(text);
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(write(*value), text);
}

TEST(JsonValue, R71_WritesNothingButUtf8) {
  const Value value = Object{{"caf\xe9", Array{"\xff\xfe.mjr", "caf\u00e9"}}};
  for (const Style style : {Style::Compact, Style::Indented, Style::Canonical}) {
    const auto read = parse(write(value, style));
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(*read, Value(Object{{"caf\uFFFD", Array{"\uFFFD\uFFFD.mjr", "caf\u00e9"}}}));
  }
}

TEST(JsonValue, R90_RefusesWhatIsNotStrictJson) {
  for (const char* bad :
       {"", "{", "[1,]", "NaN", "[1e999]", "{} x", "{\"a\":1,\"a\":2}", "\"\xff\"", "'a'", "{a:1}", "[01]"})
    EXPECT_FALSE(parse(bad)) << bad;
  EXPECT_FALSE(parse(std::string(65, '[') + std::string(65, ']')));
  EXPECT_TRUE(parse(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(parse("[1,2,3]", {.bytes = 3}));
}

TEST(JsonValue, WhatIsNoJsonIsToldWithItsPlace) {
  EXPECT_EQ(parse("{\n  \"a\": 1\n  \"b\": 2\n}").error().message(), "not JSON at byte 16, line 3, column 5");
  EXPECT_EQ(parse("x").error().message(), "not JSON at byte 1, line 1, column 1");
  EXPECT_EQ(parse("[\n").error().message(), "not JSON at byte 3, line 2, column 1");
}

TEST(JsonValue, MembersMayBeLeftOut) {
  const std::string text = R"({"a":1,"b":[{"first":2,"runs":[[1,2]]},3],"c":{"b":4},"d":{"e":5}})";
  const auto value = parse(text, {.leave_out = {"b", "d"}});
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(write(*value), R"({"a":1,"b":[],"c":{"b":4},"d":{}})");
  EXPECT_FALSE(parse(R"({"b":[1,]})", {.leave_out = {"b"}}));
}

// `text` in pieces of `size` bytes.
TextSource pieces_of(std::string_view text, std::size_t size) {
  return [text, size](std::span<char> piece) mutable -> Result<std::size_t> {
    const std::size_t length = std::min({piece.size(), size, text.size()});
    std::copy_n(text.begin(), length, piece.begin());
    text.remove_prefix(length);
    return length;
  };
}

TEST(JsonValue, ATextMayComeInPieces) {
  const std::string text = R"({"a":[1,-2.5,true,null,"é\n"],"b":{}})";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const auto value = parse(pieces_of(text, size));
    ASSERT_TRUE(value) << value.error().message();
    EXPECT_EQ(write(*value), text);
  }
  EXPECT_FALSE(parse(pieces_of("{} x", 2)));
  EXPECT_FALSE(parse(pieces_of("", 1)));
  EXPECT_FALSE(parse(pieces_of("[1,2,3]", 1), {.bytes = 3}));
  const TextSource broken = [](std::span<char>) -> Result<std::size_t> { return fail("the disk is gone"); };
  EXPECT_EQ(parse(broken).error().message(), "the disk is gone");
}

TEST(JsonValue, ItemsOfLongArraysMayBeHandedOver) {
  const std::string text = R"({"a":[1,[2]],"b":[{"first":2,"runs":[[1,2],3]},null],"c":{"a":[4]}})";
  std::string seen;
  const auto note = [&](const Value& item) -> Status {
    seen += write(item) + ";";
    return {};
  };
  const auto value = parse(text, {.hand_over = {{"a", note}, {"b", note}, {"b.runs", note}}});
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(write(*value), R"({"a":[],"b":[],"c":{"a":[4]}})");
  EXPECT_EQ(seen, R"(1;[2];[1,2];3;{"first":2,"runs":[]};null;)");
  const auto refuse = [](const Value&) -> Status { return fail("not this one"); };
  EXPECT_EQ(parse(text, {.hand_over = {{"b.runs", refuse}}}).error().message(), "not this one");
  EXPECT_TRUE(parse("{\"a\":[1,2,3,4]}", {.values = 3, .hand_over = {{"a", note}}}));
  EXPECT_FALSE(parse("{\"a\":[1,2,3,4]}", {.values = 3}));
}

TEST(JsonValue, DuplicateNameIsNamed) {
  EXPECT_NE(parse(R"({"a":1,"a":2})").error().message().find("\"a\""), std::string::npos);
}

// RFC 8785 §3.2.2 and §3.2.3, its own examples.
TEST(JsonValue, CanonicalFormIsRfc8785) {
  const auto numbers = parse(
      R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"a":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"})");
  ASSERT_TRUE(numbers);
  EXPECT_EQ(
      write(*numbers, Style::Canonical),
      "{\"a\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27]}");
  const auto order = parse(R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})");
  ASSERT_TRUE(order);
  EXPECT_EQ(write(*order, Style::Canonical),
            "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xef\xac\xb3\":3}");
}

TEST(JsonReader, NamesThePlaceOfTheFirstFailure) {
  const auto value = parse(R"({"title":3,"n":"x","extra":1})");
  Reader reader(*value, "meeting");
  reader.text("title");
  reader.integer("n");
  reader.text("gone");
  ASSERT_FALSE(reader.status());
  EXPECT_EQ(reader.status().error().message(), "meeting.title: expected text");
  EXPECT_EQ(reader.unknown(), std::vector<std::string>{"extra"});
}

TEST(JsonSchema, NamesWhatDoesNotHold) {
  const auto schema = parse(R"({"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}})");
  EXPECT_TRUE(test::violations(*schema, *parse(R"({"a":1})"))->empty());
  EXPECT_FALSE(test::violations(*schema, *parse(R"({"a":"x"})"))->empty());
  EXPECT_FALSE(test::violations(*schema, *parse(R"({})"))->empty());
}

}  // namespace
}  // namespace greffe::json
