#include "depacketizer/encryption.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "media/codec_id.h"

namespace greffe::depacketizer {
namespace {

using media::CodecId;
using Payload = std::vector<std::uint8_t>;

constexpr CodecId Headed[] = {CodecId::Opus, CodecId::Vp8,  CodecId::Vp9,
                              CodecId::H264, CodecId::H265, CodecId::Av1};
constexpr CodecId OctetSound[] = {CodecId::Pcmu, CodecId::Pcma, CodecId::G722};

// Shows `packets` payloads, 20 ms apart, the last of each three with the marker.
template <class Make>
EncryptionWatch watched(CodecId codec, int packets, Make make) {
  EncryptionWatch watch(codec);
  const std::int64_t step = media::facts_of(codec).rtp_clock.hz / 50;
  for (int i = 0; i < packets; ++i) {
    const Payload payload = make(i);
    rtp::OrderedPacket packet{.sequence = i, .ticks = i * step};
    packet.packet.payload = payload;
    packet.packet.marker = i % 3 == 2;
    watch.see(packet);
  }
  return watch;
}

struct Dice {
  explicit Dice(unsigned seed) : random(seed) {}
  std::mt19937 random;
  std::uint8_t octet() { return static_cast<std::uint8_t>(random() >> 24); }
  Payload octets(std::size_t count) {
    Payload payload(count);
    for (auto& value : payload) value = octet();
    return payload;
  }
};

TEST(EncryptionWatch, R37_DiceUnderEveryCodecAreProbablyEncrypted) {
  for (unsigned seed = 1; seed <= 20; ++seed)
    for (const auto& codecs : {std::vector<CodecId>(std::begin(Headed), std::end(Headed)),
                               std::vector<CodecId>(std::begin(OctetSound), std::end(OctetSound))})
      for (const CodecId codec : codecs) {
        Dice dice(seed);
        const auto verdict =
            watched(codec, 60, [&](int) { return dice.octets(90 + dice.octet() % 40); }).verdict();
        ASSERT_TRUE(verdict) << media::facts_of(codec).name << " " << seed;
        EXPECT_NE(verdict->find("probably encrypted"), std::string::npos);
      }
}

TEST(EncryptionWatch, R37_FewPacketsTellNothing) {
  Dice dice(1);
  EXPECT_FALSE(watched(CodecId::Opus, 49, [&](int) { return dice.octets(90); }).verdict());
  EXPECT_FALSE(watched(CodecId::Opus, 1000, [&](int) { return Payload{}; }).verdict());
}

TEST(EncryptionWatch, R37_WhatHasNoFormToCheckIsNotAccused) {
  Dice dice(2);
  EXPECT_FALSE(watched(CodecId::L16, 500, [&](int) { return dice.octets(320); }).verdict());
  EXPECT_FALSE(watched(CodecId::Unknown, 500, [&](int) { return dice.octets(320); }).verdict());
}

// Clear headers, sealed bodies: WebRTC's example of insertable streams, LiveKit (16), Jitsi (12).
TEST(EncryptionWatch, R37_VectorsAtTheEndsOfFramesAreEndToEndEncryption) {
  for (const CodecId codec : {CodecId::Opus, CodecId::Vp8})
    for (const std::uint8_t length : {std::uint8_t{12}, std::uint8_t{16}}) {
      Dice dice(3);
      const auto sealed = [&](int i) {
        Payload payload = dice.octets(80);
        payload.front() = codec == CodecId::Opus ? 0x78 : 0x90;
        const bool ends = codec == CodecId::Opus || i % 3 == 2;
        if (ends) payload.insert(payload.end(), {length, std::uint8_t{0}});
        return payload;
      };
      const auto verdict = watched(codec, 120, sealed).verdict();
      ASSERT_TRUE(verdict);
      EXPECT_NE(verdict->find("end to end"), std::string::npos);
    }
}

TEST(EncryptionWatch, R37_FramesThatAreAllAlikeAreNoVectors) {
  const auto silence = [](int) {
    return Payload{0xF8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 12, 0};
  };
  EXPECT_FALSE(watched(CodecId::Opus, 500, silence).verdict());
}

// Opus' bodies are as even as dice in the clear: only headers tell.
TEST(EncryptionWatch, R37_OpusInTheClearIsNotAccused) {
  Dice dice(4);
  const auto packet = [&](int i) {
    Payload payload = dice.octets(60);
    // Modes and bandwidths that change all the time, always 20 ms.
    constexpr std::uint8_t Configs[] = {1, 5, 9, 13, 15, 19, 23, 27, 31};
    payload.front() = static_cast<std::uint8_t>(Configs[i % 9] << 3 | (i % 2) << 2);
    return payload;
  };
  EXPECT_FALSE(watched(CodecId::Opus, 1000, packet).verdict());
}

std::uint8_t mu_law(double sample) {
  const double level =
      std::copysign(std::log1p(255 * std::min(1.0, std::abs(sample))) / std::log(256.0), sample);
  const auto code = static_cast<int>(std::lround(level * 127));
  return static_cast<std::uint8_t>(~(code < 0 ? 0x80 | -code : code));
}

TEST(EncryptionWatch, R37_NoiseOfAnyLoudnessIsNotAccused) {
  for (const double loudness : {0.0, 0.001, 0.01, 0.1, 0.3, 0.6, 1.0}) {
    std::mt19937 random(5);
    std::normal_distribution<double> bell(0, std::max(loudness / 3, 1e-9));
    std::uniform_real_distribution<double> flat(-loudness, loudness);
    const auto gauss = [&](int) {
      Payload payload(160);
      for (auto& octet : payload) octet = mu_law(bell(random));
      return payload;
    };
    const auto white = [&](int) {
      Payload payload(160);
      for (auto& octet : payload) octet = mu_law(flat(random));
      return payload;
    };
    EXPECT_FALSE(watched(CodecId::Pcmu, 1000, gauss).verdict()) << loudness;
    EXPECT_FALSE(watched(CodecId::Pcmu, 1000, white).verdict()) << loudness;
    EXPECT_FALSE(watched(CodecId::Pcmu, 50, white).verdict()) << loudness;
  }
}

TEST(EncryptionWatch, R37_OnlyTheFirstThousandPacketsCount) {
  Dice dice(6);
  const auto later = [&](int i) {
    Payload payload = dice.octets(60);
    if (i < 1000) payload.front() = 0x78;
    return payload;
  };
  EXPECT_FALSE(watched(CodecId::Opus, 5000, later).verdict());
}

}  // namespace
}  // namespace greffe::depacketizer
