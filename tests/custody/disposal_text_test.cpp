#include "custody/disposal_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"

namespace greffe::custody {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view Council = "20200101-080000Z-0123456789";
constexpr std::string_view Team = "20200301-230000Z-abcdef0123";

CivilDate paper_day(std::string_view text) { return parse_date(text).value(); }
WallTime paper_time(std::string_view text) { return parse_rfc3339(text).value(); }

catalog::ListLine line_on_paper(std::string_view meeting, std::string rule, std::string_view start,
                                std::int64_t bytes) {
  const std::int64_t ms = paper_time(start).time_since_epoch() / std::chrono::milliseconds(1);
  return {.meeting = std::string(meeting),
          .record_class = "council",
          .producers = {"Direction de l'éducation"},
          .start_unix_ms = ms,
          .end_unix_ms = ms + 3'600'000,
          .bytes = bytes,
          .files = 7,
          .manifest = fixity::digest_of(meeting),
          .rule = std::move(rule),
          .retention_start = paper_day("2020-01-01"),
          .keep_until = paper_day("2025-01-01"),
          .due_from = paper_day("2025-01-02"),
          .ingested_in_error = false,
          .terms = {.approvers = 2, .signed_approval = true, .grace_days = 10},
          .commitment = std::string(64, 'c')};
}

class DisposalText : public testing::Test {
 protected:
  DisposalText() {
    record_.list = {.id = "disposal-20260301-0a1b2c",
                    .made = paper_time("2026-03-01T08:00:00Z"),
                    .day = paper_day("2026-03-01"),
                    .by = {.login = "marie", .uid = 1000, .host = "greffe"},
                    .policy_version = 3,
                    .scope = "--class council",
                    .note = "Versement de 2020",
                    .clock_jump = "",
                    .lines = {line_on_paper(Council, "council-5y", "2020-01-01T08:00:00Z", 12'345'678),
                              line_on_paper(Team, "error", "2020-03-01T22:45:00Z", 999)}};
    record_.list.lines[1].ingested_in_error = true;
    record_.visas = {{.number = 1,
                      .said = {.list = record_.list.id,
                               .list_sha512 = record_.list.digest(),
                               .valid_until = paper_day("2026-09-01"),
                               .reason = "lu et approuvé",
                               .lines = {{.meeting = std::string(Council),
                                          .verdict = retention::Verdict::Accept,
                                          .until = {},
                                          .remark = "vu"},
                                         {.meeting = std::string(Team),
                                          .verdict = retention::Verdict::Defer,
                                          .until = paper_day("2027-01-01"),
                                          .remark = ""}}},
                      .given = paper_time("2026-03-05T09:00:00Z"),
                      .day = paper_day("2026-03-05"),
                      .by = {.login = "louise", .uid = 1001, .host = "greffe"},
                      .key = "director",
                      .signature = "",
                      .clock_jump = ""}};
    record_.certificates = {{.list = record_.list.id,
                             .number = 1,
                             .list_sha512 = record_.list.digest(),
                             .when = paper_time("2026-03-16T09:00:01Z"),
                             .by = {.login = "marie", .uid = 1000, .host = "greffe"},
                             .visas = {1},
                             .meetings = {std::string(Council)},
                             .bytes = 12'345'678,
                             .skipped = {{.meeting = std::string(Team), .code = "ON_HOLD", .why = "hold-1"}},
                             .exports = {{.id = "export-1",
                                          .recipient = "Archives départementales",
                                          .date = "2026-01-01",
                                          .digest = std::string(64, 'e'),
                                          .meetings = {std::string(Council)}}},
                             .first_entry = 40,
                             .last_entry = 52,
                             .tree_head = std::string(64, 'f')}};
    policy_ = {.version = 3,
               .terms = {},
               .approver_keys = {},
               .rules = {{.id = "council-5y", .duration = Period{66, 0}},
                         {.id = "error", .duration = Period{0, 1}}}};
  }

  DisposalView view() const {
    return {.record = record_,
            .zone = TimeZone::find("Europe/Paris").value(),
            .owner = "Ville de X",
            .policy = &policy_,
            .titles = {{std::string(Council), "Conseil municipal"}},
            .states = {{std::string(Council), retention::LineState::Approved}}};
  }

  // To be looked at, where GREFFE_PAPERS names a folder.
  static void keep(const std::string& name, const std::string& text) {
    if (const char* folder = std::getenv("GREFFE_PAPERS"))
      std::ofstream(std::string(folder) + "/" + name) << text;
  }

  catalog::DisposalRecord record_;
  retention::Policy policy_;
};

TEST_F(DisposalText, D1_TheBordereauHasTheColumnsOfTheDepartments) {
  const Paper paper = bordereau_of(view(), Language::French);
  std::vector<std::string> columns;
  for (const auto& column : paper.sections[1].table.columns) columns.push_back(column.name);
  EXPECT_THAT(columns,
              testing::ElementsAre("N°", "Titre, nature", "Dates extrêmes", "DUA", "Volume", "Sort final",
                                   "Observations du service", "Observations des archives"));
  const auto& rows = paper.sections[1].table.rows;
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0], (std::vector<std::string>{
                         "1", "Conseil municipal – council – 20200101-080000Z-0123456789", "01/01/2020",
                         "5 ans 6 mois, jusqu'au 01/01/2025", "12,3 Mo, 7 fichiers", "éliminer (D)",
                         "règle council-5y; 2 visas signés", "accepté (louise, 05/03/2026): vu [approuvé]"}));
  EXPECT_EQ(rows[1][1], "council – 20200301-230000Z-abcdef0123");
  EXPECT_EQ(rows[1][2], "01/03/2020 – 02/03/2020");  // over midnight in Paris
  EXPECT_THAT(rows[1][6], HasSubstr("versé par erreur"));
  EXPECT_EQ(rows[1][7], "ajourné au 01/01/2027 (louise, 05/03/2026)");
}

TEST_F(DisposalText, D2_TheVisaNamesTheDigestOfTheList) {
  for (const Language language : {Language::French, Language::English}) {
    const Paper paper = bordereau_of(view(), language);
    const std::string text = plain_text_of(paper), html = html_of(paper);
    keep(fmt::format("bordereau-{}.txt", code_of(language)), text);
    keep(fmt::format("bordereau-{}.html", code_of(language)), html);
    for (const std::string& written : {text, html}) {
      EXPECT_THAT(written, HasSubstr(record_.list.digest()));
      EXPECT_THAT(written, HasSubstr("L212-2"));
      EXPECT_THAT(written, HasSubstr("director"));
      EXPECT_THAT(written, HasSubstr(std::string(Team)));
    }
  }
}

TEST_F(DisposalText, D12_TheCertificateHasItsProof) {
  for (const Language language : {Language::French, Language::English}) {
    const Paper paper = certificate_of(view(), record_.certificates[0], language);
    const std::string text = plain_text_of(paper), html = html_of(paper);
    keep(fmt::format("certificate-{}.txt", code_of(language)), text);
    keep(fmt::format("certificate-{}.html", code_of(language)), html);
    for (const std::string& written : {text, html}) {
      for (const std::string& part :
           {record_.list.digest(), std::string(Council), std::string("ON_HOLD"), std::string("unlink"),
            std::string("DESTROYED_LOCAL"), std::string(64, 'f'), std::string("40 – 52"),
            std::string("Archives départementales"), std::string("louise")})
        EXPECT_THAT(written, HasSubstr(part));
      EXPECT_THAT(written, Not(HasSubstr("Conseil municipal")));  // D13: no title
    }
  }
}

TEST_F(DisposalText, WhatIsNotKnownIsLeftOut) {
  DisposalView bare{.record = record_, .zone = TimeZone::find("UTC").value()};
  record_.visas.clear();
  record_.list.lines[0].keep_until.reset();
  const std::string text = plain_text_of(bordereau_of(bare, Language::English));
  EXPECT_THAT(text, HasSubstr("Nobody has approved yet."));
  EXPECT_THAT(text, Not(HasSubstr("forever")));
  policy_.version = 2;  // of another version nothing is said
  EXPECT_THAT(plain_text_of(bordereau_of(view(), Language::English)), Not(HasSubstr("5 years")));
  record_.certificates[0].visas = {9};  // not of this record
  EXPECT_THAT(plain_text_of(certificate_of(view(), record_.certificates[0], Language::English)),
              HasSubstr("Approvals: 9"));
}

TEST_F(DisposalText, NoTextIsMarkup) {
  DisposalView hostile = view();
  const std::string bad = "<script>alert('x')</script>&\"\n\x1b[31m\u202e\xff</td>";
  hostile.titles = {{std::string(Council), bad}, {std::string(Team), bad}};
  hostile.owner = bad;
  record_.list.note = record_.list.scope = record_.list.by.login = bad;
  record_.list.lines[0].record_class = record_.list.lines[0].rule = bad;
  record_.list.lines[0].producers = {bad};
  record_.visas[0].said.reason = record_.visas[0].said.lines[0].remark = record_.visas[0].key = bad;
  record_.certificates[0].skipped[0].why = record_.certificates[0].exports[0].recipient = bad;
  record_.certificates[0].method = record_.certificates[0].state = bad;
  for (const Paper& paper : {bordereau_of(hostile, Language::French),
                             certificate_of(hostile, record_.certificates[0], Language::English)}) {
    const std::string html = html_of(paper), text = plain_text_of(paper);
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("alert('")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
    for (const std::string& written : {html, text}) {
      EXPECT_THAT(written, Not(HasSubstr("\x1b")));
      EXPECT_THAT(written, Not(HasSubstr("\u202e")));
      EXPECT_TRUE(is_valid_utf8(written));
    }
  }
}

TEST(PaperWords, SpansAndAmountsAsPeopleWriteThem) {
  const auto french = [](const char* period) {
    return period_in(Language::French, parse_period(period).value());
  };
  EXPECT_EQ(french("P1Y"), "1 an");
  EXPECT_EQ(french("P2Y1M"), "2 ans 1 mois");
  EXPECT_EQ(french("P0D"), "0 jour");
  EXPECT_EQ(french("P1Y30D"), "1 an 30 jours");
  EXPECT_EQ(period_in(Language::English, parse_period("P1M1D").value()), "1 month 1 day");
  EXPECT_EQ(period_in(Language::English, parse_period("P0D").value()), "0 days");
  EXPECT_EQ(period_in(Language::French, std::nullopt), "illimitée");
  EXPECT_EQ(bytes_in(Language::French, 0), "0 octets");
  EXPECT_EQ(bytes_in(Language::French, 999), "999 octets");
  EXPECT_EQ(bytes_in(Language::French, 1000), "1,0 ko");
  EXPECT_EQ(bytes_in(Language::English, 99'949), "99.9 kB");
  EXPECT_EQ(bytes_in(Language::English, 99'950), "100 kB");
  EXPECT_EQ(bytes_in(Language::English, 999'499), "999 kB");
  EXPECT_EQ(bytes_in(Language::English, 999'500), "1.0 MB");
  EXPECT_EQ(bytes_in(Language::French, 1'000'000'000'000'000), "1,0 Po");
  EXPECT_EQ(count_in(Language::English, 1'234'567), "1,234,567");
  EXPECT_EQ(count_in(Language::English, 123), "123");
  EXPECT_EQ(count_in(Language::French, 1234), "1\u202f234");
  EXPECT_EQ(find_language("fr"), Language::French);
  EXPECT_EQ(find_language("de"), std::nullopt);
}

TEST(PaperWords, EveryWordHasBothLanguages) {
  for (const auto action :
       {retention::FinalAction::Keep, retention::FinalAction::Destroy, retention::FinalAction::Review})
    EXPECT_NE(action_in(Language::French, action), action_in(Language::English, action));
  for (int state = 0; state <= static_cast<int>(retention::LineState::Destroyed); ++state)
    EXPECT_NE(state_in(Language::French, static_cast<retention::LineState>(state)),
              state_in(Language::English, static_cast<retention::LineState>(state)));
}

}  // namespace
}  // namespace greffe::custody
