#include "container/track_muxer.h"

#include <gtest/gtest.h>

#include "container/demuxer.h"
#include "support/samples.h"

namespace greffe::container {
namespace {

// A H.264 track of two frames, one NAL unit each.
TrackFormat h264_format() {
  TrackFormat format{.codec = media::CodecId::H264, .size = {320, 180}, .title = "Björn"};
  format.codec_private = {1, 0x42, 0xC0, 0x1F, 0xFF, 0xE1, 0, 4, 0x67, 0x42, 0xC0, 0x1F, 1, 0, 2, 0x68, 0xCE};
  return format;
}

TEST(TrackMuxer, CodecPrivateAndFramesComeBackAsTheyWere) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "track.mkv";
  const std::vector<std::vector<std::uint8_t>> frames{{0, 0, 0, 2, 0x65, 0x88}, {0, 0, 0, 3, 0x41, 0x9A, 0}};
  {
    auto muxer = TrackMuxer::create(path, h264_format());
    ASSERT_TRUE(muxer) << muxer.error().message();
    for (std::size_t i = 0; i < frames.size(); ++i)
      ASSERT_TRUE(muxer->write({.bytes = frames[i], .key = i == 0},
                               MeetingTime(std::chrono::milliseconds(40 * i)), Duration::zero()));
    ASSERT_TRUE(muxer->finish());
  }
  auto demuxer = Demuxer::open(path);
  ASSERT_TRUE(demuxer) << demuxer.error().message();
  const Bytes found = demuxer->codec_private();
  EXPECT_EQ(std::vector<std::uint8_t>(found.begin(), found.end()), h264_format().codec_private);
  for (const auto& frame : frames) {
    const auto stored = demuxer->next();
    ASSERT_TRUE(stored && *stored);
    EXPECT_EQ(std::vector<std::uint8_t>((*stored)->bytes.begin(), (*stored)->bytes.end()), frame);
  }
}

TEST(TrackMuxer, CodecsWithoutCodecPrivateGetNone) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "track.mkv";
  {
    auto muxer = TrackMuxer::create(path, {.codec = media::CodecId::Vp8, .size = {320, 180}, .title = ""});
    ASSERT_TRUE(muxer) << muxer.error().message();
    ASSERT_TRUE(muxer->write({.bytes = {1, 2, 3}, .key = true}, MeetingTime{}, Duration::zero()));
    ASSERT_TRUE(muxer->finish());
  }
  auto demuxer = Demuxer::open(path);
  ASSERT_TRUE(demuxer) << demuxer.error().message();
  EXPECT_TRUE(demuxer->codec_private().empty());
}

}  // namespace
}  // namespace greffe::container
