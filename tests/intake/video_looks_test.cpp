#include "intake/video_looks.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "support/nal_writer.h"
#include "support/packets.h"

namespace greffe::intake {
namespace {

std::size_t count_known(test::ListedPackets packets, media::CodecId codec) {
  std::size_t known = 0;
  for (;;) {
    const auto packet = packets.next();
    if (!packet || !*packet) return known;
    const auto found = codec_of_parameter_sets((*packet)->parsed.packet.payload);
    EXPECT_TRUE(!found || *found == codec);
    known += found.has_value();
  }
}

TEST(VideoLooks, KeyFramesOfRealSendersAreKnown) {
  EXPECT_EQ(count_known(test::mjr_packets(test::fixture("h265/camera.mjr")), media::CodecId::H265), 3u);
  const auto h264 = test::find_sample("h264/videoroom-4100-user-102-1795181201404085-video-1.mjr");
  if (h264.empty()) GTEST_SKIP() << "no samples";
  EXPECT_EQ(count_known(test::mjr_packets(h264), media::CodecId::H264), 3u);
}

TEST(VideoLooks, OtherCodecsShowNoParameterSets) {
  const char* const others[] = {"council/videoroom-4100-user-101-1795175924651795-video-1.mjr",
                                "codecs/videoroom-4100-user-101-1795175794104520-video-1.mjr",
                                "svc/videoroom-4100-user-101-1795181264995716-video-1.mjr",
                                "av1/videoroom-4100-user-101-1795181231886047-video-1.mjr",
                                "lossy/videoroom-4100-user-101-1795175750684015-audio-0.mjr",
                                "h264/videoroom-4100-user-101-1795181201402518-audio-0.mjr"};
  for (const char* name : others) {
    const auto path = test::find_sample(name);
    if (path.empty()) GTEST_SKIP() << "no samples";
    EXPECT_EQ(count_known(test::mjr_packets(path), media::CodecId::Unknown), 0u) << name;
  }
}

TEST(VideoLooks, SingleUnitsAreKnownAndPrefixesAreSafe) {
  EXPECT_EQ(codec_of_parameter_sets(test::h264_sps()), media::CodecId::H264);
  EXPECT_EQ(codec_of_parameter_sets(test::h265_sps()), media::CodecId::H265);
  EXPECT_EQ(codec_of_parameter_sets(test::h264_sps({.width_mbs = 4096})), std::nullopt);
  EXPECT_EQ(codec_of_parameter_sets(test::h264_pps()), std::nullopt);
  for (const test::Octets& unit : {test::h264_sps(), test::h265_sps()})
    for (std::size_t length = 0; length < 8; ++length)
      EXPECT_EQ(codec_of_parameter_sets(Bytes(unit).first(length)), std::nullopt) << length;
}

TEST(VideoLooks, ChanceDoesNotLookSo) {
  std::mt19937 chance(6184);
  std::size_t known = 0;
  for (int i = 0; i < 200'000; ++i) {
    test::Octets payload(100);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(chance());
    known += codec_of_parameter_sets(payload).has_value();
  }
  EXPECT_LE(known, 2u);
}

}  // namespace
}  // namespace greffe::intake
