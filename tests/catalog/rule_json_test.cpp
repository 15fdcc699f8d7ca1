#include "catalog/rule_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "support/schema.h"

namespace greffe::catalog {
namespace {

using retention::Policy;
using testing::Contains;
using testing::IsEmpty;

std::vector<std::string> places_in(const char* text) {
  const ReadPolicy read = read_policy(*json::parse(text));
  std::vector<std::string> places;
  for (const retention::Mistake& mistake : read.mistakes) places.push_back(mistake.place);
  return places;
}

std::string rule_with(const std::string& members) {
  return R"({"rules": [{"id": "a", "level": "default", "duration": "P1Y", )" + members + "}]}";
}

TEST(RuleJson, WhatIsWrittenIsReadAgain) {
  const char* text = R"({"rules": [
      {"id": "a", "level": "scoped", "query": "title:x", "classes": ["c", "d"], "producer": "DSI", "duration": "P1Y6M",
       "start": "dossier_closed", "cut_off": {"fiscal_year_end": "03-31"}, "final_action": "destroy", "approvers": 2,
       "destination": "AD62", "note": "n"},
      {"id": "b", "level": "explicit", "meetings": ["20261120-080000Z-0123456789"], "duration": "forever",
       "cut_off": "year"},
      {"id": "c", "level": "default", "class": "c", "duration": "P0D", "ingested_in_error": true, "approvers": 2,
       "retains": false, "final_action": "destroy", "cut_off": "dossier"}], "notice_days": 1, "cooling_days": 2})";
  Result<Policy> policy = parse_policy(text);
  ASSERT_TRUE(policy) << policy.error().message();
  policy->version = 7;
  const Result<Policy> again = parse_policy(text_of(*policy));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_TRUE(again->says_as(*policy));
  EXPECT_EQ(again->version, 7);
  EXPECT_EQ(again->rules[0].classes, (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(again->rules[1].duration, std::nullopt);
}

TEST(RuleJson, OneMistakeAtOnePlaceAndAllOfThem) {
  EXPECT_THAT(places_in(R"({"rules": 5, "schema": "x", "version": 0, "else": 1})"),
              testing::UnorderedElementsAre("schema", "version", "rules", "else"));
  EXPECT_THAT(places_in(R"([])"), testing::ElementsAre("document"));
  EXPECT_THAT(places_in(R"({"rules": [5, {}]})"), Contains("rules[0]"));
  for (const char* place : {"rules[0].id", "rules[0].level", "rules[0].duration"})
    EXPECT_EQ(testing::Value(places_in(R"({"rules": [{}]})"), Contains(place).Times(1)), true) << place;
}

TEST(RuleJson, EveryFieldIsChecked) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"("class": 5)", "rules[0].class"},
      {R"("class": "a", "classes": ["b"])", "rules[0].class"},
      {R"("classes": "a")", "rules[0].classes"},
      {R"("classes": ["a", 5])", "rules[0].classes[1]"},
      {R"("start": "Dossier closed")", "rules[0].start"},
      {R"("cut_off": "month")", "rules[0].cut_off"},
      {R"("cut_off": {"fiscal_year_end": "31-03"})", "rules[0].cut_off.fiscal_year_end"},
      {R"("cut_off": {"fiscal_year_end": "03-31", "x": 1})", "rules[0].cut_off.x"},
      {R"("retains": "no")", "rules[0].retains"},
      {R"("final_action": "trier")", "rules[0].final_action"},
      {R"("approvers": 0)", "rules[0].approvers"},
      {R"("approvers": 1.5)", "rules[0].approvers"},
      {R"("ingested_in_error": 1)", "rules[0].ingested_in_error"},
      {R"("dauer": "P1Y")", "rules[0].dauer"},
  };
  for (const auto& [member, place] : wrong)
    EXPECT_THAT(places_in(rule_with(member).c_str()), Contains(place)) << member;
  EXPECT_THAT(places_in(rule_with(R"("cut_off": {"fiscal_year_end": "02-29"})").c_str()), IsEmpty());
}

TEST(RuleJson, T2_DurationsAreWholeUnitsOfTheCalendar) {
  for (const char* duration : {"", "5", "P5", "P1.5Y", "-P1Y", "PT1H", "P1D1Y", "P99999Y", "for ever"}) {
    const std::string text =
        R"({"rules": [{"id": "a", "level": "default", "duration": ")" + std::string(duration) + "\"}]}";
    EXPECT_THAT(places_in(text.c_str()), testing::ElementsAre("rules[0].duration")) << duration;
  }
}

TEST(RuleJson, ExamplesHoldToTheSchema) {
  const std::string root = GREFFE_SOURCE_DIR;
  const auto schema = json::parse(*read_text(root + "/schemas/policy.schema.json", 1 << 20)).value();
  for (const char* name : {"ministry", "court", "hospital-board"}) {
    const std::string text = *read_text(root + "/examples/policy/" + name + ".json", 1 << 20);
    const Result<Policy> policy = parse_policy(text);
    ASSERT_TRUE(policy) << policy.error().message();
    EXPECT_THAT(*test::violations(schema, *json::parse(text)), IsEmpty()) << name;
    EXPECT_THAT(*test::violations(schema, json_of(*policy).set("version", 1)), IsEmpty()) << name;
  }
}

}  // namespace
}  // namespace greffe::catalog
