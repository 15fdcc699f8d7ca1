#include "codec/audio_decoder.h"

#include <gtest/gtest.h>
#include <opus/opus_multistream.h>

#include <cmath>
#include <numbers>

#include "codec/opus_encoder.h"

namespace greffe::codec {
namespace {

using media::CodecId;

std::vector<float> tone(double frequency_hz, std::size_t length, double rate_hz, int channels = 1) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < length; ++i)
    for (int c = 0; c < channels; ++c)
      samples.push_back(static_cast<float>(
          0.5 * std::sin(2 * std::numbers::pi * frequency_hz * static_cast<double>(i) / rate_hz)));
  return samples;
}

double rms(std::span<const float> samples) {
  double sum = 0;
  for (const float s : samples) sum += double{s} * s;
  return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

std::vector<OpusPacket> opus_packets(std::span<const float> stereo) {
  auto encoder = OpusEncoder::create(64'000);
  EXPECT_TRUE(encoder);
  auto packets = encoder->encode(stereo);
  EXPECT_TRUE(packets);
  auto last = encoder->finish();
  EXPECT_TRUE(last);
  packets->insert(packets->end(), last->begin(), last->end());
  return *packets;
}

// G.711 table 1a and 2a, decoder output values (µ: ±8031 of 14 bits; A: ±4032 of 13 bits).
TEST(G711, MapsTheEndsOfBothLaws) {
  auto mu = make_audio_decoder(media::audio_format_of(CodecId::Pcmu));
  ASSERT_TRUE(mu);
  const std::vector<std::uint8_t> codes{0x00, 0x80, 0x7F, 0xFF};
  const auto decoded = (*mu)->decode(codes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->sample_rate_hz, 8000U);
  EXPECT_FLOAT_EQ(decoded->samples[0], -8031.0F * 4 / 32768);
  EXPECT_FLOAT_EQ(decoded->samples[1], 8031.0F * 4 / 32768);
  EXPECT_FLOAT_EQ(decoded->samples[2], 0);
  EXPECT_FLOAT_EQ(decoded->samples[3], 0);
  auto a = make_audio_decoder(media::audio_format_of(CodecId::Pcma));
  ASSERT_TRUE(a);
  const auto other = (*a)->decode(std::vector<std::uint8_t>{0xAA, 0x2A, 0xD5, 0x55});
  ASSERT_TRUE(other);
  EXPECT_FLOAT_EQ(other->samples[0], 4032.0F * 8 / 32768);
  EXPECT_FLOAT_EQ(other->samples[1], -4032.0F * 8 / 32768);
  EXPECT_FLOAT_EQ(other->samples[2], 8.0F / 32768);
  EXPECT_FLOAT_EQ(other->samples[3], -8.0F / 32768);
}

TEST(G722, GivesTwoSamplesAnOctetAt16kHz) {
  auto decoder = make_audio_decoder(media::audio_format_of(CodecId::G722));
  ASSERT_TRUE(decoder);
  const auto block = (*decoder)->decode(std::vector<std::uint8_t>(160, 0xFA));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->sample_rate_hz, 16000U);
  EXPECT_EQ(block->length(), 320U);
  EXPECT_EQ(samples_in(media::audio_format_of(CodecId::G722), std::vector<std::uint8_t>(160)), 320U);
  EXPECT_FALSE((*decoder)->decode({}));
}

TEST(OpusDecoder, R26_DecodesMonoAndStereoToTwoChannels) {
  auto decoder = make_audio_decoder(media::audio_format_of(CodecId::Opus));
  ASSERT_TRUE(decoder);
  // TOC config 31 (CELT 20 ms), stereo bit off and on, one frame of silence.
  for (const std::uint8_t toc : {std::uint8_t{0xF8}, std::uint8_t{0xFC}}) {
    const auto block = (*decoder)->decode(std::vector<std::uint8_t>{toc, 0xFF, 0xFE});
    ASSERT_TRUE(block);
    EXPECT_EQ(block->channels, 2);
    EXPECT_EQ(block->length(), 960U);
  }
}

// RFC 6716 §3.1 table 2 and §3.2: 2.5 ms alone to 6 frames of 20 ms.
TEST(OpusDecoder, R27_TakesTheLengthFromTheToc) {
  EXPECT_EQ(samples_in(media::audio_format_of(CodecId::Opus), std::vector<std::uint8_t>{0xE0, 0}), 120U);
  EXPECT_EQ(
      samples_in(media::audio_format_of(CodecId::Opus), std::vector<std::uint8_t>{0xFB, 6, 0, 0, 0, 0, 0, 0}),
      5760U);
}

TEST(OpusDecoder, R28_RefusesMalformedPacketsAndGoesOn) {
  auto decoder = make_audio_decoder(media::audio_format_of(CodecId::Opus));
  ASSERT_TRUE(decoder);
  for (const std::vector<std::uint8_t>& bad :
       {std::vector<std::uint8_t>{}, {0xFB, 0}, {0xFB, 63, 1, 2, 3}, {0xF9, 1}}) {
    const auto block = (*decoder)->decode(bad);
    ASSERT_FALSE(block);
    EXPECT_EQ(block.error().kind(), ErrorKind::Damaged);
  }
  EXPECT_EQ((*decoder)->conceal(961, {}).length(), 961U);
  EXPECT_TRUE((*decoder)->decode(std::vector<std::uint8_t>{0xF8, 0xFF, 0xFE}));
}

TEST(OpusDecoder, ConcealmentGoesOnWithTheSound) {
  const auto packets = opus_packets(tone(440, 48'000, 48'000, 2));
  auto decoder = make_audio_decoder(media::audio_format_of(CodecId::Opus));
  ASSERT_TRUE(decoder);
  for (std::size_t i = 0; i < 25; ++i) ASSERT_TRUE((*decoder)->decode(packets[i].bytes));
  const auto hole = (*decoder)->conceal(960, packets[26].bytes);
  EXPECT_GT(rms(hole.samples), 0.2);
}

// libopus with in-band FEC and told to expect loss: the packet after a lost one has a copy of it.
std::vector<std::vector<std::uint8_t>> packets_with_fec(std::span<const float> mono) {
  int error = 0;
  ::OpusEncoder* encoder = opus_encoder_create(48'000, 1, OPUS_APPLICATION_VOIP, &error);
  EXPECT_EQ(error, OPUS_OK);
  opus_encoder_ctl(encoder, OPUS_SET_BITRATE(32'000));
  opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(1));
  opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(30));
  opus_encoder_ctl(encoder, OPUS_SET_BANDWIDTH(OPUS_BANDWIDTH_WIDEBAND));
  std::vector<std::vector<std::uint8_t>> packets;
  for (std::size_t at = 0; at + 960 <= mono.size(); at += 960) {
    std::vector<std::uint8_t> packet(1500);
    const int length = opus_encode_float(encoder, mono.data() + at, 960, packet.data(), 1500);
    EXPECT_GT(length, 0);
    packet.resize(static_cast<std::size_t>(length));
    packets.push_back(std::move(packet));
  }
  opus_encoder_destroy(encoder);
  return packets;
}

double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

// A sound whose pitch leaps every 60 ms, so that going on with what was heard guesses wrong.
TEST(OpusDecoder, R29_TheCopyInTheNextPacketIsNearerThanConcealment) {
  std::vector<float> mono;
  for (std::size_t i = 0; i < 48'000; ++i) {
    const double pitch = 150 + 70 * static_cast<double>(i / 2880 % 5);
    const double phase = 2 * std::numbers::pi * pitch * static_cast<double>(i) / 48'000;
    mono.push_back(
        static_cast<float>(0.3 * std::sin(phase) + 0.2 * std::sin(3 * phase) + 0.1 * std::sin(7 * phase)));
  }
  const auto packets = packets_with_fec(mono);
  double with_copy = 0, without = 0, sound = 0;
  for (std::size_t lost = 12; lost + 1 < packets.size(); lost += 3) {
    std::vector<std::vector<float>> made;
    for (const int way : {0, 1, 2}) {
      auto decoder = make_audio_decoder(media::audio_format_of(CodecId::Opus));
      ASSERT_TRUE(decoder);
      for (std::size_t i = 0; i < lost; ++i) ASSERT_TRUE((*decoder)->decode(packets[i]));
      made.push_back(way == 0   ? (*decoder)->decode(packets[lost])->samples
                     : way == 1 ? (*decoder)->conceal(960, packets[lost + 1]).samples
                                : (*decoder)->conceal(960, {}).samples);
      EXPECT_TRUE((*decoder)->decode(packets[lost + 1]));
    }
    sound += rms(made[0]);
    with_copy += distance(made[0], made[1]);
    without += distance(made[0], made[2]);
  }
  EXPECT_LT(with_copy, 0.5 * without) << "of " << sound;
}

TEST(L16, R25_ReadsBothOctetsOfEachChannel) {
  const media::AudioFormat format{.codec = CodecId::L16, .clock = ClockRate{44'100}, .channels = 2};
  auto decoder = make_audio_decoder(format);
  ASSERT_TRUE(decoder);
  const std::vector<std::uint8_t> packet{0x80, 0x00, 0x7F, 0xFF, 0x00, 0x01, 0xFF, 0xFF, 0x12};
  const auto block = (*decoder)->decode(packet);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->sample_rate_hz, 44'100U);
  EXPECT_EQ(block->channels, 2);
  EXPECT_EQ(block->samples, (std::vector<float>{-1, 32'767.0F / 32'768, 1.0F / 32'768, -1.0F / 32'768}));
  EXPECT_EQ(samples_in(format, packet), 2U);
  EXPECT_EQ((*decoder)->conceal(441, {}).length(), 441U);
  EXPECT_FALSE((*decoder)->decode(std::vector<std::uint8_t>{1}));
}

TEST(L16, RefusesWhatItCannotPlace) {
  EXPECT_FALSE(make_audio_decoder({.codec = CodecId::L16, .clock = ClockRate{8000}, .channels = 6}));
  EXPECT_FALSE(make_audio_decoder({.codec = CodecId::L16, .clock = ClockRate{10}, .channels = 1}));
}

// 5.1 as browsers send it (channel_mapping=0,4,1,2,3,5): a tone in one channel is heard where it belongs.
TEST(MultiOpus, HearsEachChannelOnItsSide) {
  const media::OpusMapping mapping{4, 2, {0, 4, 1, 2, 3, 5}};
  constexpr int Channels = 6;
  for (int loud = 0; loud < Channels; ++loud) {
    int error = 0;
    OpusMSEncoder* encoder = opus_multistream_encoder_create(48'000, Channels, 4, 2, mapping.channels.data(),
                                                             OPUS_APPLICATION_AUDIO, &error);
    ASSERT_EQ(error, OPUS_OK);
    auto decoder =
        make_audio_decoder({.codec = CodecId::MultiOpus, .channels = Channels, .mapping = mapping});
    ASSERT_TRUE(decoder);
    double left = 0, right = 0;
    for (int frame = 0; frame < 20; ++frame) {
      std::vector<float> samples(960 * Channels);
      for (std::size_t i = 0; i < 960; ++i)
        samples[i * Channels + static_cast<std::size_t>(loud)] = static_cast<float>(
            0.5 * std::sin(2 * std::numbers::pi * 100 *
                           static_cast<double>(i + 960U * static_cast<unsigned>(frame)) / 48'000));
      std::vector<std::uint8_t> packet(4000);
      const int length = opus_multistream_encode_float(encoder, samples.data(), 960, packet.data(), 4000);
      ASSERT_GT(length, 0);
      packet.resize(static_cast<std::size_t>(length));
      const auto block = (*decoder)->decode(packet);
      ASSERT_TRUE(block) << block.error().message();
      ASSERT_EQ(block->length(), 960U);
      ASSERT_EQ(block->channels, 2);
      if (frame < 5) continue;
      for (std::size_t i = 0; i < 960; ++i) {
        left += std::abs(block->samples[2 * i]);
        right += std::abs(block->samples[2 * i + 1]);
      }
    }
    opus_multistream_encoder_destroy(encoder);
    // Vorbis order: left, centre, right, left behind, right behind, low frequencies.
    const char* const side = "LCRLRC";
    if (side[loud] == 'L') {
      EXPECT_GT(left, 1.5 * right) << loud;
    }
    if (side[loud] == 'R') {
      EXPECT_GT(right, 1.5 * left) << loud;
    }
    if (side[loud] == 'C') {
      EXPECT_NEAR(left, right, 0.05 * left) << loud;
    }
    EXPECT_GT(left + right, 100) << loud;
  }
}

TEST(MultiOpus, R28_RefusesMalformedPacketsAndMappings) {
  const media::OpusMapping mapping{2, 1, {0, 2, 1}};
  auto decoder = make_audio_decoder({.codec = CodecId::MultiOpus, .channels = 3, .mapping = mapping});
  ASSERT_TRUE(decoder);
  EXPECT_FALSE((*decoder)->decode({}));
  EXPECT_FALSE((*decoder)->decode(std::vector<std::uint8_t>{0xf8, 200, 1}));
  EXPECT_EQ((*decoder)->conceal(961, {}).length(), 961U);
  for (const media::OpusMapping& bad : {media::OpusMapping{0, 0, {0}},
                                        {1, 2, {0}},
                                        {1, 0, {7}},
                                        {2, 2, {}},
                                        {1, 0, std::vector<std::uint8_t>(9, 0)}})
    EXPECT_FALSE(make_audio_decoder({.codec = CodecId::MultiOpus, .mapping = bad}));
}

TEST(WaveformConcealment, CarriesAToneOnAndFadesToSilence) {
  auto decoder = make_audio_decoder(media::audio_format_of(CodecId::Pcmu));
  ASSERT_TRUE(decoder);
  // A square wave of 200 Hz.
  std::vector<std::uint8_t> packet;
  for (int i = 0; i < 400; ++i) packet.push_back(i / 20 % 2 == 0 ? 0x90 : 0x10);
  const auto heard = (*decoder)->decode(packet);
  ASSERT_TRUE(heard);
  const auto hole = (*decoder)->conceal(800, {});
  ASSERT_EQ(hole.length(), 800U);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_FLOAT_EQ(hole.samples[i], heard->samples[i]) << i;
  for (std::size_t i = 480; i < 800; ++i) EXPECT_EQ(hole.samples[i], 0.0F);
}

TEST(AudioDecoder, RefusesWhatIsNoSound) {
  EXPECT_FALSE(make_audio_decoder(media::audio_format_of(CodecId::Vp8)));
}

TEST(OpusEncoder, SameInputSameBytesHoweverItIsCut) {
  const auto sound = tone(300, 96'000, 48'000, 2);
  const auto whole = opus_packets(sound);
  auto encoder = OpusEncoder::create(64'000);
  ASSERT_TRUE(encoder);
  std::vector<OpusPacket> pieces;
  for (std::size_t at = 0; at < sound.size(); at += 1402) {
    auto got = encoder->encode(std::span(sound).subspan(at, std::min<std::size_t>(1402, sound.size() - at)));
    ASSERT_TRUE(got);
    pieces.insert(pieces.end(), got->begin(), got->end());
  }
  auto last = encoder->finish();
  ASSERT_TRUE(last);
  pieces.insert(pieces.end(), last->begin(), last->end());
  ASSERT_EQ(pieces.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(pieces[i].bytes, whole[i].bytes) << i;
}

// The sum of the encoder's look-ahead and nothing else: a click comes out lookahead() samples after it went
// in.
TEST(OpusEncoder, LookaheadIsTheDelayOfTheCodec) {
  std::vector<float> sound(48'000 * 2);
  const std::size_t click = 24'000;
  for (std::size_t i = 0; i < 48; ++i)
    sound[2 * (click + i)] = sound[2 * (click + i) + 1] = i < 24 ? 0.8F : -0.8F;
  auto encoder = OpusEncoder::create(128'000);
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoder->lookahead(), 312);
  EXPECT_EQ(encoder->head(0).size(), 19U);
  auto decoder = make_audio_decoder(media::audio_format_of(CodecId::Opus));
  std::vector<float> heard;
  std::int64_t expected_first = -312;
  for (const OpusPacket& packet : opus_packets(sound)) {
    EXPECT_EQ(packet.first_sample, expected_first);
    expected_first += packet.length;
    const auto block = (*decoder)->decode(packet.bytes);
    ASSERT_TRUE(block);
    for (std::size_t i = 0; i < block->length(); ++i) heard.push_back(block->samples[2 * i]);
  }
  EXPECT_GE(heard.size(), 48'000U + 312U);
  std::size_t loudest = 0;
  for (std::size_t i = 0; i < heard.size(); ++i)
    if (heard[i] > heard[loudest]) loudest = i;
  EXPECT_NEAR(static_cast<double>(loudest), static_cast<double>(click + 12 + 312), 14.0);
}

}  // namespace
}  // namespace greffe::codec
