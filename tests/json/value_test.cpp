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

TEST(JsonValue, R90_RefusesWhatIsNotStrictJson) {
  for (const char* bad :
       {"", "{", "[1,]", "NaN", "[1e999]", "{} x", "{\"a\":1,\"a\":2}", "\"\xff\"", "'a'", "{a:1}", "[01]"})
    EXPECT_FALSE(parse(bad)) << bad;
  EXPECT_FALSE(parse(std::string(65, '[') + std::string(65, ']')));
  EXPECT_TRUE(parse(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(parse("[1,2,3]", {.bytes = 3}));
}

TEST(JsonValue, MembersMayBeLeftOut) {
  const std::string text = R"({"a":1,"b":[{"first":2,"runs":[[1,2]]},3],"c":{"b":4},"d":{"e":5}})";
  const auto value = parse(text, {.leave_out = {"b", "d"}});
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(write(*value), R"({"a":1,"b":[],"c":{"b":4},"d":{}})");
  EXPECT_FALSE(parse(R"({"b":[1,]})", {.leave_out = {"b"}}));
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
