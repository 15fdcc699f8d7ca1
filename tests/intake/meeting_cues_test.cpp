#include "intake/meeting_cues.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::intake {
namespace {

constexpr const char* Vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann Lee>from vtt\n";
constexpr const char* Json =
    R"({"segments":[{"start":1,"end":2,"text":"from json","speaker":"ann","words":[{"word":"from","start":1,"end":1.5},{"word":"json","start":1.5,"end":2}]}],"language":"en"})";

class MeetingCuesTest : public testing::Test {
 protected:
  MeetingCuesTest() {
    meeting_.participants.push_back({.id = "ann", .name = "Ann Lee"});
    meeting_.end = MeetingTime(std::chrono::seconds(10));
    meeting_.tracks.emplace_back();
  }
  TranscriptSource file(const std::string& name, const std::string& text, Duration offset = {}) {
    test::write_file(folder_.path() / name, text);
    return {folder_.path() / name, name, offset, ""};
  }
  MeetingCues read(const std::vector<TranscriptSource>& sources) {
    return read_meeting_cues(sources, meeting_, damage_);
  }

  test::TemporaryFolder folder_;
  timeline::Meeting meeting_;
  DamageLog damage_;
};

TEST_F(MeetingCuesTest, ComeFromTheTranscriptWithWords) {
  const auto made = read({file("t.vtt", Vtt), file("t.json", Json)});
  ASSERT_EQ(made.from, 1U);
  ASSERT_EQ(made.cues.size(), 1U);
  EXPECT_EQ(made.cues[0].text, "from json");
  EXPECT_EQ(made.cues[0].speaker, "Ann Lee");
  EXPECT_EQ(made.language, "en");
  EXPECT_TRUE(damage_.empty());
}

TEST_F(MeetingCuesTest, R81_ABadTranscriptIsDamageAndTheOtherIsTaken) {
  const auto made = read({file("t.json", "{"), file("none.vtt", "hello"), file("t.vtt", Vtt)});
  EXPECT_EQ(made.from, 2U);
  EXPECT_EQ(damage_.count("transcript-refused"), 2U);
}

TEST_F(MeetingCuesTest, R84_MovedByTheirOffsetAndClippedToTheMeeting) {
  const auto made = read({file("t.vtt", Vtt, std::chrono::milliseconds(8500))});
  ASSERT_EQ(made.cues.size(), 1U);
  EXPECT_EQ(made.cues[0].range, (TimeRange{MeetingTime(std::chrono::milliseconds(9500)), meeting_.end}));
  EXPECT_EQ(damage_.count("cue-clipped"), 1U);
}

TEST_F(MeetingCuesTest, R84_WordsWhoseTimesNobodyKnowsWereSaidInTheMeeting) {
  std::string said;
  for (int word = 0; word < 60; ++word) said += "word" + std::to_string(word) + " ";
  const auto spoken_in = [&](Duration offset) {
    std::string all;
    const auto made =
        read({file("t.vtt", "WEBVTT\n\n00:05.000 --> 00:09.000\n<v Ann Lee>" + said + "\n", offset)});
    for (const caption::Cue& cue : made.cues)
      for (const char letter : cue.text + " ") all += letter == '\n' ? ' ' : letter;
    return all;
  };
  EXPECT_EQ(spoken_in(std::chrono::seconds(3)), said);   // 8 to 12 s of 10
  EXPECT_EQ(spoken_in(std::chrono::seconds(-7)), said);  // -2 to 2 s
  EXPECT_EQ(damage_.count("cue-clipped"), 2U);
  EXPECT_EQ(damage_.count("cue-outside-meeting"), 0U);
}

TEST_F(MeetingCuesTest, AShortCueStaysOnUntilTheNextWhicheverHasWords) {
  const auto made = read(
      {file("t.json", R"({"segments":[{"start":1,"end":1.3,"text":"Yes."},)"
                      R"({"start":1.4,"end":3,"text":"no","words":[{"word":"no","start":1.4,"end":3}]}]})")});
  ASSERT_EQ(made.cues.size(), 2U);
  EXPECT_EQ(made.cues[0].range.end, MeetingTime(std::chrono::milliseconds(1400)));
}

TEST_F(MeetingCuesTest, OfARecordWithoutTracksAShortLastCueStaysOn) {
  meeting_.tracks.clear();
  const auto made = read({file("t.vtt", "WEBVTT\n\n00:01.000 --> 00:01.400\nbye\n")});
  ASSERT_EQ(made.cues.size(), 1U);
  EXPECT_EQ(made.cues[0].range.end, MeetingTime(std::chrono::seconds(2)));
  EXPECT_TRUE(damage_.empty());
}

TEST_F(MeetingCuesTest, OfARecordWithoutTracksAreNotClipped) {
  meeting_.tracks.clear();
  const auto made = read({file("t.vtt", Vtt, std::chrono::milliseconds(8500))});
  ASSERT_EQ(made.cues.size(), 1U);
  EXPECT_GT(made.cues[0].range.end, meeting_.end);
  EXPECT_TRUE(damage_.empty());
}

TEST_F(MeetingCuesTest, R82_NoneIsNoFailure) {
  EXPECT_FALSE(read({file("t.vtt", "WEBVTT\n")}).from);
  EXPECT_EQ(damage_.count("no-cues"), 1U);
  EXPECT_FALSE(read({}).from);
}

}  // namespace
}  // namespace greffe::intake
