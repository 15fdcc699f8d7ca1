#include "caption/place.h"

#include <gtest/gtest.h>

#include "caption/cue_json.h"
#include "caption/cue_text.h"
#include "caption/split.h"

namespace greffe::caption {
namespace {

MeetingTime ms(std::int64_t value) { return MeetingTime(std::chrono::milliseconds(value)); }

Cue cue(std::int64_t start, std::int64_t end, std::string text, std::string speaker = "") {
  Cue made;
  made.range = {ms(start), ms(end)};
  made.text = std::move(text);
  made.speaker = std::move(speaker);
  return made;
}

TEST(Split, ShortCuesOnlyGetTheirLineBreak) {
  const auto cues = split({cue(0, 3000, "Good morning everyone, I open the council at nine.")});
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].text, "Good morning everyone,\nI open the council at nine.");
  EXPECT_EQ(cues[0].range, (TimeRange{ms(0), ms(3000)}));
  EXPECT_EQ(split({cue(0, 3000, "As\nwritten")})[0].text, "As\nwritten");
}

TEST(Split, LongCuesAreCutAtSentencesByTheirWords) {
  Cue lesson = cue(0, 24'000, "");
  std::int64_t at = 0;
  for (const char* word : {"This",   "is",  "the", "first",   "sentence", "of",     "the",   "lesson.", "The",
                           "second", "one", "is",  "longer,", "it",       "has",    "a",     "clause",  "and",
                           "goes",   "on",  "for", "quite",   "a",        "while.", "Third."}) {
    lesson.words.push_back({word, TimeRange{ms(at), ms(at + 700)}});
    lesson.text += (lesson.text.empty() ? "" : " ") + std::string(word);
    at += 800;
  }
  const auto cues = split({lesson});
  ASSERT_GE(cues.size(), 3U);
  EXPECT_EQ(cues[0].text.substr(cues[0].text.size() - 7), "lesson.");
  EXPECT_EQ(cues[1].range.start, ms(8 * 800));
  std::string all;
  for (std::size_t i = 0; i < cues.size(); ++i) {
    EXPECT_LE(cues[i].range.duration(), std::chrono::seconds(7));
    EXPECT_GE(cues[i].range.duration(), std::chrono::seconds(1));
    if (i > 0) {
      EXPECT_GE(cues[i].range.start, cues[i - 1].range.end);
    }
    for (const Word& word : words_of(cues[i].text)) all += (all.empty() ? "" : " ") + word.text;
    std::size_t line = 0;
    for (const char c : cues[i].text) {
      line = c == '\n' ? 0 : line + 1;
      EXPECT_LE(line, 42U);
    }
  }
  EXPECT_EQ(all, lesson.text);
}

TEST(Split, TextWithoutBlanksIsCutByCharacters) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "語";
  const auto cues = split({cue(0, 20'000, text)});
  ASSERT_GE(cues.size(), 3U);
  for (const Cue& one : cues) EXPECT_LE(length_of(one.text), 85U);
}

TEST(Split, FlashesStayOnUntilTheNextCue) {
  const auto cues = split({cue(0, 200, "a"), cue(500, 600, "b"), cue(5000, 5000, "c")});
  EXPECT_EQ(cues[0].range.end, ms(500));
  EXPECT_EQ(cues[1].range.end, ms(1500));
  EXPECT_TRUE(cues[2].range.empty());
}

TEST(Place, R84_ClipsToTheMeetingAndCountsTheRest) {
  DamageLog damage;
  const auto cues = clipped({cue(9'000, 12'000, "end"), cue(-500, 500, "start"), cue(5, 5, "no"),
                             cue(7, 3, "no"), cue(10'000, 11'000, "no"), cue(-5, 0, "no"), cue(1, 2, "kept")},
                            ms(10'000), "t", damage);
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[0].range, (TimeRange{ms(0), ms(500)}));
  EXPECT_EQ(cues[1].text, "kept");
  EXPECT_EQ(cues[2].range, (TimeRange{ms(9'000), ms(10'000)}));
  EXPECT_EQ(damage.count("cue-without-duration"), 2U);
  EXPECT_EQ(damage.count("cue-outside-meeting"), 2U);
  EXPECT_EQ(damage.count("cue-clipped"), 2U);
}

TEST(Place, ASpeakerMatchesAnIdFirstAndThenAName) {
  const std::vector<Person> people{
      {"ann", "Bob"}, {"Bob", "Ann"}, {"x", "Zoé"}, {"y", "Twin"}, {"z", "Twin"}};
  EXPECT_EQ(find_person(people, "Bob")->name, "Ann");
  EXPECT_EQ(find_person(people, "Zoé (SPEAKER_03)")->id, "x");
  EXPECT_EQ(find_person(people, "Twin"), nullptr);
  EXPECT_EQ(find_person(people, ""), nullptr);
  std::vector<Cue> cues{cue(0, 1, "t", "ann"), cue(0, 1, "t", "SPEAKER_07")};
  name_speakers(cues, people);
  EXPECT_EQ(cues[0].speaker, "Bob");
  EXPECT_EQ(cues[1].speaker, "SPEAKER_07");
}

TEST(Place, RetimesByAnExactRatio) {
  EXPECT_EQ(parse_ratio("25025/24000")->numerator, 25'025);
  EXPECT_EQ(parse_ratio("1.001")->denominator, 1000);
  for (const char* bad : {"", "0", "-1", "1/0", "x", "1.", ".", "1/2/3", "99999999999"}) {
    const auto ratio = parse_ratio(bad);
    EXPECT_TRUE(!ratio || std::string(bad) == "1.") << bad;
  }
  std::vector<Cue> cues{cue(3'600'000, 3'601'000, "x")};
  retime(cues, std::chrono::milliseconds(-250), Ratio{1001, 1000});
  EXPECT_EQ(cues[0].range.start, ms(3'603'350));
}

TEST(CueJson, ReadsWhatItWrites) {
  const std::vector<Cue> cues{cue(1487, 4463, "Good\nmorning", "Amélie"), cue(5000, 6000, "x")};
  const auto back = cues_of_json(cues_to_json(cues, "en"), "cues.json");
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 2U);
  EXPECT_EQ((*back)[0].text, "Good\nmorning");
  EXPECT_EQ((*back)[0].speaker, "Amélie");
  EXPECT_EQ((*back)[1].range, cues[1].range);
  EXPECT_FALSE(cues_of_json(
      json::Object{{"schema", "greffe.cues/1"}, {"cues", json::Array{json::Object{{"start_ms", INT64_MAX}}}}},
      "x"));
}

}  // namespace
}  // namespace greffe::caption
