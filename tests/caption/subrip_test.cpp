#include "caption/subrip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caption/cue_file.h"
#include "caption/limits.h"

namespace greffe::caption {
namespace {

MeetingTime ms(std::int64_t value) { return MeetingTime(std::chrono::milliseconds(value)); }

struct ReadCues {
  std::vector<Cue> cues;
  DamageLog damage;
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const Cue& cue : cues) texts.push_back(cue.text);
    return texts;
  }
  std::uint64_t count_of(std::string_view condition) const {
    std::uint64_t count = 0;
    for (const Damage& entry : damage.entries())
      if (entry.condition == condition) count += entry.count;
    return count;
  }
};

// As who reads any transcript comes to it.
ReadCues read(const std::string& text) {
  ReadCues read;
  auto transcript = read_transcript(text, "test.srt", read.damage);
  EXPECT_TRUE(transcript) << transcript.error().message();
  if (!transcript) return read;
  EXPECT_EQ(transcript->format, Format::SubRip);
  read.cues = std::move(transcript->cues);
  return read;
}

TEST(SubRip, AsProgramsWriteIt) {
  const auto usual = read(
      "1\n00:00:01,000 --> 00:00:02,500\nBonjour.\n\n2\n01:02:03,004 --> 01:02:05,000\nDeux\nlignes\n\n");
  EXPECT_TRUE(usual.damage.entries().empty());
  ASSERT_EQ(usual.cues.size(), 2U);
  EXPECT_EQ(usual.cues[0].range, (TimeRange{ms(1000), ms(2500)}));
  EXPECT_EQ(usual.cues[0].text, "Bonjour.");
  EXPECT_EQ(usual.cues[1].range, (TimeRange{ms(3'723'004), ms(3'725'000)}));
  EXPECT_EQ(usual.cues[1].text, "Deux\nlignes");
  EXPECT_TRUE(read("\xEF\xBB\xBF"
                   "1\r\n00:00:01,000 --> 00:00:02,500\r\nBonjour.\r\n")
                  .damage.entries()
                  .empty());
  EXPECT_EQ(read("1\r00:00:01,000 --> 00:00:02,500\rBonjour.\r").texts().front(), "Bonjour.");
}

TEST(SubRip, R80_OddFormsAreReadAndTold) {
  for (const char* odd : {"00:00:01,500 --> 00:00:02,000\nx\n", "1\n00:00:01.500 --> 00:00:02.000\nx\n",
                          "1\n00:00:01,5 --> 00:00:02,0\nx\n", "1\n00:01,500 --> 00:02,000\nx\n",
                          "1\n0:0:1,500 --> 0:0:2,000\nx\n", "1\n00:00:01,500-->00:00:02,000\nx\n",
                          "1\n 00:00:01,500  -->  00:00:02,000 \nx\n", "1\n00:00:01,500 --> 00:00:02\nx\n",
                          "a title\n\n00:00:01,500 --> 00:00:02,000\nx\n"}) {
    const auto odd_cue = read(odd);
    ASSERT_EQ(odd_cue.cues.size(), 1U) << odd;
    EXPECT_EQ(odd_cue.cues[0].range, (TimeRange{ms(1500), ms(2000)})) << odd;
    EXPECT_EQ(odd_cue.count_of("odd-cue"), 1U) << odd;
    EXPECT_EQ(odd_cue.cues[0].text, "x");
  }
  EXPECT_TRUE(read("1\n00:00:01,500 --> 00:00:02,000 X1:10 X2:20 Y1:30 Y2:40\nx\n").damage.entries().empty());
  EXPECT_TRUE(read("1\n\n00:00:01,500 --> 00:00:02,000\nx\n").damage.entries().empty());
}

TEST(SubRip, ANumberIsTakenForOneOnlyInItsPlace) {
  const auto no_blanks = read(
      "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:02,000 --> 00:00:03,000\ntwo\n"
      "00:00:03,000 --> 00:00:04,000\nthree\n");
  EXPECT_THAT(no_blanks.texts(), testing::ElementsAre("one", "two", "three"));
  EXPECT_EQ(no_blanks.count_of("odd-cue"), 1U);
  const auto spoken = read(
      "1\n00:00:01,000 --> 00:00:02,000\nthe year\n1984\n\n2\n00:00:02,000 --> 00:00:03,000\n7\n\nand "
      "more\n");
  EXPECT_THAT(spoken.texts(), testing::ElementsAre("the year\n1984", "7\nand more"));
  EXPECT_TRUE(spoken.damage.entries().empty());
}

TEST(SubRip, R84_CuesWithoutValidTimesAreLeftOutAndTold) {
  const auto bad = read(
      "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:62,000 --> 00:01:03,000\nbad\n\n"
      "3\n-00:00:04,000 --> 00:00:05,000\nbad\n\n4\n00:00:06,000 --> \nbad\n\n5\n00:00:09,000 --> "
      "00:00:08,000\nback\n");
  EXPECT_THAT(bad.texts(), testing::ElementsAre("one", "back"));
  EXPECT_EQ(bad.count_of("bad-cue"), 3U);
  EXPECT_NE(bad.damage.entries().front().text.find("line 6"), std::string::npos);
  EXPECT_THAT(read("1\n00:00:01,000 --> 00:00:02,000\na --> b\n3 --> 4\n").texts(),
              testing::ElementsAre("a --> b\n3 --> 4"));
}

// The cue of a file whose times of the second cue are `line`.
ReadCues second_of(const std::string& line) {
  return read("1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n" + line +
              "\ntwo\n\n3\n00:00:06,000 --> 00:00:07,000\nthree\n");
}

TEST(SubRip, R84_TimesWithAnotherArrowAreReadAndTold) {
  for (const char* odd :
       {"00:00:04,000 -> 00:00:05,000", "00:00:04,000 –> 00:00:05,000", "00:00:04,000 —> 00:00:05,000",
        "00:00:04,000 → 00:00:05,000", "00:00:04,000 -- > 00:00:05,000", "00:00:04,000 ---> 00:00:05,000",
        "00:00:04,000 --&gt; 00:00:05,000", "00:00:04,000 => 00:00:05,000", "00:04.0→00:05.0",
        "00:00:04,000 --› 00:00:05,000", "00:00:04,000 > 00:00:05,000", "00:00:04,000\u00A0--> 00:00:05,000",
        "00:00:04 -> 00:00:05", "00:00:04,000 -- 00:00:05,000", "00:00:04,000 – 00:00:05,000",
        "00:00:04,000 00:00:05,000"}) {
    const auto three = second_of(odd);
    EXPECT_THAT(three.texts(), testing::ElementsAre("one", "two", "three")) << odd;
    ASSERT_EQ(three.cues.size(), 3U) << odd;
    EXPECT_EQ(three.cues[1].range, (TimeRange{ms(4000), ms(5000)})) << odd;
    EXPECT_EQ(three.count_of("odd-cue"), 1U) << odd;
    EXPECT_NE(three.damage.entries().front().text.find("line 6"), std::string::npos) << odd;
  }
  EXPECT_EQ(read("1\n00:00:01,000 -> 00:00:02,000\none\n").texts(), std::vector<std::string>{"one"});
}

TEST(SubRip, R84_WithAnotherArrowBadTimesAreBadAsWell) {
  for (const char* bad : {"00:00:64,000 -> 00:01:05,000", "-00:00:04,000 → 00:00:05,000",
                          "00:00:04,000 -> -00:00:05,000", "00:00:04;000 –> 00:00:05;000",
                          "00:00:04:000 – 00:00:05:000", "00：00：04，000 --> 00：00：05，000"}) {
    const auto two = second_of(bad);
    EXPECT_THAT(two.texts(), testing::ElementsAre("one", "three")) << bad;
    EXPECT_EQ(two.count_of("bad-cue"), 1U) << bad;
  }
}

TEST(SubRip, TimesThatSomebodySpeaksOfAreText) {
  for (const std::string spoken :
       {"10:00 - 11:30 recess", "10:00 -> 11:30", "12:30 → 13:00", "2:03:59 - 2:04:10", "4 > 3",
        "see 1:2:3 -> x", "00:00:04,000 was the time", "-> 00:00:04,000"}) {
    const auto text = read("1\n00:00:01,000 --> 00:00:02,000\nwe met\n" + spoken + "\n");
    EXPECT_THAT(text.texts(), testing::ElementsAre("we met\n" + spoken));
    EXPECT_TRUE(text.damage.entries().empty()) << spoken;
  }
}

TEST(SubRip, R80_TextBesideTheTimesIsReadAndTold) {
  const auto beside = read(
      "1\n00:00:01,000 --> 00:00:02,000 Anna: <i>hello</i>\n\n"
      "2\n00:00:03,000 --> 00:00:04,000 X1:10 Y2:20 one\nmore\n\n3\n00:00:05,000 --> 00:00:06,000\nlast\n");
  EXPECT_THAT(beside.texts(), testing::ElementsAre("Anna: hello", "one\nmore", "last"));
  EXPECT_EQ(beside.count_of("odd-cue"), 2U);
  EXPECT_TRUE(read("1\n00:00:01,000 --> 00:00:02,000 align:start position:0% line:90%\nx\n")
                  .damage.entries()
                  .empty());
}

TEST(SubRip, R87_MarkupIsLeftOut) {
  const auto said = [](const std::string& line) {
    const auto one = read("1\n00:00:01,000 --> 00:00:02,000\n" + line + "\n");
    return one.cues.empty() ? std::string() : one.cues.front().text;
  };
  EXPECT_EQ(said("{\\an8}<i>Bonjour</i> <font color=\"#fff\">à</font> tous"), "Bonjour à tous");
  EXPECT_EQ(said("5 < 7 & {8} > 3 <3"), "5 < 7 & {8} > 3 <3");
  EXPECT_EQ(said("<I>x</I><b"), "x<b");
  EXPECT_EQ(said("{\\pos(1,2)}"), "");
}

TEST(SubRip, ASpeakerInBracketsAsWhisperXWritesIt) {
  const auto cues = read(
                        "1\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_00]: Bonjour.\n\n2\n00:00:02,000 --> "
                        "00:00:03,000\n[rires]\n\n"
                        "3\n00:00:02,000 --> 00:00:03,000\n[a] b]: c\n")
                        .cues;
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[0].speaker, "SPEAKER_00");
  EXPECT_EQ(cues[0].text, "Bonjour.");
  EXPECT_EQ(cues[1].speaker, "");
  EXPECT_EQ(cues[1].text, "[rires]");
  EXPECT_EQ(cues[2].text, "[a] b]: c");
}

TEST(SubRip, R86_ManyAndLongCues) {
  std::string many;
  for (std::size_t i = 0; i < MostCues + 10; ++i)
    many += fmt::format("{}\n00:00:01,000 --> 00:00:02,000\nx\n\n", i + 1);
  const auto cut = read(many);
  EXPECT_EQ(cut.cues.size(), MostCues);
  EXPECT_EQ(cut.count_of("too-many-cues"), 1U);
  const auto long_cue = read("1\n00:00:01,000 --> 00:00:02,000\n" + std::string(1'000'000, '<') + "\n");
  EXPECT_EQ(long_cue.cues.front().text.size(), MostCueBytes);
}

}  // namespace
}  // namespace greffe::caption
