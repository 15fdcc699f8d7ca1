#include "custody/export_survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "custody/hash_pipeline.h"

namespace greffe::custody {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Meetings of files of these sizes, each of which costs ten besides.
struct Case {
  std::vector<SurveyedMeeting> meetings;
  PartCost cost{.fixed = 100};

  explicit Case(const std::vector<std::vector<std::uint64_t>>& sizes) {
    for (const auto& files : sizes) {
      SurveyedMeeting& meeting = meetings.emplace_back();
      meeting.id = fmt::format("m{}", meetings.size());
      cost.of_meeting.push_back(50);
      auto& of_file = cost.of_file.emplace_back();
      for (const std::uint64_t bytes : files) {
        meeting.files.push_back({.name = fmt::format("f{}", meeting.files.size()), .bytes = bytes});
        of_file.push_back(bytes + 10);
      }
    }
  }
  // "0.0 0.1" for each part.
  std::vector<std::string> split(std::optional<std::uint64_t> limit) const {
    const auto parts = split_parts(meetings, cost, limit);
    if (!parts) return {parts.error().message()};
    std::vector<std::string> found;
    for (const PartFiles& part : *parts) {
      std::string& text = found.emplace_back();
      for (const FileIndex& at : part)
        text += fmt::format("{}{}.{}", text.empty() ? "" : " ", at.meeting, at.file);
    }
    return found;
  }
};

TEST(SplitParts, WithoutALimitThereIsOne) {
  EXPECT_THAT(Case({{1, 2}, {3}}).split({}), ElementsAre("0.0 0.1 1.0"));
}

TEST(SplitParts, AMeetingThatFitsIntoOnePartIsNotCut) {
  const Case one({{200, 200}, {200, 200}, {100}});
  EXPECT_THAT(one.split(1040), ElementsAre("0.0 0.1 1.0 1.1", "2.0"));
  EXPECT_THAT(one.split(1039), ElementsAre("0.0 0.1", "1.0 1.1 2.0"));
  EXPECT_THAT(one.split(570), ElementsAre("0.0 0.1", "1.0 1.1", "2.0"));
}

TEST(SplitParts, ALargerOneIsCutBetweenItsFiles) {
  EXPECT_THAT(Case({{10}, {300, 300, 300}, {10}}).split(550), ElementsAre("0.0 1.0", "1.1", "1.2 2.0"));
}

TEST(SplitParts, TheLimitIsKeptToTheByte) {
  const Case one({{200, 200}});  // 100 + 50 + 210 + 210
  EXPECT_THAT(one.split(570), ElementsAre("0.0 0.1"));
  EXPECT_THAT(one.split(569), ElementsAre("0.0", "0.1"));
  EXPECT_THAT(one.split(360), ElementsAre("0.0", "0.1"));
}

TEST(SplitParts, AllFilesThatFitIntoNoPartAreNamed) {
  const auto found = Case({{200, 20}, {300}}).split(359);
  EXPECT_THAT(found, ElementsAre(AllOf(HasSubstr("m1/f0: 200 bytes"), HasSubstr("m2/f0: 300 bytes"))));
  EXPECT_THAT(found.front(), testing::Not(HasSubstr("m1/f1")));
}

TEST(HashPipeline, GivesTheDigestOfEachFileInTheirOrder) {
  HashPipeline pipeline(fixity::Algorithm::Sha512);
  std::vector<std::string> due;
  for (int file = 0; file < 200; ++file) {
    std::string text;
    for (int piece = 0; piece < file % 40; ++piece) {
      const std::string more(static_cast<std::size_t>(piece * 997), static_cast<char>('a' + piece % 26));
      pipeline.push(Bytes(reinterpret_cast<const std::uint8_t*>(more.data()), more.size()));
      text += more;
    }
    pipeline.end_file();
    due.push_back(fixity::hex_digest(fixity::Algorithm::Sha512, text));
  }
  EXPECT_EQ(pipeline.finish().value(), due);
}

TEST(HashPipeline, MayBeLeftInTheMiddleOfAFile) {
  HashPipeline pipeline(fixity::Algorithm::Sha256);
  const std::vector<std::uint8_t> bytes(1 << 16);
  for (int piece = 0; piece < 100; ++piece) pipeline.push(bytes);
}

}  // namespace
}  // namespace greffe::custody
