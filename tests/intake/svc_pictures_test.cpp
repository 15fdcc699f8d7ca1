// Spatial layers from packets to pictures: what is left out, and what that leaves.
#include <gtest/gtest.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#include "codec/video_decoder.h"
#include "codec/vp9_layers.h"
#include "depacketizer/depacketizer.h"
#include "intake/track_coding.h"
#include "intake/track_packets.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;
using Luma = std::vector<std::uint8_t>;

Luma luma_of(const std::uint8_t* pixels, std::ptrdiff_t stride, int width, int height) {
  Luma luma;
  for (int y = 0; y < height; ++y) luma.insert(luma.end(), pixels + y * stride, pixels + y * stride + width);
  return luma;
}

// The frames of a camera of the sample.
std::vector<media::CodedFrame> frames_of(const std::filesystem::path& dump) {
  std::vector<media::CodedFrame> frames;
  DamageLog damage;
  const TrackSource source{.file = dump, .place = "camera"};
  const auto coding = find_coding(source, std::nullopt);
  EXPECT_TRUE(coding) << coding.error().message();
  const auto packets = TrackPackets::open(source, *coding, damage);
  EXPECT_TRUE(packets) << packets.error().message();
  const auto depacketizer = depacketizer::make_depacketizer(
      coding->codec, **packets, {.place = "camera", .payload_types = coding->payload_types}, damage);
  while (true) {
    auto frame = (*depacketizer)->next();
    if (!frame || !*frame) return frames;
    frames.push_back(std::move((*frame)->frame));
  }
}

// libvpx told to decode the lowest layer alone: another decoder, which takes the superframes apart itself.
class LowestLayer {
 public:
  LowestLayer() {
    vpx_codec_dec_init(&context_, vpx_codec_vp9_dx(), nullptr, 0);
    vpx_codec_control(&context_, VP9_DECODE_SVC_SPATIAL_LAYER, 0);
  }
  ~LowestLayer() { vpx_codec_destroy(&context_); }
  LowestLayer(const LowestLayer&) = delete;
  LowestLayer& operator=(const LowestLayer&) = delete;

  std::optional<Luma> decode(const std::vector<std::uint8_t>& bytes) {
    EXPECT_EQ(vpx_codec_decode(&context_, bytes.data(), static_cast<unsigned>(bytes.size()), nullptr, 0),
              VPX_CODEC_OK);
    vpx_codec_iter_t at = nullptr;
    const vpx_image_t* image = vpx_codec_get_frame(&context_, &at);
    if (image == nullptr) return std::nullopt;
    return luma_of(image->planes[0], image->stride[0], static_cast<int>(image->d_w),
                   static_cast<int>(image->d_h));
  }

 private:
  vpx_codec_ctx_t context_{};
};

class SvcSample : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Cameras, SvcSample,
                         testing::Values("svc/videoroom-4100-user-101-1795181264995716-video-1.mjr",
                                         "svc/videoroom-4100-user-102-1795181264979581-video-1.mjr"),
                         [](const auto& dump) { return dump.index == 0 ? "L3T3Key" : "L2T1"; });

TEST_P(SvcSample, R46_TheLowLayerShowsWhatADecoderOfThatLayerAloneShows) {
  const auto dump = test::find_sample(GetParam());
  if (dump.empty()) GTEST_SKIP() << "no samples";
  codec::Vp9LayerCutter cutter;
  auto decoder = codec::VideoDecoder::open(media::CodecId::Vp9);
  LowestLayer lowest;
  std::size_t compared = 0, without_it = 0, bytes = 0, kept = 0;
  for (const media::CodedFrame& frame : frames_of(dump)) {
    const Bytes cut = cutter.cut(frame.bytes, {320, 180});
    bytes += frame.bytes.size();
    kept += cut.size();
    if (cut.empty()) {  // the sender left the low layer out: its last picture stays
      ++without_it;
      continue;
    }
    const auto shown = decoder->decode(cut, frame.key);
    ASSERT_TRUE(shown) << compared;
    EXPECT_EQ(shown->size, (media::PictureSize{320, 180}));
    const auto expected = lowest.decode(frame.bytes);
    ASSERT_TRUE(expected) << compared;
    ASSERT_EQ(luma_of(shown->y.pixels, shown->y.stride, 320, 180), *expected) << compared;
    ++compared;
  }
  EXPECT_GT(compared, 280u);
  EXPECT_LT(without_it, 10u);
  EXPECT_EQ(decoder->failed_frames(), 0u);
  EXPECT_LT(kept * 2, bytes) << "most of the bytes are of the larger layers";
}

TEST_P(SvcSample, TheLayersProveThatTheyStandAlone) {
  const auto dump = test::find_sample(GetParam());
  if (dump.empty()) GTEST_SKIP() << "no samples";
  codec::Vp9LayerProof proof;
  for (const media::CodedFrame& frame : frames_of(dump)) proof.add(frame.bytes);
  EXPECT_TRUE(proof.holds());
}

}  // namespace
}  // namespace greffe::intake
