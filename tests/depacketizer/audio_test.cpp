#include "depacketizer/audio.h"

#include <gtest/gtest.h>

#include "rtp/jitter_buffer.h"
#include "support/packets.h"

namespace greffe::depacketizer {
namespace {

using test::Octets;
using test::TestPacket;

struct Unpacked {
  std::vector<FrameInTrack> frames;
  DamageLog damage;
};

Unpacked unpack(media::CodecId codec, const std::vector<TestPacket>& packets,
                Options options = {.place = "track"}) {
  Unpacked out;
  test::ListedPackets source(packets);
  rtp::JitterBuffer buffer(source, {.place = "track", .clock_rate = media::facts_of(codec).rtp_clock},
                           out.damage);
  auto depacketizer = make_depacketizer(codec, buffer, std::move(options), out.damage);
  EXPECT_TRUE(depacketizer.has_value());
  for (;;) {
    auto frame = (*depacketizer)->next();
    if (!frame || !*frame) return out;
    out.frames.push_back(std::move(**frame));
  }
}

TEST(AudioDepacketizer, R27_OpusFramesLastAsTheirTocSays) {
  const auto out =
      unpack(media::CodecId::Opus, {{.sequence = 1, .timestamp = 0, .payload = {0xf8, 1}},
                                    {.sequence = 2, .timestamp = 960, .payload = {0x18, 1}},
                                    {.sequence = 3, .timestamp = 960 + 2880, .payload = {0x78}}});
  ASSERT_EQ(out.frames.size(), 3u);
  EXPECT_EQ(out.frames[0].frame.duration_ticks, 960);
  EXPECT_EQ(out.frames[1].frame.duration_ticks, 2880);
  EXPECT_EQ(out.frames[2].frame.duration_ticks, 960);
  EXPECT_TRUE(out.frames[2].frame.key);
}

TEST(AudioDepacketizer, R28_MalformedOpusIsDamageAndLeftOut) {
  const auto out = unpack(media::CodecId::Opus, {{.sequence = 1, .timestamp = 0, .payload = {0xf8, 1}},
                                                 {.sequence = 2, .timestamp = 960, .payload = {0xfb, 0}},
                                                 {.sequence = 3, .timestamp = 1920, .payload = {0xf8, 1}}});
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_TRUE(out.frames[1].after_damage);
  EXPECT_EQ(out.damage.count("frame-malformed"), 1u);
}

TEST(AudioDepacketizer, R24_G722LastsOneTickAnOctet) {
  const auto out =
      unpack(media::CodecId::G722, {{.sequence = 1, .timestamp = 0, .payload = Octets(160, 0)},
                                    {.sequence = 2, .timestamp = 160, .payload = Octets(160, 0)}});
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[0].frame.duration_ticks, 160);
  EXPECT_EQ(out.frames[1].frame.ticks - out.frames[0].frame.ticks, 160);
}

TEST(AudioDepacketizer, R24_TellsOfASenderThatCountsG722At16kHz) {
  for (const std::uint32_t step : {160u, 320u}) {
    std::vector<TestPacket> packets;
    for (std::uint16_t number = 0; number < 100; ++number)
      packets.push_back({.sequence = number,
                         .timestamp = number * step,
                         .payload = Octets(160, 0),
                         .arrival_ms = 20 * number});
    const auto out = unpack(media::CodecId::G722, packets);
    EXPECT_EQ(out.frames.size(), 100u);
    EXPECT_EQ(out.damage.count("clock-doubled"), step == 320 ? 1u : 0u);
  }
}

TEST(AudioDepacketizer, R22_R23_EventsAndComfortNoiseAreLeftOutAndTimeGoesOn) {
  const Options options{.place = "track",
                        .payload_types = {{PayloadType{0}, media::CodecId::Pcmu},
                                          {PayloadType{13}, media::CodecId::ComfortNoise},
                                          {PayloadType{101}, media::CodecId::TelephoneEvent}}};
  const Octets sound(160, 0xff);
  const auto out = unpack(media::CodecId::Pcmu,
                          {{.sequence = 1, .timestamp = 0, .payload = sound, .payload_type = 0},
                           {.sequence = 2, .timestamp = 160, .payload = {5, 10, 0, 160}, .payload_type = 101},
                           {.sequence = 3, .timestamp = 160, .payload = {5, 138, 1, 64}, .payload_type = 101},
                           {.sequence = 4, .timestamp = 480, .payload = {40}, .payload_type = 13},
                           {.sequence = 5, .timestamp = 1600, .payload = sound, .payload_type = 0}},
                          options);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[1].frame.ticks - out.frames[0].frame.ticks, 1600);
  EXPECT_FALSE(out.frames[1].after_damage);
  EXPECT_TRUE(out.damage.empty());
}

TEST(AudioDepacketizer, R22_AFrameSaysThatComfortNoiseWasBeforeIt) {
  const Options options{.place = "track",
                        .payload_types = {{PayloadType{0}, media::CodecId::Pcmu},
                                          {PayloadType{13}, media::CodecId::ComfortNoise}}};
  const Octets sound(160, 0xff);
  const auto out = unpack(media::CodecId::Pcmu,
                          {{.sequence = 1, .timestamp = 0, .payload = sound, .payload_type = 0},
                           {.sequence = 2, .timestamp = 160, .payload = {40}, .payload_type = 13},
                           {.sequence = 3, .timestamp = 640, .payload = sound, .payload_type = 0},
                           {.sequence = 4, .timestamp = 800, .payload = sound, .payload_type = 0}},
                          options);
  ASSERT_EQ(out.frames.size(), 3u);
  EXPECT_FALSE(out.frames[0].after_comfort_noise);
  EXPECT_TRUE(out.frames[1].after_comfort_noise);
  EXPECT_FALSE(out.frames[2].after_comfort_noise);
}

TEST(AudioDepacketizer, R22_AFrameSaysHowTheSilenceBeforeItSounds) {
  const Options options{.place = "track",
                        .payload_types = {{PayloadType{0}, media::CodecId::Pcmu},
                                          {PayloadType{13}, media::CodecId::ComfortNoise}},
                        .audio = media::audio_format_of(media::CodecId::Pcmu)};
  const Octets sound(160, 0xff);
  const auto out =
      unpack(media::CodecId::Pcmu,
             {{.sequence = 1, .timestamp = 0, .payload = sound, .payload_type = 0},
              {.sequence = 2, .timestamp = 160, .payload = {0x80 | 40, 127, 200}, .payload_type = 13},
              {.sequence = 3, .timestamp = 1120, .payload = {40, 127, 200}, .payload_type = 13},  // no change
              {.sequence = 4, .timestamp = 2080, .payload = {41}, .payload_type = 13},
              {.sequence = 5, .timestamp = 2240, .payload = {42}, .payload_type = 13},  // too soon after
              {.sequence = 6, .timestamp = 3040, .payload = sound, .payload_type = 0}},
             options);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_TRUE(out.frames[0].comfort_noise.empty());
  const auto& noise = out.frames[1].comfort_noise;
  ASSERT_EQ(noise.size(), 2u);
  EXPECT_EQ(noise[0].ticks, out.frames[0].frame.ticks + 160);
  EXPECT_EQ(noise[0].noise, (media::ComfortNoise{40, {127, 200}}));
  EXPECT_EQ(noise[1].noise, (media::ComfortNoise{41, {}}));
}

TEST(ComfortNoise, AnyPayloadIsRead) {
  EXPECT_FALSE(read_comfort_noise({}));
  const Octets many(400, 130);
  EXPECT_EQ(read_comfort_noise(many)->level, 2);
  EXPECT_EQ(read_comfort_noise(many)->reflection.size(), 32u);
}

TEST(AudioDepacketizer, R25_L16LosesOctetsBehindTheLastSampleAndSaysSo) {
  for (const int channels : {1, 2}) {
    const Options options{
        .place = "track",
        .audio = {.codec = media::CodecId::L16, .clock = ClockRate{16'000}, .channels = channels}};
    const auto out = unpack(media::CodecId::L16,
                            {{.sequence = 1, .timestamp = 0, .payload = {1, 2, 3, 4, 5, 6, 7, 8}},
                             {.sequence = 2, .timestamp = 4, .payload = {1, 2, 3, 4, 5}},
                             {.sequence = 3, .timestamp = 6, .payload = {1, 2, 3, 4, 5, 6, 7, 8, 9}},
                             {.sequence = 4, .timestamp = 8, .payload = {1}}},
                            options);
    ASSERT_EQ(out.frames.size(), 3u);
    EXPECT_EQ(out.frames[0].frame.duration_ticks, 4 / channels);
    EXPECT_EQ(out.frames[1].frame.bytes, (Octets{1, 2, 3, 4}));
    EXPECT_EQ(out.frames[2].frame.bytes.size(), 8u);
    EXPECT_EQ(out.damage.count("odd-octets"), 2u);
    EXPECT_EQ(out.damage.count("frame-malformed"), 1u);
  }
}

TEST(AudioDepacketizer, R27_OpusOfSeveralStreamsLastsAsItsStreams) {
  const Options options{
      .place = "track",
      .audio = {
          .codec = media::CodecId::MultiOpus, .channels = 3, .mapping = media::OpusMapping{2, 1, {0, 2, 1}}}};
  const auto out =
      unpack(media::CodecId::MultiOpus,
             {{.sequence = 1, .timestamp = 0, .payload = {0xfc, 2, 0xff, 0xfe, 0xf8, 0xff, 0xfe}},
              {.sequence = 2, .timestamp = 960, .payload = {0xfc, 9, 0xff, 0xfe, 0xf8, 0xff, 0xfe}}},
             options);
  ASSERT_EQ(out.frames.size(), 1u);
  EXPECT_EQ(out.frames[0].frame.duration_ticks, 960);
  EXPECT_EQ(out.damage.count("frame-malformed"), 1u);
}

TEST(AudioDepacketizer, R13_OtherCodecsAndUnknownTypesAreDamage) {
  const Options options{
      .place = "track",
      .payload_types = {{PayloadType{0}, media::CodecId::Pcmu}, {PayloadType{8}, media::CodecId::Pcma}}};
  const auto out = unpack(media::CodecId::Pcmu,
                          {{.sequence = 1, .timestamp = 0, .payload_type = 0},
                           {.sequence = 2, .timestamp = 3, .payload_type = 8},
                           {.sequence = 3, .timestamp = 6, .payload_type = 77}},
                          options);
  EXPECT_EQ(out.frames.size(), 1u);
  EXPECT_EQ(out.damage.count("other-codec"), 1u);
  EXPECT_EQ(out.damage.count("unknown-payload-type"), 1u);
}

TEST(AudioDepacketizer, R18_EmptyPayloadsAddNoMedia) {
  const auto out = unpack(media::CodecId::Pcma,
                          {{.sequence = 1, .timestamp = 0, .payload = {}}, {.sequence = 2, .timestamp = 0}});
  EXPECT_EQ(out.frames.size(), 1u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(AudioDepacketizer, LossShowsOnTheFrameAfterIt) {
  const auto out =
      unpack(media::CodecId::Pcma, {{.sequence = 1, .timestamp = 0}, {.sequence = 3, .timestamp = 6}});
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_FALSE(out.frames[0].after_damage);
  EXPECT_TRUE(out.frames[1].after_damage);
}

TEST(AudioDepacketizer, PutsAudioLevelsOnFrames) {
  const Options options{.place = "track", .extensions = {.audio_level = 1}};
  const auto out =
      unpack(media::CodecId::Opus,
             {{.sequence = 1, .timestamp = 0, .payload = {0xf8, 1}, .extension = {0x10, 0x80 | 33}},
              {.sequence = 2, .timestamp = 960, .payload = {0xf8, 1}}},
             options);
  ASSERT_EQ(out.frames.size(), 2u);
  EXPECT_EQ(out.frames[0].frame.audio_level, 33);
  EXPECT_FALSE(out.frames[1].frame.audio_level.has_value());
}

TEST(MakeDepacketizer, SaysWhichCodecsItCannotUnpackYet) {
  DamageLog damage;
  test::ListedPackets source;
  rtp::JitterBuffer buffer(source, {}, damage);
  for (const media::CodecId codec : {media::CodecId::Red, media::CodecId::TelephoneEvent}) {
    const auto made = make_depacketizer(codec, buffer, {}, damage);
    ASSERT_FALSE(made.has_value());
    EXPECT_NE(made.error().message().find(media::facts_of(codec).name), std::string::npos);
  }
}

// Every codec the facts call supported has a row in the table.
TEST(MakeDepacketizer, HoldsWhatCodecFactsPromise) {
  DamageLog damage;
  test::ListedPackets source;
  rtp::JitterBuffer buffer(source, {}, damage);
  for (const char* name :
       {"vp8", "vp9", "h264", "h265", "av1", "opus", "multiopus", "pcmu", "pcma", "g722", "l16"}) {
    const media::CodecFacts& facts = media::facts_of(*media::find_codec(name));
    EXPECT_EQ(make_depacketizer(facts.id, buffer, {}, damage).has_value(), facts.supported) << name;
  }
}

}  // namespace
}  // namespace greffe::depacketizer
