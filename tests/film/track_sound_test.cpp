#include "film/track_sound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mixer/levels.h"
#include "mixer/mixer.h"

namespace greffe::film {
namespace {

using timeline::ClockSegment;
using timeline::TickRun;
using timeline::TrackSidecar;

constexpr std::uint8_t MuSilence = 0xFF, MuLoud = 0x80;

// A µ-law track: one clock segment from 1 s on at the nominal rate, packets of 160 samples at the given
// ticks.
TrackSidecar sidecar_of(const std::vector<std::int64_t>& ticks, std::int64_t rate_ns = 1'000'000'000) {
  TrackSidecar sidecar;
  sidecar.track = "ann-microphone-1";
  sidecar.codec = media::CodecId::Pcmu;
  sidecar.clock.clock_rate = ClockRate{8000};
  sidecar.clock.segments.push_back(
      {ticks.front(), ticks.back(), ticks.front(), MeetingTime(std::chrono::seconds(1)), 8000, rate_ns});
  timeline::FrameTicks frames{ticks.front(), {}};
  for (std::size_t i = 1; i < ticks.size(); ++i) frames.runs.push_back({ticks[i] - ticks[i - 1], 1});
  sidecar.ticks.push_back(frames);
  return sidecar;
}

PacketReader reader_of(const std::vector<std::vector<std::uint8_t>>& packets) {
  return [&packets, next = std::size_t{0}]() mutable -> Result<std::optional<Bytes>> {
    if (next == packets.size()) return std::nullopt;
    return Bytes(packets[next++]);
  };
}

struct Heard {
  std::vector<mixer::SoundPiece> pieces;
  DamageLog damage;
};

Heard hear(const TrackSidecar& sidecar, const std::vector<std::vector<std::uint8_t>>& packets) {
  Heard heard;
  auto sound = TrackSound::create(sidecar, reader_of(packets), heard.damage);
  EXPECT_TRUE(sound) << sound.error().message();
  while (true) {
    auto piece = (*sound)->next();
    EXPECT_TRUE(piece) << piece.error().message();
    if (!piece || !*piece) return heard;
    heard.pieces.push_back(std::move(**piece));
  }
}

const std::vector<std::uint8_t> Quiet(160, MuSilence);

TEST(TrackSound, ContiguousPacketsAreOneRunAtTheMappedTime) {
  const auto heard = hear(sidecar_of({5000, 5160, 5320}), {Quiet, Quiet, Quiet});
  ASSERT_EQ(heard.pieces.size(), 3U);
  ASSERT_TRUE(heard.pieces[0].new_run);
  EXPECT_EQ(heard.pieces[0].new_run->start, MeetingTime(std::chrono::seconds(1)));
  EXPECT_FALSE(heard.pieces[1].new_run);
  EXPECT_FALSE(heard.pieces[2].new_run);
}

TEST(TrackSound, R7_ConcealsUpTo100msAndThenFallsSilent) {
  const auto concealed = hear(sidecar_of({0, 160 + 800}), {Quiet, Quiet});
  ASSERT_EQ(concealed.pieces.size(), 3U);
  EXPECT_EQ(concealed.pieces[1].block.length(), 800U);
  EXPECT_FALSE(concealed.pieces[2].new_run);
  const auto silent = hear(sidecar_of({0, 160 + 801}), {Quiet, Quiet});
  ASSERT_EQ(silent.pieces.size(), 2U);
  ASSERT_TRUE(silent.pieces[1].new_run);
  EXPECT_EQ(silent.pieces[1].new_run->start,
            MeetingTime(std::chrono::seconds(1) + std::chrono::nanoseconds(961 * 125'000)));
}

TEST(TrackSound, R22_AfterComfortNoiseItIsSilentNotConcealed) {
  const std::vector<std::uint8_t> loud(160, MuLoud);
  TrackSidecar sidecar = sidecar_of({0, 160 + 400});
  const auto concealed = hear(sidecar, {loud, loud});
  ASSERT_EQ(concealed.pieces.size(), 3U);
  EXPECT_NE(concealed.pieces[1].block.samples, std::vector<float>(400));
  const MeetingTime start = sidecar.clock.at(0, 160), end = sidecar.clock.at(0, 560);
  sidecar.gaps.push_back({{start, end}, "comfort-noise"});
  const auto silent = hear(sidecar, {loud, loud});
  ASSERT_EQ(silent.pieces.size(), 3U);
  const auto& after = silent.pieces[1].block.samples;
  EXPECT_EQ(after.front(), silent.pieces[0].block.samples.back());
  EXPECT_EQ(std::vector<float>(after.begin() + 40, after.end()), std::vector<float>(360)) << "after 5 ms";
  EXPECT_FALSE(silent.pieces[2].new_run);
}

TEST(TrackSound, R22_ComfortNoiseIsAsLoudAsItsPacketSays) {
  // 2 s of silence, of which the second half sounds otherwise.
  TrackSidecar sidecar = sidecar_of({0, 160 + 16'000});
  const MeetingTime start = sidecar.clock.at(0, 160), end = sidecar.clock.at(0, 16'160);
  sidecar.gaps.push_back({{start, end}, "comfort-noise"});
  EXPECT_EQ(hear(sidecar, {Quiet, Quiet}).pieces.size(), 2U);
  sidecar.comfort_noise = {{start, {50, {}}}, {sidecar.clock.at(0, 8'160), {30, {64}}}};
  const auto heard = hear(sidecar, {Quiet, Quiet});
  std::vector<float> sound;
  for (std::size_t i = 0; i < heard.pieces.size(); ++i) {
    EXPECT_EQ(heard.pieces[i].new_run.has_value(), i == 0);
    const auto& samples = heard.pieces[i].block.samples;
    sound.insert(sound.end(), samples.begin(), samples.end());
  }
  ASSERT_EQ(sound.size(), 16'320U);
  EXPECT_NEAR(mixer::level_of(std::span(sound).subspan(160, 8'000)), 50, 1);
  EXPECT_NEAR(mixer::level_of(std::span(sound).subspan(8'160, 8'000)), 30, 1);
}

TEST(TrackSound, R22_APacketLostBesideComfortNoiseDoesNotEndIt) {
  TrackSidecar sidecar = sidecar_of({0, 160 + 16'000});
  const auto at = [&](std::int64_t tick) { return sidecar.clock.at(0, tick); };
  for (const std::int64_t lost : {160, 16'000}) {
    sidecar.gaps = {{{at(160), at(lost)}, "comfort-noise"},
                    {{at(lost), at(lost + 160)}, "lost"},
                    {{at(lost + 160), at(16'160)}, "comfort-noise"}};
    std::erase_if(sidecar.gaps, [](const timeline::TrackGap& gap) { return gap.range.empty(); });
    sidecar.comfort_noise = {{at(160), {50, {}}}};
    const auto heard = hear(sidecar, {Quiet, Quiet});
    std::size_t samples = 0;
    for (const auto& piece : heard.pieces) samples += piece.block.length();
    EXPECT_EQ(samples, 16'320U) << "lost at " << lost;
  }
}

// 44.1 kHz stereo: the sidecar says what the decoder cannot see.
TEST(TrackSound, R25_L16IsHeardAtItsOwnRate) {
  TrackSidecar sidecar = sidecar_of({0, 441});
  sidecar.codec = media::CodecId::L16;
  sidecar.channels = 2;
  sidecar.clock.clock_rate = ClockRate{44'100};
  sidecar.clock.segments[0].rate_ticks = 44'100;
  const std::vector<std::uint8_t> packet(441 * 4, 0x10);
  const auto heard = hear(sidecar, {packet, packet});
  ASSERT_EQ(heard.pieces.size(), 2U);
  EXPECT_EQ(heard.pieces[0].block.sample_rate_hz, 44'100U);
  EXPECT_EQ(heard.pieces[1].block.length(), 441U);
  EXPECT_FALSE(heard.pieces[1].new_run);
}

TEST(TrackSound, TimeGivenTwiceIsHeardOnce) {
  const auto heard =
      hear(sidecar_of({0, 100, 110}), {Quiet, Quiet, std::vector<std::uint8_t>(20, MuSilence)});
  ASSERT_EQ(heard.pieces.size(), 2U);
  EXPECT_EQ(heard.pieces[1].block.length(), 100U);
}

TEST(TrackSound, R28_MalformedPacketIsConcealedAndTold) {
  TrackSidecar sidecar = sidecar_of({0, 960, 1920});
  sidecar.codec = media::CodecId::Opus;
  sidecar.clock.clock_rate = ClockRate{48'000};
  sidecar.clock.segments[0].rate_ticks = 48'000;
  const std::vector<std::uint8_t> good{0xF8, 0xFF, 0xFE}, bad{0xFB, 63, 0};
  const auto heard = hear(sidecar, {good, bad, good});
  ASSERT_EQ(heard.pieces.size(), 3U);
  EXPECT_EQ(heard.pieces[1].block.length(), 960U);
  EXPECT_EQ(heard.damage.count("undecodable-packet"), 1U);
}

TEST(TrackSound, MorePacketsThanTimesIsAFailure) {
  DamageLog damage;
  const std::vector<std::vector<std::uint8_t>> packets{Quiet, Quiet};
  auto sound = TrackSound::create(sidecar_of({0}), reader_of(packets), damage);
  ASSERT_TRUE(sound);
  EXPECT_TRUE((*sound)->next());
  EXPECT_FALSE((*sound)->next());
}

// A click in the recording of a sender 50 ppm slow lies, in the mix, where the clock map has its tick.
TEST(TrackSound, MixedClickLiesAtItsMappedTime) {
  std::vector<std::int64_t> ticks;
  std::vector<std::vector<std::uint8_t>> packets;
  for (int i = 0; i < 1000; ++i) ticks.push_back(160 * i), packets.push_back(Quiet);
  packets[900][80] = MuLoud;
  const TrackSidecar sidecar = sidecar_of(ticks, 1'000'050'000);
  DamageLog damage;
  auto sound = TrackSound::create(sidecar, reader_of(packets), damage);
  ASSERT_TRUE(sound);
  mixer::Mixer mixer;
  mixer.add(std::move(*sound));
  const auto block = mixer.next(22 * 48'000);
  ASSERT_TRUE(block);
  std::size_t loudest = 0;
  for (std::size_t i = 0; i < block->length(); ++i)
    if (std::abs(block->samples[2 * i]) > std::abs(block->samples[2 * loudest])) loudest = i;
  const double expected =
      static_cast<double>(sidecar.clock.at(0, 160 * 900 + 80).time_since_epoch().count()) * 48e-6;
  EXPECT_NEAR(static_cast<double>(loudest), expected, 0.51);
}

}  // namespace
}  // namespace greffe::film
