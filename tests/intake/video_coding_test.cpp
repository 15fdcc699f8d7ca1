#include <gtest/gtest.h>

#include "intake/track_coding.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

// A recording of Janus with another header: one that does not name the codec.
std::string without_codec(const std::string& dump) {
  const std::string header = R"({"t":"v","s":1795181201404085,"u":1795181201404085})";
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(dump[at]); };
  const std::size_t records = 10u + octet(8) * 256u + octet(9);
  return dump.substr(0, 8) + '\0' + static_cast<char>(header.size()) + header + dump.substr(records);
}

media::CodecId codec_guessed(const std::filesystem::path& dump) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "camera.mjr";
  test::write_file(path, without_codec(test::file_text(dump)));
  const auto coding = find_coding({.file = path, .place = "camera.mjr"}, std::nullopt);
  EXPECT_TRUE(coding) << coding.error().message();
  return coding ? coding->codec : media::CodecId::Unknown;
}

TEST(TrackCoding, R13_VideoThatNothingNamesIsKnownByItsKeyFrames) {
  EXPECT_EQ(codec_guessed(test::fixture("h265/camera.mjr")), media::CodecId::H265);
  EXPECT_EQ(codec_guessed(test::fixture("council_short/bruno-video.mjr")), media::CodecId::Vp8);
  const auto h264 = test::find_sample("h264/videoroom-4100-user-101-1795181201402584-video-1.mjr");
  if (h264.empty()) GTEST_SKIP() << "no samples";
  EXPECT_EQ(codec_guessed(h264), media::CodecId::H264);
  for (const char* dump : {"svc/videoroom-4100-user-101-1795181264995716-video-1.mjr",
                           "svc/videoroom-4100-user-102-1795181264979581-video-1.mjr"})
    EXPECT_EQ(codec_guessed(test::find_sample(dump)), media::CodecId::Vp9) << dump;
  for (const char* dump : {"av1/videoroom-4100-user-101-1795181231886047-video-1.mjr",
                           "av1/videoroom-4100-user-102-1795181231855346-video-1.mjr"})
    EXPECT_EQ(codec_guessed(test::find_sample(dump)), media::CodecId::Av1) << dump;
}

}  // namespace
}  // namespace greffe::intake
