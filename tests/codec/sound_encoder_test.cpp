#include "codec/sound_encoder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "codec/audio_decoder.h"

namespace greffe::codec {
namespace {

using media::CodecId;

constexpr std::int64_t Length = 48'000 + 777;  // no whole number of packets of any codec

std::vector<float> tone(std::int64_t from, std::int64_t count) {
  std::vector<float> stereo;
  for (std::int64_t i = from; i < from + count; ++i) {
    const auto value =
        static_cast<float>(0.5 * std::sin(2 * 3.14159265 * 440 * static_cast<double>(i) / 48'000));
    stereo.insert(stereo.end(), {value, i >= 24'000 ? value : 0.0F});
  }
  return stereo;
}

std::vector<SoundFrame> packets_of(CodecId codec, std::int64_t step) {
  auto encoder = SoundEncoder::create(codec, default_sound_bitrate_bps(codec));
  EXPECT_TRUE(encoder) << encoder.error().message();
  std::vector<SoundFrame> packets;
  const auto keep = [&](Result<std::vector<SoundFrame>> some) {
    ASSERT_TRUE(some) << some.error().message();
    for (SoundFrame& packet : *some) packets.push_back(std::move(packet));
  };
  for (std::int64_t at = 0; at < Length; at += step)
    keep((*encoder)->encode(tone(at, std::min(step, Length - at))));
  keep((*encoder)->finish());
  return packets;
}

class SoundCodec : public testing::TestWithParam<CodecId> {};
INSTANTIATE_TEST_SUITE_P(Codecs, SoundCodec, testing::Values(CodecId::Opus, CodecId::Aac, CodecId::Flac),
                         [](const auto& codec) { return std::string(media::facts_of(codec.param).name); });

TEST_P(SoundCodec, PacketsFollowEachOtherFromTheLookaheadToTheEnd) {
  auto encoder = SoundEncoder::create(GetParam(), default_sound_bitrate_bps(GetParam()));
  ASSERT_TRUE(encoder);
  EXPECT_FALSE((*encoder)->codec_private().empty());
  std::int64_t next = -(*encoder)->lookahead();
  for (const SoundFrame& packet : packets_of(GetParam(), 9600)) {
    EXPECT_EQ(packet.first_sample, next);
    EXPECT_GT(packet.length, 0);
    next += packet.length;
  }
  EXPECT_GE(next, Length);
  EXPECT_LT(next, Length + 4608);
}

TEST_P(SoundCodec, BlocksOfAnyLengthGiveTheSameBytes) {
  const auto first = packets_of(GetParam(), 9600), second = packets_of(GetParam(), 331);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].bytes, second[i].bytes) << i;
}

// The right channel begins half a second in: there, lookahead counted, a decoder has it.
TEST(SoundEncoder, AacComesBackWhereItWas) {
  auto encoder = SoundEncoder::create(CodecId::Aac, 128'000);
  ASSERT_TRUE(encoder);
  media::AudioFormat format;
  format.codec = CodecId::Aac;
  format.clock = {48'000};
  format.channels = 2;
  const auto head = (*encoder)->codec_private();
  auto decoder = make_audio_decoder(format, head);
  ASSERT_TRUE(decoder) << decoder.error().message();
  std::vector<float> right;
  for (const SoundFrame& packet : packets_of(CodecId::Aac, 9600)) {
    const auto block = (*decoder)->decode(packet.bytes);
    ASSERT_TRUE(block) << block.error().message();
    for (std::size_t i = 1; i < block->samples.size(); i += 2) right.push_back(block->samples[i]);
  }
  const auto begins =
      std::find_if(right.begin(), right.end(), [](float value) { return std::abs(value) > 0.2F; });
  EXPECT_NEAR(static_cast<double>(begins - right.begin()), 24'000 + (*encoder)->lookahead(), 240);
}

TEST(SoundEncoder, RefusesWhatIsNoCodecOfFilms) {
  EXPECT_FALSE(SoundEncoder::create(CodecId::Pcmu, 64'000));
  EXPECT_FALSE(SoundEncoder::create(CodecId::Opus, -7));
}

}  // namespace
}  // namespace greffe::codec
