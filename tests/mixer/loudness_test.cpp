#include "mixer/loudness.h"

#include <gtest/gtest.h>

#include "mixer/levels.h"
#include "mixer/made_sound.h"

namespace greffe::mixer {
namespace {

constexpr std::int64_t Second = 1'000'000'000;

std::vector<LoudBlock> loudness(std::vector<MadeSound::Run> runs) {
  MadeSound sound(std::move(runs));
  auto blocks = loudness_of(sound);
  EXPECT_TRUE(blocks) << blocks.error().message();
  return blocks ? *blocks : std::vector<LoudBlock>{};
}

// A tone of 997 Hz; one channel is heard as two, so that full scale is 0 LUFS (EBU Tech 3341 §2.10).
MadeSound::Run tone_run(double start_ms, int seconds, double lufs, std::uint32_t rate = 48'000) {
  return {at_ms(start_ms), std::int64_t{rate} * seconds, rate, Second,
          tone(997, rate, std::pow(10, lufs / 20))};
}

TEST(Loudness, OfTonesAtEachRate) {
  for (const std::uint32_t rate : {8'000U, 16'000U, 44'100U, 48'000U})
    for (const double lufs : {-23.0, -33.0})
      EXPECT_NEAR(integrated(loudness({tone_run(0, 20, lufs, rate)})).lufs, lufs, 0.2) << rate;
}

// Pieces of stereo: one voice in both at first, on the left alone from `apart` on.
class StereoTone final : public SoundSource {
 public:
  explicit StereoTone(int apart) : apart_(apart) {}
  Result<std::optional<SoundPiece>> next() override {
    if (piece_ == 1000) return std::nullopt;
    SoundPiece piece{{48'000, 2, {}}, {}};
    if (piece_ == 0) piece.new_run = SampleLine{};
    const auto sample = tone(997, 48'000, 0.1);
    for (int i = 0; i < 960; ++i) {
      piece.block.samples.push_back(sample(piece_ * 960 + i));
      piece.block.samples.push_back(piece_ < apart_ ? piece.block.samples.back() : 0.0F);
    }
    ++piece_;
    return piece;
  }

 private:
  int apart_;
  int piece_ = 0;
};

TEST(Loudness, OfTwoChannelsThatAreOneUntilTheyAreNot) {
  struct Case {
    int apart;
    double lufs;
  };
  for (const Case& c : {Case{1000, -20}, Case{0, -23.01}, Case{500, -21.25}}) {
    StereoTone sound(c.apart);
    const auto blocks = loudness_of(sound);
    ASSERT_TRUE(blocks);
    EXPECT_NEAR(integrated(*blocks).lufs, c.lufs, 0.1) << c.apart;
  }
}

// EBU Tech 3341 case 3: soft, loud, soft. Only the loud part counts.
TEST(Loudness, R128_GatesWhatIsSoft) {
  const auto gated =
      integrated(loudness({tone_run(0, 10, -36), tone_run(10'000, 60, -23), tone_run(70'000, 10, -36)}));
  EXPECT_NEAR(gated.lufs, -23, 0.1);
}

TEST(Loudness, GapsCountNothingAndTakeNoMemory) {
  const auto blocks = loudness({tone_run(-5'030, 5, -20), tone_run(3'600'000, 5, -20)});
  EXPECT_LT(blocks.size(), 110U);
  EXPECT_NEAR(integrated(blocks).lufs, -20, 0.4);
  EXPECT_EQ(blocks.front().step, -50);
  EXPECT_GE(blocks.back().step, 36'050);
  for (std::size_t i = 1; i < blocks.size(); ++i) ASSERT_LT(blocks[i - 1].step, blocks[i].step);
}

TEST(Loudness, SilenceHasNone) {
  EXPECT_EQ(integrated(loudness({})).blocks, 0U);
  EXPECT_EQ(integrated(loudness({tone_run(0, 5, -90)})).blocks, 0U);
}

TEST(Loudness, IsMeteredWhileSomebodyElseListens) {
  StereoTone sound(500), same(500), metered(500);
  const auto levels = levels_of(sound, {at_ms(0), at_ms(20'000)});
  MeteredSound listening(metered);
  const auto levels_besides = levels_of(listening, {at_ms(0), at_ms(20'000)});
  ASSERT_TRUE(levels && levels_besides);
  EXPECT_EQ(*levels, *levels_besides);
  const auto alone = loudness_of(same);
  const auto besides = std::move(listening).blocks();
  ASSERT_TRUE(alone);
  EXPECT_FALSE(besides.empty());
  EXPECT_TRUE(std::equal(alone->begin(), alone->end(), besides.begin(), besides.end(),
                         [](auto a, auto b) { return a.step == b.step && a.energy == b.energy; }));
}

TEST(Gains, BringVoicesToOneLoudnessWithinBounds) {
  struct Case {
    double lufs;
    int seconds;
    int gain;
    const char* why;
  };
  for (const Case& c : {Case{-23, 10, 700, "lifted"}, Case{-16, 10, 0, "as it should be"},
                        Case{-6, 10, -1000, "lowered"}, Case{-40, 10, 1200, "lifted no more than 12 dB"},
                        Case{-55, 10, 0, "noise is not lifted"}, Case{-80, 10, 0, "silence"}}) {
    const std::vector<std::vector<LoudBlock>> sounds{loudness({tone_run(0, c.seconds, c.lufs)})};
    EXPECT_NEAR(gains_for(sounds, -16)[0], c.gain, 15) << c.why;
  }
  const std::vector<std::vector<LoudBlock>> cough{
      loudness({{at_ms(0), 24'000, 48'000, Second, tone(997, 48'000, 0.05)}})};
  EXPECT_EQ(gains_for(cough, -16)[0], 0) << "half a second is nobody who speaks";
}

TEST(Gains, OfThoseWhoSpeakInTurnAreTheirOwn) {
  const std::vector<std::vector<LoudBlock>> sounds{loudness({tone_run(0, 10, -26)}),
                                                   loudness({tone_run(10'000, 10, -20)})};
  const auto gains = gains_for(sounds, -16);
  EXPECT_NEAR(gains[0], 1000, 25);
  EXPECT_NEAR(gains[1], 400, 25);
}

TEST(Gains, OfThoseWhoSpeakAtOnceLeaveTheMixAtTheTarget) {
  const std::vector<std::vector<LoudBlock>> sounds(4, loudness({tone_run(0, 10, -22)}));
  for (const int gain : gains_for(sounds, -16)) EXPECT_NEAR(gain, 0, 15);  // 6 dB each, 6 dB by their number
}

TEST(Gains, AsFactors) {
  EXPECT_EQ(factor_of(0), 1.0F);
  EXPECT_NEAR(factor_of(600), 1.9953F, 1e-4F);
  EXPECT_NEAR(factor_of(-2000), 0.1F, 1e-6F);
}

}  // namespace
}  // namespace greffe::mixer
