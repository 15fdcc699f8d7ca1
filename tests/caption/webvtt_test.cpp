#include "caption/webvtt.h"

#include <gtest/gtest.h>

#include "caption/cue_file.h"
#include "caption/limits.h"
#include "support/samples.h"

namespace greffe::caption {
namespace {

MeetingTime ms(std::int64_t value) { return MeetingTime(std::chrono::milliseconds(value)); }

std::vector<Cue> read(const std::string& text, DamageLog& damage) {
  auto cues = read_webvtt(text, "test.vtt", damage);
  EXPECT_TRUE(cues) << cues.error().message();
  return cues ? *cues : std::vector<Cue>();
}
std::vector<Cue> read(const std::string& text) {
  DamageLog damage;
  return read(text, damage);
}
std::size_t count_with_time(const std::string& timing) {
  return read("WEBVTT\n\n" + timing + "\ntext\n").size();
}

// web-platform-tests, webvtt/parsing/file-parsing: signature-*.vtt.
TEST(WebVtt, R81_SignatureAsTheRulesHaveIt) {
  DamageLog damage;
  for (const std::string good :
       {"WEBVTT", "WEBVTT\n", "WEBVTT \n", "WEBVTT\tx\r\n", "\xEF\xBB\xBFWEBVTT\r", "WEBVTT a-b"})
    EXPECT_TRUE(read_webvtt(good, "x", damage)) << good;
  for (const std::string bad :
       {"", "webvtt\n", "WEBVTTx", "\nWEBVTT\n", " WEBVTT", "\xEF\xBB\xBF\xEF\xBB\xBFWEBVTT\n", "WEBVT"}) {
    const auto refused = read_webvtt(bad, "x", damage);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().kind(), ErrorKind::Damaged);
  }
}

TEST(WebVtt, TimesAsTheRulesHaveThem) {
  for (const char* good : {"00:00.000 --> 00:01.000", "0:00:00.000 --> 0:00:01.000",
                           "00:00:00.000-->00:00:01.000", "123:00:00.000 --> 1234:00:01.000",
                           "\t00:00.000\f--> \t00:01.000", "00:00.000 --> 00:01.000 align:start line:0"})
    EXPECT_EQ(count_with_time(good), 1U) << good;
  for (const char* bad : {"0:00.000 --> 00:01.000", "000:00.000 --> 00:01.000", "00:60.000 --> 01:01.000",
                          "00:00.00 --> 00:01.000", "00:00,000 --> 00:01,000", "00:00.0000 --> 00:01.000",
                          "60:00.000 --> 61:00.000", "00:00:00 --> 00:00:01", "-00:00.000 --> 00:01.000",
                          "00:00.000 -- > 00:01.000", "\v00:00.000 --> 00:01.000", "00:00.000 -->"})
    EXPECT_EQ(count_with_time(bad), 0U) << bad;
  const auto cues = read("WEBVTT\n\n01:02:03.004 --> 01:02:01.000\nkept\n");
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].range, (TimeRange{ms(3'723'004), ms(3'721'000)}));
}

TEST(WebVtt, ASpeakerInBracketsAsWhisperXWritesIt) {
  const auto cues = read(
      "WEBVTT\n\n00:01.000 --> 00:02.000\n[SPEAKER_00]: One <00:01.500>two.\n\n"
      "00:02.000 --> 00:03.000\n<v Ann>[b]: c\n\n00:02.000 --> 00:03.000\n[laughs] c\n");
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[0].speaker, "SPEAKER_00");
  EXPECT_EQ(cues[0].text, "One two.");
  ASSERT_EQ(cues[0].words.size(), 2U);
  EXPECT_EQ(cues[0].words[0].text, "One");
  EXPECT_EQ(cues[1].speaker, "Ann");
  EXPECT_EQ(cues[1].text, "[b]: c");
  EXPECT_EQ(cues[2].speaker, "");
}

TEST(WebVtt, ArrowStartsACueOnlyInTheFirstTwoLines) {
  const auto cues = read(
      "WEBVTT\n\nid\n00:00.000 --> 00:01.000\none\n00:01.000 --> 00:02.000\ntwo\n\na\nb\n00:02.000 --> "
      "00:03.000\nthree\n");
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[0].text, "one");
  EXPECT_EQ(cues[1].text, "two");
  EXPECT_EQ(cues[2].text, "three");
}

TEST(WebVtt, ABadCueIsSkippedAndTheNextOneCounts) {
  DamageLog damage;
  const auto cues =
      read("WEBVTT\n\n00:00.000 -> 00:01.000 --> x\nlost\n\n00:01.000 --> 00:02.000\nkept\n", damage);
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].text, "kept");
  EXPECT_EQ(damage.count("bad-cue"), 1U);
}

TEST(WebVtt, R80_HeaderNotesStylesAndLineEnds) {
  const auto cues = read(
      "WEBVTT - title\r\nRegion: id=x\r\n\r\nNOTE\r\ncomment\r\n\r\nSTYLE\r\n::cue { color: red "
      "}\r\n\r\nREGION\r\nid:a\r\n\r\n"
      "00:00.000 --> 00:01.000 region:a\rtwo\rlines\n\n00:01.000 --> 00:02.000\n");
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].text, "two\nlines");
  const auto in_header = read("WEBVTT\n00:00.000 --> 00:01.000\ntext");
  ASSERT_EQ(in_header.size(), 1U);
}

TEST(WebVtt, ReadsVoicesTagsAndReferences) {
  const auto cues = read(
      "WEBVTT\n\n00:00.000 --> 00:01.000\n<v.loud  Ann \t&amp; Bob >1 &lt; <b>2</b> &amp;amp; &#39;x&#x27; "
      "&nope; <c.a>y</c><i\n");
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].speaker, "Ann & Bob");
  EXPECT_EQ(cues[0].text, "1 < 2 &amp; 'x' &nope; y");
}

TEST(WebVtt, EachVoiceOfACueIsACue) {
  const auto cues = read("WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ann>One.</v>\n<v Bob>Two.\nStill two.\n");
  ASSERT_EQ(cues.size(), 2U);
  EXPECT_EQ(cues[0].speaker + ": " + cues[0].text, "Ann: One.");
  EXPECT_EQ(cues[1].speaker + ": " + cues[1].text, "Bob: Two.\nStill two.");
  EXPECT_EQ(cues[0].range, cues[1].range);
}

TEST(WebVtt, TimestampsInsideACueTimeItsWords) {
  const auto cues = read("WEBVTT\n\n00:00.000 --> 00:04.000\none <00:00:02.000>two three <00:99>four\n");
  ASSERT_EQ(cues.size(), 1U);
  ASSERT_EQ(cues[0].words.size(), 4U);
  EXPECT_EQ(cues[0].text, "one two three four");
  EXPECT_EQ(cues[0].words[1].range->start, ms(2000));
  EXPECT_EQ(cues[0].words[3].range->end, ms(4000));
}

TEST(WebVtt, R85_NulAndBadBytesBecomeTheReplacementCharacter) {
  DamageLog damage;
  const auto nul = read(std::string("WEBVTT\n\n00:00.000 --> 00:01.000\na\0b\n", 36));
  ASSERT_EQ(nul.size(), 1U);
  EXPECT_EQ(nul[0].text, "a\uFFFDb");
  const auto bad = read_transcript("WEBVTT\n\n00:00.000 --> 00:01.000\ncaf\xE9\n", "x", damage);
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->cues[0].text, "caf\uFFFD");
  EXPECT_EQ(damage.count("bad-utf8"), 1U);
  EXPECT_FALSE(read_transcript("\xFF\xFEW\0E\0", "x", damage));
}

TEST(WebVtt, R86_CutsWhatIsTooLongInLinearTime) {
  DamageLog damage;
  const auto lines = read("WEBVTT\n\n00:00.000 --> 00:01.000\n" + std::string(1 << 20, 'x') + "\n", damage);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text.size(), MostCueBytes);
  EXPECT_EQ(damage.count("long-cue"), 1U);
  std::string many = "WEBVTT\n\n", bad = "WEBVTT\n\n";
  for (int i = 0; i < 100'001; ++i) many += "00:00.000 --> 00:01.000\nx\n", bad += "00:00 --> 1\n\n";
  EXPECT_EQ(read(many, damage).size(), MostCues);
  EXPECT_EQ(damage.count("too-many-cues"), 1U);
  EXPECT_TRUE(read(bad, damage).empty());
}

TEST(WebVtt, EveryPrefixIsReadWithoutHarm) {
  const std::string whole =
      "WEBVTT\n\nSTYLE\nx\n\n1\n00:00:01.487 --> 00:00:04.463 line:1\n<v.a Amélie>Good <00:00:02.000>morning "
      "&amp; <b>x</b>\n\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    DamageLog damage;
    (void)read_transcript(whole.substr(0, length), "x", damage);
  }
}

TEST(WebVtt, ReadsWhatItWrites) {
  Cue cue;
  cue.range = {ms(1'487), ms(36'004'463)};
  cue.speaker = "A > B & C\nD";
  cue.text = "1 < 2 --> 3\n\n{\\p1} &amp; end";
  const std::string file = write_webvtt(std::vector<Cue>{cue});
  EXPECT_NE(file.find("00:00:01.487 --> 10:00:04.463\n<v A &gt; B &amp; C D>1 &lt; 2 --&gt; 3\n{"),
            std::string::npos)
      << file;
  const auto cues = read(file);
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].range, cue.range);
  EXPECT_EQ(cues[0].speaker, "A > B & C D");
  EXPECT_EQ(cues[0].text, "1 < 2 --> 3\n{\\p1} &amp; end");
}

TEST(WebVtt, ReadsTheCouncil) {
  const auto path = test::find_sample("council/transcript.vtt");
  if (path.empty()) GTEST_SKIP() << "samples are not here";
  DamageLog damage;
  const auto transcript = read_transcript(test::file_text(path), "transcript.vtt", damage);
  ASSERT_TRUE(transcript);
  ASSERT_EQ(transcript->cues.size(), 8U);
  EXPECT_EQ(transcript->cues[2].speaker, "Chidi Okafor");
  EXPECT_EQ(transcript->cues[2].text, "I propose that we plant forty apple trees this winter.");
  EXPECT_EQ(transcript->cues[2].range, (TimeRange{ms(8'828), ms(11'837)}));
  EXPECT_TRUE(damage.empty());
}

}  // namespace
}  // namespace greffe::caption
