#include <gtest/gtest.h>
#include <malloc.h>
#include <sched.h>

#include <cmath>
#include <thread>

#include "codec/video_decoder.h"
#include "codec/video_encoder.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "support/nal_writer.h"

namespace greffe::codec {
namespace {

using media::CodecId;

// A picture whose luma moves with `step`, in memory of its own.
media::Picture moving_picture(int width, int height, int step) {
  auto pixels = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width * height * 3 / 2),
                                                            std::uint8_t{128});
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      (*pixels)[static_cast<std::size_t>(y * width + x)] =
          static_cast<std::uint8_t>(40 + (x * 3 + y * 5 + step * 7) % 160);
  media::Picture picture;
  picture.size = {width, height};
  picture.y = {pixels->data(), width, width, height};
  picture.u = {pixels->data() + width * height, width / 2, width / 2, height / 2};
  picture.v = {picture.u.pixels + width * height / 4, width / 2, width / 2, height / 2};
  picture.keeper = pixels;
  return picture;
}

std::vector<media::CodedFrame> film_of(CodecId codec, int width, int height, int pictures,
                                       int key_interval = 250) {
  std::vector<media::CodedFrame> film;
  auto encoder = VideoEncoder::open({codec, {width, height}, {25, 1}, 300'000, key_interval});
  EXPECT_TRUE(encoder) << encoder.error().message();
  const auto keep = [&](Result<std::vector<media::CodedFrame>> frames) {
    ASSERT_TRUE(frames) << frames.error().message();
    for (auto& frame : *frames) film.push_back(std::move(frame));
  };
  for (int i = 0; i < pictures; ++i)
    keep(encoder->encode(moving_picture(width, height, i), {{{0, 0, width, height}}}));
  keep(encoder->finish());
  return film;
}

// What a decoder is told ahead of a film's frames.
std::vector<std::uint8_t> private_of(CodecId codec, int width, int height, int key_interval = 250) {
  auto encoder = VideoEncoder::open({codec, {width, height}, {25, 1}, 300'000, key_interval});
  EXPECT_TRUE(encoder) << encoder.error().message();
  return encoder ? encoder->codec_private() : std::vector<std::uint8_t>{};
}

class VideoCodec : public testing::TestWithParam<CodecId> {};
INSTANTIATE_TEST_SUITE_P(Codecs, VideoCodec,
                         testing::Values(CodecId::Vp8, CodecId::Vp9, CodecId::H264, CodecId::Av1),
                         [](const auto& codec) { return std::string(media::facts_of(codec.param).name); });

TEST_P(VideoCodec, EveryPictureComesBack) {
  auto decoder = VideoDecoder::open(GetParam(), private_of(GetParam(), 320, 180));
  ASSERT_TRUE(decoder) << decoder.error().message();
  const auto film = film_of(GetParam(), 320, 180, 30, 10);
  ASSERT_EQ(film.size(), 30u);
  for (std::size_t i = 0; i < film.size(); ++i) {
    EXPECT_EQ(film[i].ticks, static_cast<std::int64_t>(i));
    EXPECT_TRUE(film[i].key || i % 10 != 0);
    const auto picture = decoder->decode(film[i].bytes, film[i].key);
    ASSERT_TRUE(picture) << i;
    EXPECT_EQ(picture->size, (media::PictureSize{320, 180}));
    EXPECT_NEAR(picture->y.pixels[90 * picture->y.stride + 40],
                40 + (40 * 3 + 90 * 5 + static_cast<int>(i) * 7) % 160, 90);
  }
}

TEST_P(VideoCodec, SamePicturesGiveTheSameBytes) {
  const auto first = film_of(GetParam(), 640, 360, 20);
  const auto second = film_of(GetParam(), 640, 360, 20);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].bytes, second[i].bytes) << i;
}

// In pictures of this width x264's code for AVX-512 reads past the end of a row of macroblocks.
TEST_P(VideoCodec, BytesDoNotDependOnWhatMemoryHeldBefore) {
  const auto film = film_of(GetParam(), 176, 144, 20);
  for (const int perturbation : {1, 2, 85, 254}) {
    // Each byte that malloc gives is then this number's complement.
    mallopt(M_PERTURB, perturbation);
    const auto again = film_of(GetParam(), 176, 144, 20);
    mallopt(M_PERTURB, 0);
    ASSERT_EQ(film.size(), again.size());
    for (std::size_t i = 0; i < film.size(); ++i)
      ASSERT_TRUE(film[i].bytes == again[i].bytes) << i << " with " << perturbation;
  }
}

TEST_P(VideoCodec, R30_NothingIsShownBeforeAKeyFrame) {
  const auto film = film_of(GetParam(), 320, 180, 12, 10);
  auto decoder = VideoDecoder::open(GetParam(), private_of(GetParam(), 320, 180));
  for (std::size_t i = 1; i < 10; ++i) EXPECT_FALSE(decoder->decode(film[i].bytes, film[i].key));
  EXPECT_EQ(decoder->skipped_frames(), 9u);
  EXPECT_TRUE(decoder->decode(film[10].bytes, film[10].key));
}

TEST_P(VideoCodec, R36_AnErrorHoldsUntilTheNextKeyFrame) {
  const auto film = film_of(GetParam(), 320, 180, 22, 10);
  auto decoder = VideoDecoder::open(GetParam(), private_of(GetParam(), 320, 180));
  const std::vector<std::uint8_t> broken{0xff};
  EXPECT_TRUE(decoder->decode(film[0].bytes, true));
  EXPECT_FALSE(decoder->decode(broken, true));
  EXPECT_FALSE(decoder->decode(film[2].bytes, film[2].key));
  EXPECT_EQ(decoder->failed_frames(), 1u);
  EXPECT_TRUE(decoder->decode(film[10].bytes, film[10].key));
}

TEST_P(VideoCodec, AllChunksOfAFilmHaveOneCodecPrivate) {
  EXPECT_EQ(private_of(GetParam(), 320, 180, 250), private_of(GetParam(), 320, 180, 1));
}

TEST(VideoEncoder, Ffv1HoldsEachPictureByItself) {
  const auto film = film_of(CodecId::Ffv1, 320, 180, 4), again = film_of(CodecId::Ffv1, 320, 180, 4);
  ASSERT_EQ(film.size(), 4u);
  for (std::size_t i = 0; i < film.size(); ++i) {
    EXPECT_TRUE(film[i].key);
    EXPECT_EQ(film[i].bytes, again[i].bytes);
  }
  EXPECT_FALSE(private_of(CodecId::Ffv1, 320, 180).empty());
}

// What makes AV1 chunks the same on each machine.
TEST(VideoEncoder, Av1GivesTheSameBytesForAnyNumberOfProcessors) {
  cpu_set_t all, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  const auto film = film_of(CodecId::Av1, 640, 360, 40);
  CPU_ZERO(&one);
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &all)) CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  const auto alone = film_of(CodecId::Av1, 640, 360, 40);
  ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
  ASSERT_EQ(film.size(), alone.size());
  for (std::size_t i = 0; i < film.size(); ++i) EXPECT_EQ(film[i].bytes, alone[i].bytes) << i;
}

TEST_P(VideoCodec, IsClosedInPeaceInTheMiddle) {
  for (int pictures = 0; pictures < 60; pictures += 29) {
    auto encoder = VideoEncoder::open({GetParam(), {320, 180}, {25, 1}});
    ASSERT_TRUE(encoder);
    for (int i = 0; i < pictures; ++i)
      ASSERT_TRUE(encoder->encode(moving_picture(320, 180, i), {{{0, 0, 320, 180}}}));
  }
}

// As chunks are: SVT-AV1 crashed when one encoder was opened while another was.
TEST(VideoEncoder, Av1EncodersSideBySideGiveTheSameBytes) {
  const auto alone = film_of(CodecId::Av1, 320, 180, 12);
  std::vector<std::vector<media::CodedFrame>> films(12);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 4; ++i)
      threads.emplace_back([&, at = static_cast<std::size_t>(round) * 4 + i] {
        static_cast<void>(private_of(CodecId::Av1, 320, 180));
        films[at] = film_of(CodecId::Av1, 320, 180, 12);
      });
  }
  for (const auto& film : films) {
    ASSERT_EQ(film.size(), alone.size());
    for (std::size_t i = 0; i < film.size(); ++i) EXPECT_EQ(film[i].bytes, alone[i].bytes);
  }
}

TEST(VideoEncoder, RefusesWhatIsNoCodecOfFilms) {
  EXPECT_FALSE(VideoEncoder::open({CodecId::H265, {320, 180}, {25, 1}}));
  EXPECT_FALSE(VideoEncoder::open({CodecId::H264, {321, 180}, {25, 1}}));
}

TEST(VideoDecoder, R33_GiantSizesAreRefusedBeforeTheDecoder) {
  // A VP8 key frame that says 16383x16383.
  const std::vector<std::uint8_t> giant{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0xff,
                                        0x3f, 0xff, 0x3f, 0,    0,    0,    0};
  EXPECT_EQ(vp8_key_frame_size(giant), (media::PictureSize{16383, 16383}));
  auto decoder = VideoDecoder::open(CodecId::Vp8);
  EXPECT_FALSE(decoder->decode(giant, true));
  EXPECT_EQ(decoder->refused_sizes(), 1u);
}

TEST(VideoDecoder, FramesThatItCannotTakeAreCounted) {
  const auto film = film_of(CodecId::Vp8, 64, 48, 3);
  auto decoder = VideoDecoder::open(CodecId::Vp8);
  ASSERT_TRUE(decoder);
  EXPECT_TRUE(decoder->decode(film[0].bytes, true));
  EXPECT_FALSE(decoder->decode({}, false));
  EXPECT_EQ(decoder->failed_frames(), 1u);
  EXPECT_TRUE(decoder->decode(film[1].bytes, false)) << "nothing was in what was empty";
  EXPECT_FALSE(decoder->decode(std::vector<std::uint8_t>((64u << 20) + 1), false));
  EXPECT_EQ(decoder->failed_frames(), 2u);
  EXPECT_FALSE(decoder->decode(film[2].bytes, false));
  EXPECT_EQ(decoder->skipped_frames(), 1u);
}

TEST(VideoDecoder, R33_GiantParameterSetsAreRefusedBeforeTheDecoder) {
  const auto sps = test::h264_sps(), giant = test::h264_sps({.width_mbs = 4096, .height_mbs = 4096});
  const auto facts = media::parse_h264_sps(sps);
  ASSERT_TRUE(facts);
  const auto avcc = media::avcc_of(*facts, {sps}, {test::h264_pps()});
  auto decoder = VideoDecoder::open(CodecId::H264, avcc);
  ASSERT_TRUE(decoder) << decoder.error().message();
  EXPECT_FALSE(decoder->decode(test::length_prefixed({giant, test::h264_slice({.key = true})}), true));
  EXPECT_EQ(decoder->refused_sizes(), 1u);
  EXPECT_FALSE(VideoDecoder::open(CodecId::H264, media::avcc_of(*facts, {sps, giant}, {})));

  const auto sps5 = test::h265_sps(), giant5 = test::h265_sps({.width = 65536, .height = 65536});
  const auto facts5 = media::parse_h265_sps(sps5);
  ASSERT_TRUE(facts5);
  auto decoder5 = VideoDecoder::open(CodecId::H265,
                                     media::hvcc_of(*facts5, {test::h265_vps()}, {sps5}, {test::h265_pps()}));
  ASSERT_TRUE(decoder5) << decoder5.error().message();
  EXPECT_FALSE(decoder5->decode(test::length_prefixed({giant5, test::h265_slice({.type = 19})}), true));
  EXPECT_EQ(decoder5->refused_sizes(), 1u);
  EXPECT_FALSE(VideoDecoder::open(CodecId::H265, media::hvcc_of(*facts5, {}, {giant5}, {})));
}

TEST(DeclaredSize, IsTheLargestOfAFrameAndFailsWhereUnitsRunPastItsEnd) {
  const auto frame = test::length_prefixed({test::h264_sps(), test::h264_sps({.id = 1, .width_mbs = 40})});
  EXPECT_EQ(declared_size(CodecId::H264, frame, true), (media::PictureSize{640, 240}));
  EXPECT_EQ(declared_size(CodecId::H264, test::length_prefixed({test::h264_slice({})}), false), std::nullopt);
  for (std::size_t length = 1; length < frame.size(); ++length) {
    if (length != test::length_prefixed({test::h264_sps()}).size()) {
      EXPECT_FALSE(declared_size(CodecId::H264, Bytes(frame).first(length), true)) << length;
    }
  }
}

TEST(VideoDecoder, R33_GiantVp9SizesAreRefusedBeforeTheDecoder) {
  // Frame marker, profile 0, key frame, shown; sync code; colours; 16384 by 16384.
  const std::vector<std::uint8_t> giant = {0x82, 0x49, 0x83, 0x42, 0x23, 0xff, 0xf3, 0xff, 0xf0, 0x00};
  auto decoder = VideoDecoder::open(CodecId::Vp9);
  EXPECT_FALSE(decoder->decode(giant, true));
  EXPECT_EQ(decoder->refused_sizes(), 1u);
}

// The layers of one VP9 picture come as one piece (Annex B of the VP9 specification) and give one picture.
TEST(VideoDecoder, R46_TheLastPictureOfASuperframeIsShown) {
  const auto small = film_of(CodecId::Vp9, 320, 180, 1), large = film_of(CodecId::Vp9, 640, 360, 1);
  std::vector<std::uint8_t> both = small[0].bytes;
  both.insert(both.end(), large[0].bytes.begin(), large[0].bytes.end());
  std::vector<std::uint8_t> index = {0xd1};  // 3 bytes a size, 2 frames
  for (const std::size_t size : {small[0].bytes.size(), large[0].bytes.size()})
    for (const int shift : {0, 8, 16}) index.push_back(static_cast<std::uint8_t>(size >> shift));
  index.push_back(0xd1);
  both.insert(both.end(), index.begin(), index.end());
  auto decoder = VideoDecoder::open(CodecId::Vp9);
  for (int times = 0; times < 3; ++times) {
    const auto picture = decoder->decode(both, true);
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->size, (media::PictureSize{640, 360}));
  }
  EXPECT_EQ(decoder->failed_frames(), 0u);
}

TEST(VideoDecoder, R35_ScalingBitsAreNoSize) {
  const std::vector<std::uint8_t> scaled{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x41, 0xf0, 0x80};
  EXPECT_EQ(vp8_key_frame_size(scaled), (media::PictureSize{320, 240}));
  for (std::size_t length = 0; length < scaled.size(); ++length)
    EXPECT_FALSE(vp8_key_frame_size(Bytes(scaled).first(length))) << length;
}

TEST(VideoEncoder, RefusesPicturesOfAnotherSize) {
  auto encoder = VideoEncoder::open({CodecId::Vp8, {320, 180}, {25, 1}, 0, 250});
  ASSERT_TRUE(encoder);
  EXPECT_FALSE(encoder->encode(moving_picture(640, 360, 0), {}));
  EXPECT_FALSE(VideoEncoder::open({CodecId::Opus, {320, 180}, {25, 1}, 0, 250}));
  EXPECT_FALSE(VideoEncoder::open({CodecId::Vp8, {321, 180}, {25, 1}, 0, 250}));
}

std::vector<std::uint8_t> luma_of(const media::Picture& picture) {
  std::vector<std::uint8_t> luma;
  for (int y = 0; y < picture.y.height_px; ++y) {
    const std::uint8_t* row = picture.y.pixels + y * picture.y.stride;
    luma.insert(luma.end(), row, row + picture.y.width_px);
  }
  return luma;
}

// show_existing_frame, VP9 specification §6.2; what follows must be read as if nothing had been between.
TEST(VideoEncoder, AnUnchangedPictureOfVp9IsOneByteThatShowsTheLastAgain) {
  auto encoder = VideoEncoder::open({CodecId::Vp9, {320, 180}, {25, 1}, 300'000, 250});
  auto all = VideoDecoder::open(CodecId::Vp9), without = VideoDecoder::open(CodecId::Vp9);
  ASSERT_TRUE(encoder && all && without);
  const std::vector<PixelRect> whole{{0, 0, 320, 180}};
  std::vector<std::uint8_t> last;
  for (int i = 0; i < 60; ++i) {
    const bool same = i % 5 > 2 || (i > 20 && i < 30);
    const auto frames = encoder->encode(moving_picture(320, 180, i), same ? std::vector<PixelRect>{} : whole);
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->size(), 1u);
    const media::CodedFrame& frame = frames->front();
    EXPECT_EQ(frame.ticks, i);
    EXPECT_EQ(frame.duration_ticks, 1);
    const auto picture = all->decode(frame.bytes, frame.key);
    ASSERT_TRUE(picture) << i;
    if (same) {
      EXPECT_EQ(frame.bytes.size(), 1u);
      EXPECT_FALSE(frame.key);
      EXPECT_EQ(luma_of(*picture), last) << i;
    } else {
      last = luma_of(*picture);
      const auto alone = without->decode(frame.bytes, frame.key);
      ASSERT_TRUE(alone) << i;
      EXPECT_EQ(luma_of(*alone), last) << i;
    }
  }
  EXPECT_EQ(all->failed_frames(), 0u);
}

// Lines of little marks, others for each `number`.
media::Picture slide(int width, int height, unsigned number) {
  media::Picture picture = moving_picture(width, height, 0);
  auto* pixels = const_cast<std::uint8_t*>(picture.y.pixels);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const unsigned mark = static_cast<unsigned>(x / 3 * 7919 + y / 4 * 104'729) * (2 * number + 1);
      pixels[y * width + x] = y % 12 < 8 && (mark >> 4 & 3) == 0 ? 30 : 225;
    }
  return picture;
}

double psnr_of(const media::Picture& decoded, const media::Picture& meant) {
  double sum = 0;
  for (int y = 0; y < meant.size.height_px; ++y)
    for (int x = 0; x < meant.size.width_px; ++x) {
      const double difference =
          decoded.y.pixels[y * decoded.y.stride + x] - meant.y.pixels[y * meant.y.stride + x];
      sum += difference * difference;
    }
  return 10 * std::log10(255.0 * 255 * meant.size.width_px * meant.size.height_px / std::max(sum, 1.0));
}

// A picture that has to fit into the share of one picture is coded badly; once it stands still it is coded
// again.
TEST(VideoEncoder, WhatStandsStillInVp9BecomesGoodAndIsThenRepeated) {
  constexpr int Width = 640, Height = 360;
  auto encoder = VideoEncoder::open({CodecId::Vp9, {Width, Height}, {25, 1}, 500'000, 250});
  auto decoder = VideoDecoder::open(CodecId::Vp9);
  ASSERT_TRUE(encoder && decoder);
  const std::vector<PixelRect> whole{{0, 0, Width, Height}};
  std::vector<std::size_t> bytes;
  for (int i = 0; i < 200; ++i) {
    const unsigned number = i < 60 ? 0 : i < 64 ? 1 : i < 150 ? 2 : 3;
    const bool changes = i == 0 || i == 60 || i == 64 || i == 150;
    const media::Picture meant = slide(Width, Height, number);
    const auto frames = encoder->encode(meant, changes ? whole : std::vector<PixelRect>{});
    ASSERT_TRUE(frames);
    bytes.push_back(frames->front().bytes.size());
    const auto decoded = decoder->decode(frames->front().bytes, frames->front().key);
    ASSERT_TRUE(decoded) << i;
    if (i == 59 || i == 149 || i == 199) {
      EXPECT_GT(psnr_of(*decoded, meant), 29) << i;
    }
  }
  for (const std::size_t i : {58U, 59U, 148U, 149U, 198U, 199U}) EXPECT_EQ(bytes[i], 1U) << i;
}

TEST(VideoEncoder, AFirstPictureIsCodedWhateverIsSaidToHaveChanged) {
  for (const CodecId codec : {CodecId::Vp8, CodecId::Vp9}) {
    auto encoder = VideoEncoder::open({codec, {320, 180}, {25, 1}, 300'000, 250});
    ASSERT_TRUE(encoder);
    const auto frames = encoder->encode(moving_picture(320, 180, 0), {});
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->size(), 1u);
    EXPECT_TRUE(frames->front().key);
    EXPECT_GT(frames->front().bytes.size(), 100u);
  }
}

TEST(VideoEncoder, DefaultBitrateGrowsWithSize) {
  EXPECT_EQ(default_bitrate_bps(CodecId::Vp8, {1280, 720}, {25, 1}), 1'500'000);
  EXPECT_EQ(default_bitrate_bps(CodecId::Vp9, {1280, 720}, {25, 1}), 1'000'000);
  EXPECT_LT(default_bitrate_bps(CodecId::Vp8, {640, 360}, {25, 1}), 600'000);
}

}  // namespace
}  // namespace greffe::codec
