#include "timeline/meeting_description.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::timeline {
namespace {

Result<MeetingDescription> read(const std::string& text, std::vector<std::string>* warnings = nullptr) {
  const auto value = json::parse(text);
  if (!value) return tl::unexpected(value.error());
  std::vector<std::string> ignored;
  return description_of(*value, warnings ? *warnings : ignored);
}

TEST(MeetingDescription, TakesEverySampleAsItIs) {
  for (const char* name : {"council", "lossy", "share", "call-pcmu", "call-g722", "codecs", "h264", "av1",
                           "svc", "red", "rejoin", "renego"}) {
    const auto path = test::find_sample(std::string(name) + "/meeting.json");
    if (path.empty()) continue;
    std::vector<std::string> warnings;
    const auto meeting = read(test::file_text(path), &warnings);
    ASSERT_TRUE(meeting) << name << ": " << meeting.error().message();
    EXPECT_FALSE(meeting->participants.empty()) << name;
    EXPECT_TRUE(meeting->start) << name;
  }
}

TEST(MeetingDescription, NeedsNoMoreThanTitlePeopleAndFiles) {
  const auto meeting = read(
      R"({"title":"T","participants":[{"id":"a","name":"A","tracks":[{"file":"a.mjr","role":"microphone"}]}]})");
  ASSERT_TRUE(meeting);
  EXPECT_EQ(meeting->participants[0].tracks[0].file, "a.mjr");
  EXPECT_FALSE(meeting->start);
}

TEST(MeetingDescription, NamesThePlaceOfWhatIsWrong) {
  EXPECT_EQ(read(R"({"participants":[{"id":"a","tracks":[{"file":"x","role":"camera","codec":"vp10"}]}]})")
                .error()
                .message(),
            "participants[0].tracks[0].codec: unknown codec \"vp10\"");
  EXPECT_EQ(read(R"({"participants":[{"id":"a"},{"id":"a"}]})").error().message(),
            "participants[1].id: \"a\" stands twice");
  EXPECT_FALSE(read(R"({"participants":[{"id":"a","tracks":[{"file":"x","role":"face"}]}]})"));
}

TEST(MeetingDescription, R7_ProducersAreNamesEachOnce) {
  std::vector<std::string> warnings;
  const auto described = [&](std::string_view producers) {
    return description_of(
        json::parse(fmt::format(R"({{"participants": [], "producers": {}}})", producers)).value(), warnings);
  };
  EXPECT_EQ(described(R"(["north", "south"])")->producers, (std::vector<std::string>{"north", "south"}));
  EXPECT_TRUE(described("[]")->producers.empty());
  for (const char* wrong : {R"(["a", "a"])", R"([""])", "[1]", R"("a")"})
    EXPECT_FALSE(described(wrong)) << wrong;
  EXPECT_TRUE(warnings.empty());
}

TEST(MeetingDescription, DocumentsAreAnyFiles) {
  const auto meeting = read(R"({"documents": [{"file": "a.pdf", "title": "Agenda"}, {"file": "../b.odt"}]})");
  ASSERT_TRUE(meeting) << meeting.error().message();
  ASSERT_EQ(meeting->documents.size(), 2u);
  EXPECT_EQ(meeting->documents[0].title, "Agenda");
  EXPECT_EQ(meeting->documents[1].file, "../b.odt");
  for (const char* wrong : {R"({"documents": [{"file": ""}]})", R"({"documents": [{"title": "x"}]})",
                            R"({"documents": ["a.pdf"]})", R"({"documents": [{"file": "a\u0000b"}]})"}) {
    const auto refused = read(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().message().find("documents[0]"), std::string::npos) << refused.error().message();
  }
}

TEST(MeetingDescription, R68_RefusesInvalidStarts) {
  EXPECT_FALSE(read(R"({"start":"2026-02-30T00:00:00Z","participants":[]})"));
  EXPECT_FALSE(read(R"({"start":"2026-02-03T00:00:00","participants":[]})"));
  EXPECT_FALSE(read(R"({"start_unix":-4,"participants":[]})"));
}

TEST(MeetingDescription, R73_UnknownKeysAreWarnings) {
  std::vector<std::string> warnings;
  ASSERT_TRUE(read(R"({"colour":1,"participants":[{"id":"a","shoe":2}]})", &warnings));
  EXPECT_EQ(warnings, (std::vector<std::string>{"participants[0].shoe: unknown key, ignored",
                                                "colour: unknown key, ignored"}));
}

}  // namespace
}  // namespace greffe::timeline
