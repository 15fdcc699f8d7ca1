#include "flow/track_survey.h"

#include <gtest/gtest.h>

#include <random>

#include "support/samples.h"

namespace greffe::flow {
namespace {

// Every recording of the samples that names its codec.
std::vector<Path> recordings() {
  std::vector<Path> all;
  const Path readme = test::find_sample("README.md");
  if (readme.empty()) return all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(readme.parent_path()))
    if (entry.path().extension() == ".mjr") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

TEST(TrackSurvey, R37_NoSampleLooksEncrypted) {
  const auto files = recordings();
  if (files.empty()) GTEST_SKIP() << "no samples";
  for (const Path& file : files) {
    const TrackSource source{.file = file, .place = file.filename().string()};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    ASSERT_TRUE(survey) << file;
    EXPECT_EQ(survey->encrypted, std::nullopt) << file;
  }
}

// The payloads of a real recording under its own headers, each replaced by dice: SRTP without its keys.
std::string sealed(const std::string& mjr) {
  std::string bytes = mjr;
  std::mt19937 random(9);
  const auto u16 = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
  };
  for (std::size_t at = 10 + u16(8); at + 22 < bytes.size();) {
    const std::size_t length = u16(at + 8), packet = at + 10;
    std::size_t payload = packet + 12;
    if ((bytes[packet] & 0x10) != 0) payload += 4 + 4 * u16(payload + 2);
    for (std::size_t i = payload; i < packet + length; ++i) bytes[i] = static_cast<char>(random() >> 24);
    at = packet + length;
  }
  return bytes;
}

TEST(TrackSurvey, R37_EverySampleLooksEncryptedWhenItIs) {
  const auto files = recordings();
  if (files.empty()) GTEST_SKIP() << "no samples";
  const test::TemporaryFolder folder;
  for (const Path& file : files) {
    // Redundancy is looked for in the packets, which here say nothing.
    if (file.string().find("/red/") != std::string::npos) continue;
    const Path copy = folder.path() / "sealed.mjr";
    test::write_file(copy, sealed(test::file_text(file)));
    const TrackSource source{.file = copy, .place = file.filename().string()};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    ASSERT_TRUE(survey) << file;
    EXPECT_TRUE(survey->encrypted) << file;
  }
}

}  // namespace
}  // namespace greffe::flow
