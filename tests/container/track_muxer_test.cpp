#include "container/track_muxer.h"

#include <gtest/gtest.h>

#include "container/demuxer.h"
#include "support/samples.h"

extern "C" {
#include <libavformat/avformat.h>
}

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

struct Block {
  std::int64_t ms;
  std::size_t bytes;
  bool key;
};

// Frames of zeros; gives the file's path.
Path mux(const test::TemporaryFolder& folder, const std::vector<Block>& blocks,
         media::CodecId codec = media::CodecId::Vp8) {
  Path path = folder.path() / "track.mkv";
  auto muxer = TrackMuxer::create(path, {.codec = codec, .size = {320, 180}, .title = "Zoë"});
  EXPECT_TRUE(muxer);
  for (const Block& block : blocks)
    EXPECT_TRUE(muxer->write({.bytes = std::vector<std::uint8_t>(block.bytes), .key = block.key},
                             MeetingTime(std::chrono::milliseconds(block.ms)),
                             std::chrono::milliseconds(20)));
  EXPECT_TRUE(muxer->finish());
  return path;
}

std::vector<std::int64_t> times_in(const Path& path) {
  std::vector<std::int64_t> times;
  AVFormatContext* format = nullptr;
  EXPECT_EQ(avformat_open_input(&format, path.c_str(), nullptr, nullptr), 0);
  AVPacket* packet = av_packet_alloc();
  for (; av_read_frame(format, packet) >= 0; av_packet_unref(packet)) times.push_back(packet->pts);
  av_packet_free(&packet);
  avformat_close_input(&format);
  return times;
}

TEST(TrackMuxer, TimesRiseAndMayBeNegative) {
  const test::TemporaryFolder folder;
  const Path path =
      mux(folder, {{-40'000, 3, true}, {-20, 3, false}, {0, 3, false}, {0, 3, false}, {-5, 3, false}});
  // libavformat reads such frames and leaves their time open.
  EXPECT_EQ(times_in(path), (std::vector<std::int64_t>{AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0, 1, 2}));
}

TEST(TrackMuxer, AFrameLargerThanAClusterHasOneOfItsOwn) {
  const test::TemporaryFolder folder;
  const Path path = mux(folder, {{0, 10, true}, {40, 3 << 20, true}, {80, 10, false}, {60'000, 10, false}});
  EXPECT_EQ(times_in(path), (std::vector<std::int64_t>{0, 40, 80, 60'000}));
}

// A reader that knows nothing of ours finds the end and any place: libavformat through the cues.
TEST(TrackMuxer, ItsLengthAndItsCuesAreInTheFile) {
  const test::TemporaryFolder folder;
  std::vector<Block> blocks;
  for (int i = 0; i < 1000; ++i) blocks.push_back({40 * i, 2000, i % 50 == 0});
  const Path path = mux(folder, blocks);
  AVFormatContext* format = nullptr;
  ASSERT_EQ(avformat_open_input(&format, path.c_str(), nullptr, nullptr), 0);
  ASSERT_GE(avformat_find_stream_info(format, nullptr), 0);
  EXPECT_EQ(format->duration, (40 * 999 + 20) * std::int64_t{1000});
  EXPECT_STREQ(av_dict_get(format->streams[0]->metadata, "title", nullptr, 0)->value, "Zoë");
  ASSERT_GE(av_seek_frame(format, 0, 21'999, AVSEEK_FLAG_BACKWARD), 0);
  AVPacket* packet = av_packet_alloc();
  ASSERT_GE(av_read_frame(format, packet), 0);
  EXPECT_EQ(packet->pts, 20'000);  // every fiftieth is a key frame
  EXPECT_GE(avformat_index_get_entries_count(format->streams[0]), 20);
  av_packet_free(&packet);
  avformat_close_input(&format);
}

TEST(TrackMuxer, TheSameFramesGiveTheSameBytes) {
  const test::TemporaryFolder one, other;
  const std::vector<Block> blocks{{0, 500, true}, {20, 700, true}, {40, 0x4000, true}};
  EXPECT_EQ(test::file_text(mux(one, blocks, media::CodecId::Opus)),
            test::file_text(mux(other, blocks, media::CodecId::Opus)));
}

TEST(TrackMuxer, RefusesWhatMatroskaHasNoNameFor) {
  const test::TemporaryFolder folder;
  const auto muxer = TrackMuxer::create(folder.path() / "track.mkv", {.codec = media::CodecId::Red});
  ASSERT_FALSE(muxer);
  EXPECT_NE(muxer.error().message().find("no way to write red into Matroska"), std::string::npos);
}

}  // namespace
}  // namespace greffe::container
