#include "catalog/disposal_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "base/base64.h"
#include "catalog/disposal_json.h"
#include "fixity/signing_key.h"
#include "support/schema.h"

namespace greffe::catalog {
namespace {

namespace fs = std::filesystem;
using retention::Verdict;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view ListId = "disposal-20260301-0a1b2c";
constexpr std::string_view FirstMeeting = "20200101-080000Z-0123456789";
constexpr std::string_view SecondMeeting = "20200301-080000Z-abcdef0123";

CivilDate date_of(std::string_view text) { return parse_date(text).value(); }
WallTime instant_of(std::string_view text) { return parse_rfc3339(text).value(); }

ListLine frozen_line(std::string_view meeting) {
  return {.meeting = std::string(meeting),
          .record_class = "council",
          .producers = {"schools"},
          .start_unix_ms = 1'577'865'600'000,
          .end_unix_ms = 1'577'869'200'000,
          .bytes = 12'345,
          .files = 7,
          .manifest = fixity::digest_of(meeting),
          .rule = "council-5y",
          .retention_start = date_of("2020-01-01"),
          .keep_until = date_of("2025-01-01"),
          .due_from = date_of("2025-01-02"),
          .ingested_in_error = false,
          .terms = {.approvers = 2, .signed_approval = true, .grace_days = 10},
          .commitment = std::string(64, 'c')};
}

Person marie() { return {.login = "marie", .uid = 1000, .host = "greffe"}; }
Person louise() { return {.login = "louise", .uid = 1001, .host = "greffe"}; }

DisposalList list_of_two() {
  return {.id = std::string(ListId),
          .made = instant_of("2026-03-01T08:00:00.123Z"),
          .day = date_of("2026-03-01"),
          .by = marie(),
          .policy_version = 3,
          .scope = "--class council",
          .note = "séance “ouverte”",
          .clock_jump = "",
          .lines = {frozen_line(FirstMeeting), frozen_line(SecondMeeting)}};
}

Visa visa_on(const DisposalList& list, std::int64_t number = 1) {
  return {.number = number,
          .said = {.list = list.id,
                   .list_sha512 = list.digest(),
                   .valid_until = date_of("2026-09-01"),
                   .reason = "read and agreed",
                   .lines = {{.meeting = std::string(FirstMeeting),
                              .verdict = Verdict::Accept,
                              .until = {},
                              .remark = "vu"},
                             {.meeting = std::string(SecondMeeting),
                              .verdict = Verdict::Defer,
                              .until = date_of("2027-01-01"),
                              .remark = ""}}},
          .given = instant_of("2026-03-05T09:00:00Z"),
          .day = date_of("2026-03-05"),
          .by = louise(),
          .key = "director",
          .signature = base64(std::vector<std::uint8_t>(64, 7)),
          .clock_jump = ""};
}

Trashed trashed_on(std::string_view meeting) {
  return {.list = std::string(ListId),
          .meeting = std::string(meeting),
          .when = instant_of("2026-03-06T09:00:00Z"),
          .day = date_of("2026-03-06"),
          .by = marie(),
          .purge_from = date_of("2026-03-16")};
}

Restored restored_on(std::string_view meeting) {
  return {.list = std::string(ListId),
          .meeting = std::string(meeting),
          .when = instant_of("2026-03-07T09:00:00Z"),
          .by = louise(),
          .reason = "needed",
          .hold = "h-1"};
}

Tombstone tombstone_on(const DisposalList& list, std::string_view meeting) {
  return {.list = list.id,
          .meeting = std::string(meeting),
          .list_sha512 = list.digest(),
          .line = frozen_line(meeting),
          .visas = {1, 2},
          .dumps = {{.sha256 = std::string(64, 'd'), .bytes = 99}},
          .trashed = instant_of("2026-03-06T09:00:00Z"),
          .destroyed = instant_of("2026-03-16T09:00:00Z"),
          .by = marie(),
          .also_in = {std::string(SecondMeeting)},
          .exports = {"export-1"}};
}

Certificate certificate_on(const DisposalList& list, std::int64_t number = 1) {
  return {.list = list.id,
          .number = number,
          .list_sha512 = list.digest(),
          .when = instant_of("2026-03-16T09:00:01Z"),
          .by = marie(),
          .visas = {1},
          .meetings = {std::string(FirstMeeting)},
          .bytes = 12'345,
          .skipped = {{.meeting = std::string(SecondMeeting), .code = "ON_HOLD", .why = "h-1"}},
          .exports = {{.id = "export-1",
                       .recipient = "Archives départementales",
                       .date = "2026-01-01",
                       .digest = std::string(64, 'e'),
                       .meetings = {std::string(FirstMeeting)}}},
          .first_entry = 40,
          .last_entry = 52,
          .tree_head = std::string(64, 'f')};
}

ErasureRequest request_numbered(std::int64_t number) {
  return {.number = number,
          .recorded = instant_of("2026-03-01T08:00:00Z"),
          .received = date_of("2026-02-27"),
          .by = marie(),
          .reference = "DPO-2026-17",
          .meetings = {std::string(FirstMeeting), std::string(SecondMeeting)},
          .note = "by post",
          .states = {{std::string(FirstMeeting), "BLOCKED_BY_HOLD"}}};
}

ErasureAnswer answer_numbered(std::int64_t number) {
  return {.number = number,
          .when = instant_of("2026-03-20T08:00:00Z"),
          .by = marie(),
          .outcome = "partly",
          .reason = "one is held",
          .states = {{std::string(FirstMeeting), "ERASED"}, {std::string(SecondMeeting), "BLOCKED_BY_HOLD"}}};
}

// Of each document: what was written reads and writes the same again, and the schema has all of it.
template <class Record, class Read>
void check_document(const Record& record, Read read, std::string_view schema_name) {
  SCOPED_TRACE(schema_name);
  const std::string text = text_of(record);
  const json::Value value = json::parse(text).value();
  const auto again = read(value);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(text_of(*again), text);
  const std::string file = fmt::format("{}/schemas/{}.schema.json", GREFFE_SOURCE_DIR, schema_name);
  json::Value schema = json::parse(*read_text(file, 1 << 20)).value();
  EXPECT_THAT(*test::violations(schema, value), IsEmpty());
  // Nothing is written that the schema does not name.
  schema.find_object()->set("additionalProperties", false);
  EXPECT_THAT(*test::violations(schema, value), IsEmpty());
  // Each member that is required is missed, and no wrong type gets through.
  for (const json::Value& name : *schema.find_object()->find("required")->find_array()) {
    json::Object lacking = *value.find_object();
    lacking.erase(*name.find_text());
    EXPECT_FALSE(read(json::Value(lacking))) << *name.find_text();
  }
  for (const auto& [name, member] : *value.find_object())
    for (const json::Value& wrong :
         {json::Value(nullptr), json::Value(-1), json::Value(1.5), json::Value("x y"),
          json::Value(json::Array{1, "x"}), json::Value(json::Object{{"a", 1}})}) {
      json::Object changed = *value.find_object();
      const auto read_changed = read(json::Value(changed.set(name, wrong)));
      if (read_changed) {
        EXPECT_TRUE(wrong.find_text() != nullptr || wrong.is_null()) << name << " " << json::write(wrong);
      }
    }
}

TEST(DisposalFiles, D1_D2_D12_D13_AllDocumentsReadAsTheyWereWritten) {
  const DisposalList list = list_of_two();
  check_document(list, list_of, "disposal-list");
  check_document(visa_on(list), visa_of, "visa");
  check_document(trashed_on(FirstMeeting), trashed_of, "trashed");
  check_document(restored_on(FirstMeeting), restored_of, "restored");
  check_document(tombstone_on(list, FirstMeeting), tombstone_of, "tombstone");
  check_document(certificate_on(list), certificate_of, "certificate");
  check_document(request_numbered(1), request_of, "erasure-request");
  check_document(answer_numbered(1), answer_of, "erasure-answer");
}

TEST(DisposalFiles, D2_WhatIsSignedIsCanonicalAndReadsBack) {
  const VisaText text = visa_on(list_of_two()).said;
  EXPECT_EQ(VisaText::parse(text.text()).value().text(), text.text());
  EXPECT_EQ(VisaText::parse(text.text() + "\n").value().text(), text.text());
  EXPECT_FALSE(VisaText::parse(text.text() + "\n\n"));
  EXPECT_FALSE(VisaText::parse(" " + text.text()));
  EXPECT_FALSE(VisaText::parse(json::write(json_of(text), json::Style::Indented)));
  for (std::size_t length = 0; length < text.text().size(); ++length)
    EXPECT_FALSE(VisaText::parse(text.text().substr(0, length)));
  const std::string file = GREFFE_SOURCE_DIR "/schemas/visa-text.schema.json";
  const json::Value schema = json::parse(*read_text(file, 1 << 20)).value();
  EXPECT_THAT(*test::violations(schema, json::parse(text.text()).value()), IsEmpty());
}

TEST(DisposalFiles, D1_TheDigestIsOfEveryWordOfTheList) {
  const DisposalList list = list_of_two();
  EXPECT_EQ(list.digest().size(), 128u);
  EXPECT_EQ(list_of(json::parse(text_of(list)).value()).value().digest(), list.digest());
  std::vector<DisposalList> others(7, list);
  others[0].note += ".";
  others[1].lines[1].bytes += 1;
  others[2].lines[0].terms.grace_days = 0;
  others[3].lines[0].producers.clear();
  others[4].by.host = "other";
  others[5].lines.pop_back();
  others[6].lines[0].keep_until.reset();
  for (const DisposalList& other : others) EXPECT_NE(other.digest(), list.digest());
}

json::Value changed(const DisposalList& list, std::string_view name, json::Value value) {
  return json::Object(json_of(list)).set(name, std::move(value));
}

TEST(DisposalFiles, D1_AListIsWholeOrRefused) {
  const DisposalList list = list_of_two();
  // What would be shown to people, but not be part of what they sign.
  EXPECT_FALSE(list_of(changed(list, "remark", "not part of it")));
  EXPECT_FALSE(list_of(changed(list, "count", 3)));
  EXPECT_FALSE(list_of(changed(list, "bytes", 1)));
  EXPECT_FALSE(list_of(changed(list, "made", "2026-03-01T09:00:00.123+01:00")));
  EXPECT_FALSE(list_of(changed(list, "clock_jump", "")));
  EXPECT_FALSE(list_of(changed(list, "final_action", "keep")));
  EXPECT_FALSE(list_of(changed(list, "public_key", "")));
  EXPECT_FALSE(list_of(changed(list, "public_key", "MCowBQYDK2VwAyEA")));
  EXPECT_FALSE(list_of(changed(list, "id", "disposal-20260301-0A1B2C")));
  EXPECT_FALSE(list_of(changed(list, "lines", json::Array{})));
  DisposalList other = list;
  std::swap(other.lines[0], other.lines[1]);
  EXPECT_FALSE(list_of(json_of(other)));
  other.lines[0] = other.lines[1];
  EXPECT_FALSE(list_of(json_of(other)));
  for (const auto change : std::initializer_list<void (*)(ListLine&)>{
           [](ListLine& line) { line.meeting = "../../../etc/passwd"; },
           [](ListLine& line) { line.bytes = -1; }, [](ListLine& line) { line.bytes = INT64_MAX; },
           [](ListLine& line) { line.end_unix_ms = line.start_unix_ms - 1; },
           [](ListLine& line) { line.start_unix_ms = INT64_MIN; },
           [](ListLine& line) { line.terms.approvers = 0; },
           [](ListLine& line) { line.terms.grace_days = -1; },
           [](ListLine& line) { line.terms.grace_days = 3651; },
           [](ListLine& line) { line.commitment = std::string(63, 'a'); },
           [](ListLine& line) { line.commitment = std::string(64, 'G'); },
           [](ListLine& line) { line.rule.clear(); }}) {
    other = list;
    change(other.lines[1]);
    const auto read = list_of(json_of(other));
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message(), testing::StartsWith("lines["));
  }
}

TEST(DisposalFiles, D2_AVisaIsWholeOrRefused) {
  const DisposalList list = list_of_two();
  for (const auto change : std::initializer_list<void (*)(Visa&)>{
           [](Visa& visa) { visa.number = 0; }, [](Visa& visa) { visa.signature.clear(); },
           [](Visa& visa) { visa.key.clear(); }, [](Visa& visa) { visa.signature = "AAAA"; },
           [](Visa& visa) { visa.signature += "!"; }, [](Visa& visa) { visa.said.lines.clear(); },
           [](Visa& visa) { visa.said.lines[0].until = date_of("2027-01-01"); },
           [](Visa& visa) { visa.said.lines[1].until.reset(); },
           [](Visa& visa) { visa.said.lines[1].meeting = visa.said.lines[0].meeting; },
           [](Visa& visa) { visa.said.list_sha512.resize(64); },
           [](Visa& visa) { visa.said.list = "disposal"; }, [](Visa& visa) { visa.by.login.clear(); },
           [](Visa& visa) { visa.public_key = "MCowBQYDK2VwAyEA"; },
           [](Visa& visa) {
             visa.public_key = fixity::base64_of({});
             visa.key.clear();
             visa.signature.clear();
           }}) {
    Visa visa = visa_on(list);
    change(visa);
    EXPECT_FALSE(visa_of(json_of(visa)));
  }
}

TEST(DisposalFiles, D2_TheKeyOfTheProposalIsKnownInItsVisas) {
  DisposalRecord record{
      .list = list_of_two(), .visas = {visa_on(list_of_two())}, .done = {}, .certificates = {}};
  EXPECT_FALSE(record.history_of(FirstMeeting).visas.front().with_proposers_key);
  record.list.public_key = fixity::base64_of(fixity::PublicKey{1});
  EXPECT_TRUE(list_of(json_of(record.list)));
  EXPECT_FALSE(record.history_of(FirstMeeting).visas.front().with_proposers_key);
  record.visas.front().public_key = fixity::base64_of(fixity::PublicKey{2});
  EXPECT_TRUE(visa_of(json_of(record.visas.front())));
  EXPECT_FALSE(record.history_of(FirstMeeting).visas.front().with_proposers_key);
  record.visas.front().public_key = record.list.public_key;
  EXPECT_TRUE(record.history_of(FirstMeeting).visas.front().with_proposers_key);
}

TEST(DisposalFiles, ListsHaveNamesOfTheirOwn) {
  EXPECT_TRUE(is_list_id(ListId));
  for (const std::string_view id :
       {"", "disposal-20260301-0a1b2", "disposal-2026030x-0a1b2c", "disposal-20260301-0a1b2g",
        "disposal-20260301_0a1b2c", "Disposal-20260301-0a1b2c", "disposal-20260301-0a1b2c/"})
    EXPECT_FALSE(is_list_id(id)) << id;
}

class DisposalFolder : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            fmt::format("disposals-{}", testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    fs::create_directories(folder() / "lines");
    put("list.json", text_of(list_));
    put(visa_file(1), text_of(visa_on(list_)));
    put(visa_file(2), text_of(visa_on(list_, 2)));
    put(trashed_file(FirstMeeting), text_of(trashed_on(FirstMeeting)));
    put(salt_file(FirstMeeting), "salt");
    put(tombstone_file(FirstMeeting), text_of(tombstone_on(list_, FirstMeeting)));
    put(certificate_file(1), text_of(certificate_on(list_)));
  }
  void TearDown() override { fs::remove_all(root_); }

  Path folder() const { return root_ / ListId; }
  void put(const std::string& name, std::string_view text) const {
    std::ofstream(folder() / name, std::ios::binary | std::ios::trunc) << text;
  }
  // Fails with Integrity, and names the file.
  void expect_broken(const std::string& name) const {
    const auto record = read_disposal(folder());
    ASSERT_FALSE(record) << name;
    EXPECT_EQ(record.error().kind(), ErrorKind::Integrity);
    EXPECT_THAT(record.error().message(), HasSubstr(name));
  }

  Path root_;
  DisposalList list_ = list_of_two();
};

TEST_F(DisposalFolder, D1_D2_D6_HasAllOfALine) {
  const auto record = read_disposal(folder());
  ASSERT_TRUE(record) << record.error().message();
  EXPECT_EQ(record->list.digest(), list_.digest());
  EXPECT_EQ(record->visas.size(), 2u);
  EXPECT_EQ(record->certificates.size(), 1u);
  const auto first = record->history_of(FirstMeeting), second = record->history_of(SecondMeeting);
  EXPECT_EQ(first.proposer, "marie");
  EXPECT_EQ(first.proposed, date_of("2026-03-01"));
  ASSERT_EQ(first.visas.size(), 2u);
  EXPECT_EQ(first.visas[0].person, "louise");
  EXPECT_EQ(first.visas[0].key, "director");
  EXPECT_EQ(first.visas[0].valid_until, date_of("2026-09-01"));
  EXPECT_EQ(first.trashed, date_of("2026-03-06"));
  EXPECT_TRUE(first.destroyed);
  EXPECT_FALSE(second.trashed);
  EXPECT_EQ(second.visas[0].deferred_until, date_of("2027-01-01"));
  EXPECT_TRUE(record->history_of("20200101-080000Z-ffffffffff").visas.empty());
}

TEST_F(DisposalFolder, D2_AVisaOfAnotherListIsBroken) {
  DisposalList other = list_;
  other.note = "another one";
  Visa visa = visa_on(other, 2);
  put(visa_file(2), text_of(visa));
  expect_broken("visa-2.json");
  visa = visa_on(list_, 2);
  visa.said.list = "disposal-20260301-ffffff";
  put(visa_file(2), text_of(visa));
  expect_broken("visa-2.json");
  visa = visa_on(list_, 2);
  visa.said.lines[1].meeting = "20200301-080000Z-ffffffffff";
  put(visa_file(2), text_of(visa));
  expect_broken("visa-2.json");
}

TEST_F(DisposalFolder, D1_AListThatWasChangedIsBroken) {
  list_.lines.pop_back();
  put("list.json", text_of(list_));
  expect_broken("visa-1.json");
}

TEST_F(DisposalFolder, HolesAndWrongNamesAreBroken) {
  fs::remove(folder() / visa_file(1));
  expect_broken("visa-1.json");
  put(visa_file(1), text_of(visa_on(list_, 2)));
  expect_broken("visa-1.json");
  put(visa_file(1), text_of(visa_on(list_)));
  put(certificate_file(3), text_of(certificate_on(list_, 3)));
  expect_broken("certificate-2.json");
  fs::remove(folder() / certificate_file(3));
  put(trashed_file(SecondMeeting), text_of(trashed_on(FirstMeeting)));
  expect_broken("20200301-080000Z-abcdef0123.trashed.json");
  fs::remove(folder() / trashed_file(SecondMeeting));
  put(trashed_file("20200301-080000Z-ffffffffff"), text_of(trashed_on("20200301-080000Z-ffffffffff")));
  expect_broken("20200301-080000Z-ffffffffff.trashed.json");
  fs::remove(folder() / trashed_file("20200301-080000Z-ffffffffff"));
  EXPECT_TRUE(read_disposal(folder()));
  put("lines/.20200301.trashed.json.tmp", "half");  // what a killed run leaves
  EXPECT_TRUE(read_disposal(folder()));
  fs::rename(folder(), root_ / "disposal-20260301-ffffff");
  EXPECT_EQ(read_disposal(root_ / "disposal-20260301-ffffff").error().kind(), ErrorKind::Integrity);
}

TEST_F(DisposalFolder, D13_ATombstoneIsOfTheFrozenLine) {
  Tombstone stone = tombstone_on(list_, FirstMeeting);
  stone.line.rule = "other";
  put(tombstone_file(FirstMeeting), text_of(stone));
  expect_broken("tombstone.json");
}

TEST_F(DisposalFolder, D6_WhatWasDestroyedWasInTheTrashAndStayedThere) {
  put(restored_file(FirstMeeting), text_of(restored_on(FirstMeeting)));
  expect_broken("tombstone.json");
  fs::remove(folder() / restored_file(FirstMeeting));
  fs::remove(folder() / trashed_file(FirstMeeting));
  expect_broken("trashed.json");
}

TEST_F(DisposalFolder, D12_ACertificateIsOfItsList) {
  Certificate certificate = certificate_on(list_);
  certificate.meetings = {"20200301-080000Z-ffffffffff"};
  put(certificate_file(1), text_of(certificate));
  expect_broken("certificate-1.json");
  certificate = certificate_on(list_);
  certificate.list_sha512 = std::string(128, '0');
  put(certificate_file(1), text_of(certificate));
  expect_broken("certificate-1.json");
}

TEST_F(DisposalFolder, HostileBytesAreRefusedOrHarmless) {
  std::mt19937 dice(7);
  const std::vector<std::pair<std::string, std::string>> files{
      {"list.json", text_of(list_)},
      {visa_file(1), text_of(visa_on(list_))},
      {trashed_file(FirstMeeting), text_of(trashed_on(FirstMeeting))},
      {tombstone_file(FirstMeeting), text_of(tombstone_on(list_, FirstMeeting))},
      {certificate_file(1), text_of(certificate_on(list_))}};
  for (const auto& [name, text] : files) {
    for (std::size_t length = 0; length + 1 < text.size(); length += 97) {
      put(name, text.substr(0, length));
      expect_broken(fs::path(name).filename().string());
    }
    for (int round = 0; round < 60; ++round) {
      std::string bent = text;
      bent[dice() % bent.size()] = static_cast<char>(dice());
      put(name, bent);
      const auto record = read_disposal(folder());
      EXPECT_TRUE(record || record.error().kind() == ErrorKind::Integrity) << record.error().message();
    }
    put(name, text);
  }
  ASSERT_TRUE(read_disposal(folder()));
  put("list.json", std::string(100'000, '['));
  expect_broken("list.json");
}

TEST_F(DisposalFolder, ListsAreFoundInOrder) {
  EXPECT_THAT(lists_in(root_).value(), testing::ElementsAre(ListId));
  EXPECT_THAT(lists_in(root_ / "none").value(), IsEmpty());
  fs::create_directories(root_ / "requests");
  fs::create_directories(root_ / "disposal-20250301-0a1b2c" / "lines");  // only begun
  EXPECT_THAT(lists_in(root_).value(), testing::ElementsAre(ListId));
  std::ofstream(root_ / "disposal-20250301-0a1b2c" / "list.json") << "{}";
  EXPECT_THAT(lists_in(root_).value(), testing::ElementsAre("disposal-20250301-0a1b2c", ListId));
  fs::remove(folder() / "list.json");  // visas rest on it
  EXPECT_THAT(lists_in(root_).value(), testing::Contains(ListId));
  EXPECT_FALSE(read_disposal(folder()));
}

TEST_F(DisposalFolder, H13_RequestsAndTheirAnswers) {
  const Path requests = root_ / "requests";
  EXPECT_THAT(read_requests(requests).value(), IsEmpty());
  fs::create_directories(requests);
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(requests / name, std::ios::trunc) << text;
  };
  write(request_file(1), text_of(request_numbered(1)));
  write(request_file(2), text_of(request_numbered(2)));
  write(answer_file(2), text_of(answer_numbered(2)));
  const auto records = read_requests(requests).value();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_FALSE(records[0].answer);
  EXPECT_EQ(records[1].answer->outcome, "partly");
  write(answer_file(3), text_of(answer_numbered(3)));
  EXPECT_EQ(read_requests(requests).error().kind(), ErrorKind::Integrity);
  fs::remove(requests / answer_file(3));
  write(answer_file(1), text_of(answer_numbered(2)));
  EXPECT_EQ(read_requests(requests).error().kind(), ErrorKind::Integrity);
  fs::remove(requests / answer_file(1));
  fs::remove(requests / request_file(1));
  EXPECT_EQ(read_requests(requests).error().kind(), ErrorKind::Integrity);
}

}  // namespace
}  // namespace greffe::catalog
