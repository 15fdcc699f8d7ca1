// H.264 and H.265 from packets to pictures, as a film sees them.
#include <gtest/gtest.h>

#include "codec/video_decoder.h"
#include "depacketizer/depacketizer.h"
#include "rtp/jitter_buffer.h"
#include "support/packets.h"

namespace greffe {
namespace {

struct Shown {
  std::map<std::int64_t, std::uint64_t> pictures;  // RTP time → a hash of the luma
  std::vector<media::PictureSize> sizes;           // each change
  std::size_t frames = 0;
  DamageLog damage;
};

std::uint64_t hash_of(const media::Picture& picture) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (int y = 0; y < picture.y.height_px; ++y)
    for (int x = 0; x < picture.y.width_px; ++x)
      hash = (hash ^ picture.y.pixels[y * picture.y.stride + x]) * 1099511628211u;
  return hash;
}

Shown show(test::ListedPackets packets, media::CodecId codec) {
  Shown shown;
  rtp::JitterBuffer ordered(packets, {.place = "track", .clock_rate = ClockRate{90'000}}, shown.damage);
  const auto frames = depacketizer::make_depacketizer(codec, ordered, {.place = "track"}, shown.damage);
  std::optional<codec::VideoDecoder> decoder;
  for (;;) {
    const auto frame = (*frames)->next();
    if (!frame || !*frame) return shown;
    ++shown.frames;
    if (!decoder) {
      auto opened = codec::VideoDecoder::open(codec, (*frames)->codec_private());
      EXPECT_TRUE(opened) << opened.error().message();
      decoder.emplace(std::move(*opened));
    }
    const auto picture = decoder->decode((*frame)->frame.bytes, (*frame)->frame.key);
    if (!picture) continue;
    shown.pictures[(*frame)->frame.ticks] = hash_of(*picture);
    if (shown.sizes.empty() || shown.sizes.back() != picture->size) shown.sizes.push_back(picture->size);
  }
}

// Takes `count` packets away, the first of them packet `first`.
test::ListedPackets without(test::ListedPackets packets, std::size_t first, std::size_t count) {
  const auto at = packets.entries().begin() + static_cast<std::ptrdiff_t>(first);
  packets.entries().erase(at, at + static_cast<std::ptrdiff_t>(count));
  return packets;
}

void expect_true_pictures(const test::ListedPackets& packets, media::CodecId codec, const Shown& clean) {
  for (std::size_t first = 3; first + 8 < test::ListedPackets(packets).entries().size(); first += 29) {
    const Shown lossy = show(without(packets, first, 1 + first % 7), codec);
    EXPECT_EQ(lossy.pictures.size(), lossy.frames) << first;
    EXPECT_LT(lossy.frames, clean.frames) << first;
    EXPECT_GT(lossy.damage.count("frame-hole"), 0u) << first;
    for (const auto& [ticks, hash] : lossy.pictures) EXPECT_EQ(hash, clean.pictures.at(ticks)) << first;
  }
}

TEST(NalPictures, H265EveryFrameShowsAtOnceAndLossShowsNothingFalse) {
  const test::ListedPackets packets = test::mjr_packets(test::fixture("h265/camera.mjr"));
  const Shown clean = show(packets, media::CodecId::H265);
  EXPECT_EQ(clean.frames, 60u);
  EXPECT_EQ(clean.pictures.size(), 60u);
  EXPECT_EQ(clean.sizes, (std::vector<media::PictureSize>{{320, 180}}));
  EXPECT_TRUE(clean.damage.empty());
  expect_true_pictures(packets, media::CodecId::H265, clean);
}

TEST(NalPictures, R43_H264FollowsSizesThatChange) {
  const auto path = test::find_sample("h264/videoroom-4100-user-102-1795181201404085-video-1.mjr");
  if (path.empty()) GTEST_SKIP() << "no samples";
  const test::ListedPackets packets = test::mjr_packets(path);
  const Shown clean = show(packets, media::CodecId::H264);
  EXPECT_EQ(clean.frames, 296u);
  EXPECT_EQ(clean.pictures.size(), 296u);
  EXPECT_EQ(clean.sizes, (std::vector<media::PictureSize>{{320, 180}, {160, 90}, {320, 180}}));
  EXPECT_TRUE(clean.damage.empty());
  expect_true_pictures(packets, media::CodecId::H264, clean);
}

}  // namespace
}  // namespace greffe
