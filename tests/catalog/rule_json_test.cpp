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
       "signed_approval": true, "grace_days": 45, "destination": "AD62", "note": "n"},
      {"id": "b", "level": "explicit", "meetings": ["20261120-080000Z-0123456789"], "duration": "forever",
       "cut_off": "year"},
      {"id": "c", "level": "default", "class": "c", "duration": "P0D", "ingested_in_error": true, "approvers": 2,
       "retains": false, "final_action": "destroy", "cut_off": "dossier", "grace_days": 0}],
      "approver_keys": [{"name": "director", "public_key": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="},
                        {"name": "deputy", "public_key": "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}],
      "notice_days": 1, "cooling_days": 2, "grace_days": 3})";
  Result<Policy> policy = parse_policy(text);
  ASSERT_TRUE(policy) << policy.error().message();
  policy->version = 7;
  const Result<Policy> again = parse_policy(text_of(*policy));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_TRUE(again->says_as(*policy));
  EXPECT_EQ(again->version, 7);
  EXPECT_EQ(again->rules[0].classes, (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(again->rules[1].duration, std::nullopt);
  EXPECT_EQ(again->terms.grace_days, 3);
  EXPECT_EQ(again->rules[0].grace_days, 45);
  EXPECT_EQ(again->rules[2].grace_days, 0);
  EXPECT_EQ(again->approver_keys[1].name, "deputy");
  const std::string root = GREFFE_SOURCE_DIR;
  const auto schema = json::parse(*read_text(root + "/schemas/policy.schema.json", 1 << 20)).value();
  EXPECT_THAT(*test::violations(schema, json_of(*again)), IsEmpty());
}

TEST(RuleJson, D2_AKeyIsAnEd25519Key) {
  const std::string good = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
  const auto places_of_key = [](const std::string& members) {
    return places_in((R"({"rules": [], "approver_keys": [{)" + members + "}]}").c_str());
  };
  EXPECT_THAT(places_of_key(R"("name": "a", "public_key": ")" + good + "\""), IsEmpty());
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_THAT(places_of_key(R"("name": "a", "public_key": ")" + good.substr(0, length) + "\""),
                testing::ElementsAre("approver_keys[0].public_key"));
  // X25519 (RFC 8410), a PEM, hex of a bare key.
  for (const char* bad : {"MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
                          "-----BEGIN PUBLIC KEY-----", "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb"})
    EXPECT_THAT(places_of_key(std::string(R"("name": "a", "public_key": ")") + bad + "\""),
                testing::ElementsAre("approver_keys[0].public_key"));
  EXPECT_THAT(places_of_key(R"("name": "a b", "public_key": 5, "else": 1)"),
              testing::UnorderedElementsAre("approver_keys[0].name", "approver_keys[0].public_key",
                                            "approver_keys[0].else"));
  EXPECT_THAT(places_in(R"({"rules": [], "approver_keys": "none"})"), testing::ElementsAre("approver_keys"));
  EXPECT_THAT(places_in(rule_with(R"("signed_approval": true)").c_str()),
              testing::ElementsAre("rules[0].signed_approval"));
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
      {R"("signed_approval": "yes")", "rules[0].signed_approval"},
      {R"("grace_days": -1)", "rules[0].grace_days"},
      {R"("grace_days": 3651)", "rules[0].grace_days"},
      {R"("grace_days": 0)", "rules[0].grace_days"},
      {R"("ingested_in_error": 1)", "rules[0].ingested_in_error"},
      {R"("dauer": "P1Y")", "rules[0].dauer"},
  };
  for (const auto& [member, place] : wrong)
    EXPECT_THAT(places_in(rule_with(member).c_str()), Contains(place)) << member;
  EXPECT_THAT(places_in(rule_with(R"("grace_days": 0, "class": "c")").c_str()), IsEmpty());
  EXPECT_THAT(places_in(R"({"rules": [], "grace_days": 0})"), testing::ElementsAre("grace_days"));
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
