#include "caption/whisperx.h"

#include <gtest/gtest.h>

#include "caption/cue_file.h"
#include "support/samples.h"

namespace greffe::caption {
namespace {

MeetingTime ms(std::int64_t value) { return MeetingTime(std::chrono::milliseconds(value)); }

std::vector<Cue> read(const std::string& text, DamageLog& damage) {
  auto transcript = read_transcript(text, "t.json", damage);
  EXPECT_TRUE(transcript) << transcript.error().message();
  return transcript ? transcript->cues : std::vector<Cue>();
}

// The shape of formats/transcripts 1.1: nulls, a leading blank, a label behind the name.
TEST(WhisperX, ReadsWhatVisioStores) {
  DamageLog damage;
  const auto cues = read(R"json({"segments":[{"start":3.1,"end":5.8,"text":" Bonjour en 2026.","words":[
      {"word":"Bonjour","start":3.1,"end":3.9,"score":0.9,"speaker":"Ana Dupont (SPEAKER_00)"},{"word":"en"},
      {"word":"2026.","start":null,"end":null,"score":null,"speaker":null}],"speaker":"Ana Dupont (SPEAKER_00)"}],
      "word_segments":[{"word":"2026."}],"language":"fr"})json",
                         damage);
  ASSERT_EQ(cues.size(), 1U);
  EXPECT_EQ(cues[0].text, "Bonjour en 2026.");
  EXPECT_EQ(cues[0].speaker, "Ana Dupont (SPEAKER_00)");
  EXPECT_EQ(cues[0].range, (TimeRange{ms(3100), ms(5800)}));
  EXPECT_TRUE(damage.empty());
}

TEST(WhisperX, R89_WordsWithoutTimesLieBetweenTheirNeighbours) {
  DamageLog damage;
  const auto cues = read(R"({"segments":[{"start":10,"end":20,"text":"a b c d","words":[
      {"word":"a"},{"word":"b","start":12,"end":13},{"word":"c","start":5,"end":6},{"word":"d","start":18,"end":19}]}]})",
                         damage);
  ASSERT_EQ(cues.size(), 1U);
  const auto& words = cues[0].words;
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(*words[0].range, (TimeRange{ms(10'000), ms(12'000)}));
  EXPECT_EQ(*words[2].range, (TimeRange{ms(13'000), ms(18'000)}));
}

TEST(WhisperX, ASegmentIsCutWhereItsWordsChangeTheSpeaker) {
  DamageLog damage;
  const auto cues = read(R"({"segments":[{"start":0,"end":4,"text":"yes no never","speaker":"A","words":[
      {"word":"yes","start":0,"end":1,"speaker":"A"},{"word":"no","start":2,"end":3,"speaker":"B"},{"word":"never","start":3,"end":4}]}]})",
                         damage);
  ASSERT_EQ(cues.size(), 2U);
  EXPECT_EQ(cues[0].speaker + cues[0].text, "Ayes");
  EXPECT_EQ(cues[1].speaker + cues[1].text, "Bno never");
  EXPECT_EQ(cues[1].range, (TimeRange{ms(2000), ms(4000)}));
}

TEST(WhisperX, R90_BadSegmentsAreLeftOutAndTold) {
  DamageLog damage;
  const auto cues =
      read(R"({"segments":[null,7,{"text":"no time"},{"start":null,"end":null,"text":"none","words":null},
      {"start":1,"end":2},{"start":"1","end":"2","text":"wrong types"},{"start":1e300,"end":2,"text":"far"},
      {"start":null,"end":null,"text":"by words","words":[{"word":"by","start":3,"end":4},{"word":"words","start":4,"end":5}]},
      {"start":6,"end":7,"text":""},{"start":8,"end":9,"text":"kept"}]})",
           damage);
  ASSERT_EQ(cues.size(), 2U);
  EXPECT_EQ(cues[0].range, (TimeRange{ms(3000), ms(5000)}));
  EXPECT_EQ(cues[1].text, "kept");
  EXPECT_EQ(damage.count("bad-cue"), 7U);
}

TEST(WhisperX, R90_RefusesWhatIsNotStrictJson) {
  DamageLog damage;
  for (const std::string bad : {"{\"segments\":[", "{\"segments\":[]} x", "{\"segments\":[{\"start\":NaN}]}",
                                "{\"segments\":7}", "{}", "[]", "[1]"}) {
    const auto refused = read_transcript(bad, "t", damage);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().kind(), ErrorKind::Damaged);
  }
}

TEST(CueFile, R82_EmptyTranscriptHasNoCuesAndAnEmptyFileIsRefused) {
  DamageLog damage;
  EXPECT_TRUE(read("{\"segments\":[]}", damage).empty());
  EXPECT_TRUE(read("WEBVTT\n", damage).empty());
  EXPECT_FALSE(read_transcript("", "t", damage));
  EXPECT_FALSE(read_transcript(" \n", "t", damage));
}

TEST(CueFile, RefusesOtherKindsWithAdvice) {
  DamageLog damage;
  const auto message = [&](const std::string& text) {
    const auto refused = read_transcript(text, "t", damage);
    EXPECT_FALSE(refused);
    return refused ? std::string() : refused.error().message();
  };
  EXPECT_NE(message("first --> second\n").find("SubRip"), std::string::npos);
  EXPECT_NE(message("PK\x03\x04xxx").find("docx"), std::string::npos);
  EXPECT_NE(message("<tt xmlns=\"http://www.w3.org/ns/ttml\"/>").find("TTML"), std::string::npos);
  EXPECT_NE(message("[Script Info]\n").find("ASS"), std::string::npos);
  EXPECT_NE(message("SPEAKER x 1 3.1 2.7 <NA> <NA> A <NA> <NA>").find("RTTM"), std::string::npos);
}

TEST(WhisperX, ReadsTheCouncil) {
  const auto path = test::find_sample("council/transcript.json");
  if (path.empty()) GTEST_SKIP() << "samples are not here";
  DamageLog damage;
  const auto cues = read(test::file_text(path), damage);
  ASSERT_EQ(cues.size(), 8U);
  EXPECT_EQ(cues[0].speaker, "amelie");
  EXPECT_EQ(cues[0].words.size(), 9U);
  EXPECT_EQ(cues[0].words[8].range->end, ms(4'463));
}

}  // namespace
}  // namespace greffe::caption
