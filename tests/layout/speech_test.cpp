#include "layout/speech.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

MeetingTime at(double seconds) { return MeetingTime(Duration(static_cast<std::int64_t>(seconds * 1e9))); }

// `seconds` of silence with loud spans in it.
SpeechLevels levels(const std::string& who, int seconds, std::vector<std::pair<int, int>> loud_steps) {
  SpeechLevels track{who, MeetingTime{},
                     std::vector<std::uint8_t>(static_cast<std::size_t>(seconds) * 10, 80)};
  for (const auto& [from, to] : loud_steps)
    for (int i = from; i < to; ++i) track.levels[static_cast<std::size_t>(i)] = 30;
  return track;
}

Utterance said(const std::string& who, double from, double to) { return {who, {at(from), at(to)}}; }

TEST(Utterances, BridgePausesBetweenWords) {
  const auto found = utterances_of({levels("ann", 10, {{10, 20}, {25, 40}})});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], said("ann", 1.0, 4.0));
}

TEST(Utterances, ClicksAndBeepsAreNoSpeech) {
  EXPECT_TRUE(utterances_of({levels("ann", 10, {{10, 11}, {30, 31}, {50, 51}})}).empty());
}

TEST(Utterances, SteadyNoiseIsNoSpeech) {
  SpeechLevels fan = levels("fan", 10, {});
  std::fill(fan.levels.begin(), fan.levels.end(), std::uint8_t{40});
  EXPECT_TRUE(utterances_of({fan}).empty());
}

TEST(Utterances, TwoTracksOfOnePersonAreOneVoice) {
  const auto found = utterances_of({levels("ann", 10, {{10, 20}}), levels("ann", 10, {{15, 30}})});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], said("ann", 1.0, 3.0));
}

TEST(SpeechLevels, WhatIsPlayedWithASharedScreenIsNobodyWhoSpeaks) {
  timeline::Meeting meeting;
  for (const char* role : {"microphone", "screen-audio", "room"}) {
    timeline::TrackSidecar track{.track = role, .participant = role, .role = role};
    track.codec = media::CodecId::Opus;
    track.audio_levels = {30, 30};
    meeting.tracks.push_back(std::move(track));
  }
  std::vector<std::string> who;
  for (const SpeechLevels& track : levels_of(meeting)) who.push_back(track.participant);
  EXPECT_EQ(who, (std::vector<std::string>{"microphone", "room"}));
}

TEST(SpeakerTurns, MoveWhenALongUtteranceBegins) {
  const auto turns = turns_of({said("ann", 1, 5), said("bob", 6, 9)});
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns[0], (SpeakerTurn{"ann", {at(1), at(6)}, std::chrono::seconds(4)}));
  EXPECT_EQ(turns[1], (SpeakerTurn{"bob", {at(6), at(9)}, std::chrono::seconds(3)}));
}

TEST(SpeakerTurns, ShortUtteranceMovesNothing) {
  const auto turns = turns_of({said("ann", 1, 5), said("bob", 6, 7), said("ann", 8, 12)});
  ASSERT_EQ(turns.size(), 1u);
  EXPECT_EQ(turns[0], (SpeakerTurn{"ann", {at(1), at(12)}, std::chrono::seconds(4)}));
}

TEST(SpeakerTurns, StayAtLeastTwoSeconds) {
  for (const auto& turn : turns_of({said("ann", 0, 1.6), said("bob", 1.6, 3.4), said("cy", 3.4, 9)}))
    EXPECT_GE(turn.range.duration(), TurnRules{}.min_stay);
}

TEST(SpeakerTurns, LookAheadWhoHasMoreToSay) {
  // A question of 2.2 s between two parts of a speech.
  const std::vector<Utterance> speech{said("ann", 1, 5), said("bob", 6, 8.2), said("ann", 8.3, 20)};
  EXPECT_EQ(turns_of(speech).size(), 1u);
  EXPECT_EQ(turns_of(speech, {.look_ahead = std::chrono::seconds(3)}).size(), 3u);
}

TEST(SpeakerTurns, MinimumStayIsAnOption) {
  const std::vector<Utterance> speech{said("ann", 1, 5), said("bob", 6, 9), said("cy", 10, 20)};
  EXPECT_EQ(turns_of(speech, {.min_stay = std::chrono::seconds(4)}).size(), 2u);
  EXPECT_EQ(turns_of(speech, {.min_stay = Duration::zero()}).size(), 3u);
}

TEST(SpeakerTurns, InterruptionWaitsForTheSpeakerToEnd) {
  const auto turns = turns_of({said("ann", 0, 10), said("bob", 8, 15)});
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns[1].range.start, at(10));
  EXPECT_EQ(turns_of({said("ann", 0, 10), said("bob", 3, 6)}).size(), 1u);
}

}  // namespace
}  // namespace greffe::layout
