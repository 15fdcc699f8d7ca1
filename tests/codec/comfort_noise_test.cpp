#include "codec/comfort_noise.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <gtest/gtest.h>

#include <cmath>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

double dbov(std::span<const float> samples) {
  double energy = 0;
  for (const float sample : samples) energy += double{sample} * sample;
  return 10 * std::log10(energy / static_cast<double>(samples.size()));
}

// Of neighbours, or samples `lag` apart: 0 of white noise.
double correlation(std::span<const float> samples, std::size_t lag = 1) {
  double energy = 0, product = 0;
  for (std::size_t i = lag; i < samples.size(); ++i) {
    energy += double{samples[i]} * samples[i];
    product += double{samples[i]} * samples[i - lag];
  }
  return product / energy;
}

std::vector<float> noise_of(const media::ComfortNoise& noise) {
  NoiseGenerator generator;
  generator.set(noise);
  std::vector<float> samples(80'000);
  generator.fill(samples);
  return samples;
}

TEST(NoiseGenerator, R22_IsAsLoudAsThePacketSays) {
  for (const int level : {20, 40, 60, 78}) {
    const auto white = noise_of({static_cast<std::uint8_t>(level), {}});
    EXPECT_NEAR(dbov(white), -level, 0.2);
    EXPECT_NEAR(correlation(white), 0, 0.02);
  }
  EXPECT_EQ(noise_of({127, {}}), std::vector<float>(80'000));
}

TEST(NoiseGenerator, R22_IsAsLoudWhateverItsShape) {
  for (const std::vector<std::uint8_t>& shape :
       {std::vector<std::uint8_t>{64}, {190}, {40, 160}, {60, 150, 110, 140, 127, 120, 130, 127, 127, 127}})
    EXPECT_NEAR(dbov(noise_of({45, shape})), -45, 0.7);
  // What is nearly a tone stays within bounds, too.
  for (const float sample : noise_of({20, {0, 254, 0, 255}})) ASSERT_LE(std::abs(sample), 1.0F);
}

TEST(NoiseGenerator, ReflectionShapesIt) {
  EXPECT_NEAR(correlation(noise_of({40, {64}})), 258.0 * 63 / 32768, 0.03);
  EXPECT_NEAR(correlation(noise_of({40, {190}})), -258.0 * 63 / 32768, 0.03);
}

// Noise of the same packet, as libavcodec's decoder of comfort noise makes it.
std::vector<float> others_noise_of(const media::ComfortNoise& noise) {
  const AvContext context(avcodec_alloc_context3(avcodec_find_decoder_by_name("comfortnoise")));
  context->sample_rate = 8000;
  av_channel_layout_default(&context->ch_layout, 1);
  const AvPacket packet(av_packet_alloc());
  const AvFrame frame(av_frame_alloc());
  std::vector<std::uint8_t> payload{noise.level};
  payload.insert(payload.end(), noise.reflection.begin(), noise.reflection.end());
  std::vector<float> samples;
  if (avcodec_open2(context.get(), nullptr, nullptr) < 0) return samples;
  for (int i = 0; i < 200; ++i) {
    if (av_new_packet(packet.get(), static_cast<int>(payload.size())) < 0) return samples;
    std::copy(payload.begin(), payload.end(), packet->data);
    avcodec_send_packet(context.get(), packet.get());
    av_packet_unref(packet.get());
    while (avcodec_receive_frame(context.get(), frame.get()) >= 0) {
      const auto* const given = reinterpret_cast<const std::int16_t*>(frame->data[0]);
      // It goes over to new noise bit by bit.
      for (int k = 0; i >= 50 && k < frame->nb_samples; ++k)
        samples.push_back(static_cast<float>(given[k]) / 32768);
    }
  }
  return samples;
}

TEST(NoiseGenerator, R22_HasTheShapeThatAnotherDecoderGivesIt) {
  for (const std::vector<std::uint8_t>& shape : {std::vector<std::uint8_t>{64},
                                                 {190},
                                                 {127, 64},
                                                 {60, 150},
                                                 {170, 100, 140},
                                                 {40, 160, 110, 140, 127, 120, 130, 125, 129, 127}}) {
    const auto ours = noise_of({40, shape});
    const auto others = others_noise_of({40, shape});
    ASSERT_GT(others.size(), 50'000U);
    for (std::size_t lag = 1; lag <= 6; ++lag)
      EXPECT_NEAR(correlation(ours, lag), correlation(others, lag), 0.03) << lag << " of " << int{shape[0]};
  }
}

TEST(NoiseGenerator, IsTheSameEachTimeInAnyPieces) {
  const auto whole = noise_of({30, {64, 140}});
  NoiseGenerator generator;
  generator.set({30, {64, 140}});
  std::vector<float> pieces(whole.size());
  for (std::size_t at = 0; at < pieces.size(); at += 37)
    generator.fill(std::span(pieces).subspan(at, std::min<std::size_t>(37, pieces.size() - at)));
  EXPECT_EQ(pieces, whole);
}

}  // namespace
}  // namespace greffe::codec
