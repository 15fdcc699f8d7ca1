// Real tracks: what comes out of the samples, frame by frame.
#include <gtest/gtest.h>

#include "depacketizer/depacketizer.h"
#include "rtp/jitter_buffer.h"
#include "support/packets.h"

namespace greffe::depacketizer {
namespace {

struct Out {
  std::vector<FrameInTrack> frames;
  DamageLog damage;
};

std::optional<Out> unpack(const std::string& sample, media::CodecId codec, ExtensionIds extensions = {}) {
  const auto path = test::find_sample(sample);
  if (path.empty()) return std::nullopt;
  Out out;
  test::ListedPackets source = test::mjr_packets(path);
  rtp::JitterBuffer buffer(source, {.place = "track", .clock_rate = media::facts_of(codec).rtp_clock},
                           out.damage);
  auto depacketizer =
      make_depacketizer(codec, buffer, {.place = "track", .extensions = extensions}, out.damage);
  EXPECT_TRUE(depacketizer.has_value());
  for (;;) {
    auto frame = (*depacketizer)->next();
    EXPECT_TRUE(frame.has_value());
    if (!frame || !*frame) return out;
    out.frames.push_back(std::move(**frame));
  }
}

TEST(Samples, CleanVideoComesOutWhole) {
  const auto out =
      unpack("council/videoroom-4100-user-101-1795175924651795-video-1.mjr", media::CodecId::Vp8);
  if (!out) GTEST_SKIP() << "no samples";
  EXPECT_EQ(out->frames.size(), 479u);
  EXPECT_TRUE(out->damage.empty());
}

TEST(Samples, LossyVideoStopsAtTheHoleForWantOfAKeyFrame) {
  const auto out = unpack("lossy/videoroom-4100-user-101-1795175750684246-video-1.mjr", media::CodecId::Vp8);
  if (!out) GTEST_SKIP() << "no samples";
  EXPECT_EQ(out->frames.size(), 335u);
  EXPECT_EQ(out->damage.count("frame-hole"), 1u);
  EXPECT_EQ(out->damage.count("frame-undecodable"), 115u);
}

struct UnfinishedCase {
  const char* file;
  std::size_t frames;
  std::uint64_t unfinished;
};

// formats/recordings.md 10: frames that lack their end though no number is missing. A key frame follows each.
TEST(Samples, R32_UnfinishedFramesOfCleanLinksAreFound) {
  const UnfinishedCase cases[] = {{"share/videoroom-4100-user-102-1795175705384574-video-1.mjr", 443, 4},
                                  {"rejoin/videoroom-4100-user-101-1795181321855339-video-1.mjr", 479, 1},
                                  {"renego/videoroom-4100-user-102-1795181369385944-video-1.mjr", 390, 1},
                                  {"red/echotest-user-101-video.mjr", 238, 1}};
  for (const UnfinishedCase& sample : cases) {
    const auto out = unpack(sample.file, media::CodecId::Vp8);
    if (!out) GTEST_SKIP() << "no samples";
    EXPECT_EQ(out->frames.size(), sample.frames) << sample.file;
    EXPECT_EQ(out->damage.count("frame-unfinished"), sample.unfinished) << sample.file;
    EXPECT_EQ(out->damage.entries().size(), 1u) << sample.file;
  }
}

TEST(Samples, LossyOpusGivesEveryPacketThatCame) {
  const auto out = unpack("lossy/videoroom-4100-user-101-1795175750684015-audio-0.mjr", media::CodecId::Opus,
                          {.audio_level = 1});
  if (!out) GTEST_SKIP() << "no samples";
  EXPECT_EQ(out->frames.size(), 1450u);
  for (const FrameInTrack& frame : out->frames) {
    ASSERT_EQ(frame.frame.duration_ticks, 960);
    ASSERT_TRUE(frame.frame.audio_level.has_value());
  }
}

TEST(Samples, SimulcastStartIsOneKeyFrame) {
  const auto out = unpack("codecs/videoroom-4100-user-102-1795175794138036-video-1.mjr", media::CodecId::Vp8);
  if (!out) GTEST_SKIP() << "no samples";
  EXPECT_EQ(out->frames.size(), 376u);
  EXPECT_TRUE(out->frames.at(0).frame.key);
  EXPECT_TRUE(out->damage.empty());
}

struct CleanCase {
  const char* file;
  media::CodecId codec;
  std::size_t frames;
  std::size_t keys;
  media::PictureSize size;  // of the last key frame
};

TEST(Samples, CleanVp9AndAv1ComeOutWhole) {
  const CleanCase cases[] = {
      {"codecs/videoroom-4100-user-101-1795175794104520-video-1.mjr",
       media::CodecId::Vp9,
       393,
       3,
       {320, 240}},
      {"svc/videoroom-4100-user-101-1795181264995716-video-1.mjr", media::CodecId::Vp9, 297, 3, {640, 360}},
      {"svc/videoroom-4100-user-102-1795181264979581-video-1.mjr", media::CodecId::Vp9, 296, 2, {640, 360}},
      {"av1/videoroom-4100-user-101-1795181231886047-video-1.mjr", media::CodecId::Av1, 301, 2, {320, 240}},
      {"av1/videoroom-4100-user-102-1795181231855346-video-1.mjr", media::CodecId::Av1, 302, 2, {320, 180}}};
  for (const CleanCase& sample : cases) {
    const auto out = unpack(sample.file, sample.codec);
    if (!out) GTEST_SKIP() << "no samples";
    EXPECT_EQ(out->frames.size(), sample.frames) << sample.file;
    EXPECT_TRUE(out->damage.empty()) << sample.file;
    std::size_t keys = 0;
    media::PictureSize size;
    for (const FrameInTrack& frame : out->frames)
      if (frame.frame.key) ++keys, size = *frame.frame.size;
    EXPECT_EQ(keys, sample.keys) << sample.file;
    EXPECT_EQ(size, sample.size) << sample.file;
  }
}

TEST(Samples, R32_AnUnfinishedVp9FrameIsFound) {
  const auto out = unpack("renego/videoroom-4100-user-101-1795181378988817-video-2.mjr", media::CodecId::Vp9);
  if (!out) GTEST_SKIP() << "no samples";
  EXPECT_EQ(out->frames.size(), 247u);
  EXPECT_EQ(out->damage.count("frame-unfinished"), 1u);
}

}  // namespace
}  // namespace greffe::depacketizer
