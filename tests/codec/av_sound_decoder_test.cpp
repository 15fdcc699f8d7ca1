#include <gtest/gtest.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <cmath>

#include "codec/audio_decoder.h"
#include "codec/av_owner.h"
#include "codec/av_sound_decoder.h"

namespace greffe::codec {
namespace {

struct Coded {
  std::vector<std::uint8_t> codec_private;
  std::vector<std::vector<std::uint8_t>> packets;
};

// Half a second of 1 kHz in the first channel and silence in the others, by libavcodec's encoder of AAC.
Coded aac_of(int rate, int channels) {
  AvContext context(avcodec_alloc_context3(avcodec_find_encoder_by_name("aac")));
  context->sample_rate = rate;
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->bit_rate = 128'000;
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  av_channel_layout_default(&context->ch_layout, channels);
  EXPECT_EQ(avcodec_open2(context.get(), nullptr, nullptr), 0);
  Coded coded;
  coded.codec_private.assign(context->extradata, context->extradata + context->extradata_size);
  AvPacket packet(av_packet_alloc());
  for (int start = 0; start < rate / 2; start += context->frame_size) {
    AvFrame frame(av_frame_alloc());
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = rate;
    frame->nb_samples = context->frame_size;
    av_channel_layout_copy(&frame->ch_layout, &context->ch_layout);
    EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
    for (int channel = 0; channel < channels; ++channel) {
      auto* const samples = reinterpret_cast<float*>(frame->extended_data[channel]);
      for (int i = 0; i < frame->nb_samples; ++i)
        samples[i] = channel > 0 ? 0.0F
                                 : 0.5F * std::sin(6.2831853F * 1000 * static_cast<float>(start + i) /
                                                   static_cast<float>(rate));
    }
    EXPECT_EQ(avcodec_send_frame(context.get(), frame.get()), 0);
    while (avcodec_receive_packet(context.get(), packet.get()) == 0) {
      coded.packets.emplace_back(packet->data, packet->data + packet->size);
      av_packet_unref(packet.get());
    }
  }
  return coded;
}

media::AudioFormat format(std::uint32_t rate, int channels, media::CodecId codec = media::CodecId::Aac) {
  return {.codec = codec, .clock = {rate}, .channels = channels};
}

float loudest(const media::AudioBlock& block, int channel) {
  float peak = 0;
  for (std::size_t i = static_cast<std::size_t>(channel); i < block.samples.size();
       i += static_cast<std::size_t>(block.channels))
    peak = std::max(peak, std::abs(block.samples[i]));
  return peak;
}

TEST(AvSoundDecoder, APacketOfAacIs1024SamplesOfItsRate) {
  const Coded coded = aac_of(44'100, 2);
  auto decoder = make_audio_decoder(format(44'100, 2), coded.codec_private);
  ASSERT_TRUE(decoder) << decoder.error().message();
  EXPECT_EQ((*decoder)->sample_rate_hz(), 44'100u);
  ASSERT_GT(coded.packets.size(), 10u);
  for (std::size_t i = 0; i < coded.packets.size(); ++i) {
    const auto block = (*decoder)->decode(coded.packets[i]);
    ASSERT_TRUE(block) << block.error().message();
    EXPECT_EQ(block->length(), 1024u);
    if (i != 10) continue;
    EXPECT_NEAR(loudest(*block, 0), 0.5F, 0.05F);
    EXPECT_LT(loudest(*block, 1), 0.02F);
  }
  EXPECT_EQ((*decoder)->conceal(480, {}).length(), 480u);
}

TEST(AvSoundDecoder, MoreChannelsAreMixedDown) {
  const Coded coded = aac_of(48'000, 6);
  for (const int channels : {1, 2}) {
    auto decoder = make_audio_decoder(format(48'000, channels), coded.codec_private);
    ASSERT_TRUE(decoder);
    media::AudioBlock block;
    for (std::size_t i = 0; i <= 10; ++i) block = (*decoder)->decode(coded.packets[i]).value();
    EXPECT_EQ(block.channels, channels);
    EXPECT_EQ(block.length(), 1024u);
    EXPECT_GT(loudest(block, 0), 0.05F);
    EXPECT_LT(loudest(block, 0), 0.5F);
  }
}

TEST(AvSoundDecoder, AFileThatNamesAnotherRateKeepsItsTime) {
  const Coded coded = aac_of(48'000, 1);
  for (const std::uint32_t rate : {24'000u, 96'000u}) {
    auto decoder = make_audio_decoder(format(rate, 1), coded.codec_private);
    ASSERT_TRUE(decoder);
    EXPECT_EQ((*decoder)->decode(coded.packets[0]).value().length(), 1024 * rate / 48'000);
  }
  auto decoder = make_audio_decoder(format(44'100, 1), coded.codec_private);
  ASSERT_TRUE(decoder);
  EXPECT_FALSE((*decoder)->decode(coded.packets[0]));
}

TEST(AvSoundDecoder, MalformedPacketsFailAndTheNextIsHeard) {
  const Coded coded = aac_of(48'000, 2);
  auto decoder = make_audio_decoder(format(48'000, 2), coded.codec_private);
  ASSERT_TRUE(decoder);
  EXPECT_FALSE((*decoder)->decode({}));
  const auto& packet = coded.packets[5];
  for (std::size_t length = 1; length < packet.size(); ++length) {
    const auto block = (*decoder)->decode(Bytes(packet).first(length));
    EXPECT_TRUE(!block || block->length() <= 1024);
  }
  EXPECT_TRUE((*decoder)->decode(packet));
}

TEST(AvSoundDecoder, SaysWhatAPacketMakes) {
  for (const int channels : {1, 2, 6}) {
    const Coded coded = aac_of(24'000, channels);
    const auto made = sound_made_of_aac(coded.packets[0], coded.codec_private);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->sample_rate_hz, 24'000u);
    EXPECT_EQ(made->channels, std::min(channels, 2));
    for (std::size_t length = 0; length < coded.packets[0].size(); ++length)
      sound_made_of_aac(Bytes(coded.packets[0]).first(length), coded.codec_private);
    EXPECT_FALSE(sound_made_of_aac({}, coded.codec_private));
  }
}

TEST(AvSoundDecoder, RefusesWhatMakesNoSense) {
  EXPECT_FALSE(make_audio_decoder(format(0, 2)));
  EXPECT_FALSE(make_audio_decoder(format(48'000, 3)));
  EXPECT_FALSE(make_audio_decoder(format(48'000, 2, media::CodecId::Vorbis)));
  const std::vector<std::uint8_t> nonsense{2, 1, 1, 7, 7, 7};
  EXPECT_FALSE(make_audio_decoder(format(48'000, 2, media::CodecId::Vorbis), nonsense));
}

}  // namespace
}  // namespace greffe::codec
