#include "caption/rttm.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::caption {
namespace {

TimeRange ms(std::int64_t start, std::int64_t end) {
  return {MeetingTime(std::chrono::milliseconds(start)), MeetingTime(std::chrono::milliseconds(end))};
}
std::int64_t ms_of(Duration duration) { return duration / std::chrono::milliseconds(1); }

struct ReadSpeeches {
  Speeches speeches;
  DamageLog damage;
  std::uint64_t count_of(std::string_view condition) const {
    std::uint64_t count = 0;
    for (const Damage& entry : damage.entries())
      if (entry.condition == condition) count += entry.count;
    return count;
  }
};

ReadSpeeches read(const std::string& text) {
  ReadSpeeches read;
  auto speeches = read_rttm(text, "test.rttm", read.damage);
  EXPECT_TRUE(speeches) << speeches.error().message();
  if (speeches) read.speeches = std::move(*speeches);
  return read;
}

TEST(Rttm, R91_NineOrTenFieldsOtherTypesAndComments) {
  const auto usual = read(
      ";; made by hand\nSPKR-INFO m 1 <NA> <NA> <NA> unknown b <NA>\n"
      "SPEAKER m 1 3.100 2.700 <NA> <NA> b <NA> <NA>\r\n"
      "SPEAKER\tm 1 1 .5 <NA> <NA> a <NA>\nSPEAKER m 1 1 0.5 <NA> <NA> a <NA>\n\n"
      "LEXEME m 1 3.1 0.2 hello lex b 0.5\nSPEAKER m 1 9 1.25 <NA> <NA> a\n");
  EXPECT_EQ(usual.count_of("bad-line"), 1U);  // ".5"
  ASSERT_EQ(usual.speeches.size(), 2U);
  EXPECT_EQ(ms_of(usual.speeches.at("a").spoken_in(ms(0, 20'000))), 1750);
  EXPECT_EQ(ms_of(usual.speeches.at("b").spoken_in(ms(5000, 20'000))), 800);
}

TEST(Rttm, R91_NamesWithBlanksAndTwoRecordings) {
  const auto two = read(
      "SPEAKER m 1 0 1 <NA> <NA> Ana Maria Dupont <NA> <NA>\nSPEAKER n 1 0 1 <NA> <NA> c <NA> <NA>\n"
      "SPEAKER n 1 5 1 <NA> <NA> c <NA> <NA>\n");
  ASSERT_EQ(two.speeches.size(), 1U);
  EXPECT_EQ(two.speeches.begin()->first, "Ana Maria Dupont");
  EXPECT_EQ(two.count_of("other-recording"), 2U);
}

TEST(Rttm, R91_NamesWithBlanksEndBeforeTheConfidenceAndTheLookAhead) {
  for (const auto& [behind, name] : std::initializer_list<std::pair<std::string, std::string>>{
           {"Anna Muster", "Anna Muster"},
           {"Anna Muster <NA>", "Anna Muster"},
           {"Anna Muster <NA> <NA>", "Anna Muster"},
           {"Anna Muster 0.95", "Anna Muster"},
           {"Anna Muster 9.5e-05 <NA>", "Anna Muster"},
           {"Anna Muster 0.95 0", "Anna Muster"},
           {"Anna Muster <NA> <NA> <NA>", "Anna Muster <NA>"},
           {"Speaker 1", "Speaker 1"},
           {"Speaker 1 <NA>", "Speaker 1"},
           {"Speaker 1 <NA> <NA>", "Speaker 1"},
           {"Speaker 1 0.95 <NA>", "Speaker 1"},
           {"0.95", "0.95"},
           {"7 <NA> <NA>", "7"}}) {
    const auto one = read("SPEAKER m 1 0 1 <NA> <NA> " + behind + "\n");
    ASSERT_EQ(one.speeches.size(), 1U) << behind;
    EXPECT_EQ(one.speeches.begin()->first, name) << behind;
    EXPECT_TRUE(one.damage.entries().empty()) << behind;
  }
}

TEST(Rttm, R91_RecordingsWithBlanksShiftNoField) {
  const auto blank = read(
      "SPEAKER my file 1 0.9 1.2 <NA> <NA> Anna <NA> <NA>\nSPEAKER my file 1 2.9 1 <NA> <NA> Bert <NA>\n"
      "SPEAKER my other 1 5 1 <NA> <NA> Bert <NA>\n");
  ASSERT_EQ(blank.speeches.size(), 2U);
  EXPECT_EQ(ms_of(blank.speeches.at("Anna").spoken_in(ms(0, 20'000))), 1200);
  EXPECT_EQ(ms_of(blank.speeches.at("Bert").spoken_in(ms(0, 20'000))), 1000);
  EXPECT_EQ(blank.count_of("other-recording"), 1U);
}

TEST(Rttm, R91_BadLinesAreCountedAndAFileWithoutAGoodOneIsRefused) {
  const std::string bad =
      "SPEAKER m 1 -1 1 <NA> <NA> a <NA> <NA>\nSPEAKER m 1 1 nan <NA> <NA> a <NA> <NA>\n"
      "SPEAKER m 1 1 0 <NA> <NA> a <NA> <NA>\nSPEAKER m 1 1 1\nSPEAKER m 1 1 1e3 <NA> <NA> a <NA> <NA>\n"
      "SPEAKER m 1 1 1 <NA> <NA> <NA> <NA> <NA>\nhello\nSPEAKER m 1 99999999999999999999 1 <NA> <NA> a\n"
      "SPEAKER m 1 0 1 Anna Bert <NA>\nSPEAKER m 0 1 <NA> <NA> a <NA> <NA>\n";
  EXPECT_EQ(read(bad + "SPEAKER m 1 0 1 <NA> <NA> a <NA> <NA>\n").count_of("bad-line"), 10U);
  DamageLog damage;
  const auto refused = read_rttm(bad, "x", damage);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Damaged);
  EXPECT_FALSE(read_rttm("", "x", damage));
}

TEST(Rttm, R80_AByteOrderMarkIsNoPartOfTheFirstLine) {
  const auto marked = read("\xEF\xBB\xBFSPEAKER m 1 0 1 <NA> <NA> a <NA> <NA>\n");
  EXPECT_TRUE(marked.damage.entries().empty());
  EXPECT_TRUE(marked.speeches.contains("a"));
}

TEST(Rttm, R85_BytesThatAreNoTextAreReplacedAndToldAndUtf16IsRefused) {
  const auto latin = read("SPEAKER m 1 0 1 <NA> <NA> Ren\xE9 <NA> <NA>\n");
  EXPECT_EQ(latin.count_of("bad-utf8"), 1U);
  EXPECT_TRUE(latin.speeches.contains("Ren\uFFFD"));
  DamageLog damage;
  const auto wide = read_rttm("\xFF\xFES", "x", damage);
  ASSERT_FALSE(wide);
  EXPECT_NE(wide.error().message().find("UTF-16"), std::string::npos);
}

TEST(Rttm, CuesGetWhoSpeaksLongestMeanwhile) {
  const Speeches speeches =
      read(
          "SPEAKER m 1 0 2 <NA> <NA> a <NA> <NA>\nSPEAKER m 1 1.5 3 <NA> <NA> b <NA> <NA>\n"
          "SPEAKER m 1 1 1.5 <NA> <NA> a <NA> <NA>\n")
          .speeches;
  EXPECT_EQ(ms_of(speeches.at("a").spoken_in(ms(0, 10'000))), 2500);
  EXPECT_EQ(ms_of(speeches.at("a").spoken_in(ms(2000, 1000))), 0);
  std::vector<Cue> cues;
  for (const TimeRange range : {ms(0, 2000), ms(2000, 4000), ms(6000, 7000), ms(0, 1000), ms(3000, 2000)})
    cues.push_back({.range = range, .speaker = cues.size() == 3 ? "c" : "", .text = "x", .words = {}});
  name_by_speeches(cues, speeches);
  EXPECT_EQ(cues[0].speaker, "a");
  EXPECT_EQ(cues[1].speaker, "b");
  EXPECT_EQ(cues[2].speaker, "");
  EXPECT_EQ(cues[3].speaker, "c");
  EXPECT_EQ(cues[4].speaker, "");
}

TEST(Rttm, R86_ManySpeakersAreCut) {
  std::string many;
  for (int i = 0; i < 50'000; ++i)
    many += fmt::format("SPEAKER m 1 {} 1 <NA> <NA> s{} <NA> <NA>\n", i, i % 300);
  const auto cut = read(many);
  EXPECT_EQ(cut.speeches.size(), 200U);
  EXPECT_GT(cut.count_of("too-many-speakers"), 0U);
  std::vector<Cue> cues(10'000, {.range = ms(0, 50'000'000), .speaker = {}, .text = "x", .words = {}});
  name_by_speeches(cues, cut.speeches);
  EXPECT_EQ(cues.back().speaker, "s0");
}

TEST(Rttm, ReadsTheCouncil) {
  const auto path = test::find_sample("council/speakers.rttm");
  if (path.empty()) GTEST_SKIP() << "samples are not here";
  const auto council = read(test::file_text(path));
  EXPECT_TRUE(council.damage.entries().empty());
  EXPECT_EQ(ms_of(council.speeches.at("amelie").spoken_in(ms(0, 4463))), 2976);
}

}  // namespace
}  // namespace greffe::caption
