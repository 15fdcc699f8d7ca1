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

TEST(Samples, SimulcastStartIsOneKeyFrame) {
  const auto out = unpack("codecs/videoroom-4100-user-102-1795175794138036-video-1.mjr", media::CodecId::Vp8);
  if (!out) GTEST_SKIP() << "no samples";
  EXPECT_EQ(out->frames.size(), 376u);
  EXPECT_TRUE(out->frames.at(0).frame.key);
  EXPECT_TRUE(out->damage.empty());
}

}  // namespace
}  // namespace greffe::depacketizer
