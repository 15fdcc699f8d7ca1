#include "intake/track_survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <random>

#include "dump/dump_bytes.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

using dump::test::be;

// Every recording of the samples that names its codec.
std::vector<Path> recordings() {
  std::vector<Path> all;
  const Path readme = test::find_sample("README.md");
  if (readme.empty()) return all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(readme.parent_path()))
    if (entry.path().extension() == ".mjr") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

TEST(TrackSurvey, R37_NoSampleLooksEncrypted) {
  const auto files = recordings();
  if (files.empty()) GTEST_SKIP() << "no samples";
  for (const Path& file : files) {
    const TrackSource source{.file = file, .place = file.filename().string()};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    ASSERT_TRUE(survey) << file;
    EXPECT_EQ(survey->encrypted, std::nullopt) << file;
  }
}

// The payloads of a real recording under its own headers, each replaced by dice: SRTP without its keys.
std::string sealed(const std::string& mjr) {
  std::string bytes = mjr;
  std::mt19937 random(9);
  const auto u16 = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
  };
  for (std::size_t at = 10 + u16(8); at + 22 < bytes.size();) {
    const std::size_t length = u16(at + 8), packet = at + 10;
    std::size_t payload = packet + 12;
    if ((bytes[packet] & 0x10) != 0) payload += 4 + 4 * u16(payload + 2);
    for (std::size_t i = payload; i < packet + length; ++i) bytes[i] = static_cast<char>(random() >> 24);
    at = packet + length;
  }
  return bytes;
}

TEST(TrackSurvey, R37_EverySampleLooksEncryptedWhenItIs) {
  const auto files = recordings();
  if (files.empty()) GTEST_SKIP() << "no samples";
  const test::TemporaryFolder folder;
  for (const Path& file : files) {
    // Redundancy is looked for in the packets, which here say nothing.
    if (file.string().find("/red/") != std::string::npos) continue;
    const Path copy = folder.path() / "sealed.mjr";
    test::write_file(copy, sealed(test::file_text(file)));
    const TrackSource source{.file = copy, .place = file.filename().string()};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    ASSERT_TRUE(survey) << file;
    EXPECT_TRUE(survey->encrypted) << file;
  }
}

std::string record(std::uint64_t ms, const std::string& packet) {
  return "MEET" + be(ms, 4) + be(packet.size(), 2) + packet;
}

std::string rtp(std::uint64_t number, std::uint32_t ssrc, char content) {
  return be(0x806f, 2) + be(number, 2) + be(960 * number, 4) + be(ssrc, 4) + std::string(20, content);
}

// A version 2 .mjr of a microphone that begins `hours` late; two senders take turns in it, the one asked for
// second. What comes first is a receiver report.
std::string recording(int hours, char content) {
  const std::string head = fmt::format(R"({{"t":"a","c":"opus","s":{0},"u":{0}}})",
                                       1'790'000'000'000'000 + hours * 3'600'000'000LL);
  std::string text = "MJR00002" + be(head.size(), 2) + head;
  text += record(0, be(0x80c9'0001, 4) + be(9, 4));
  for (std::uint64_t number = 1; number <= 500; ++number)
    text += record(20 * number, rtp(number, 9, '0')) + record(20 * number, rtp(number, 7, content));
  return text;
}

TEST(TrackSurvey, R57_JoinedRecordingsOfTheSameNumbersAreBothKept) {
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "joined.mjr", recording(0, 'a') + recording(1, 'b'));
  TrackSource source{.file = folder.path() / "joined.mjr", .place = "joined"};
  source.selection.ssrc = Ssrc{7};
  const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
  ASSERT_TRUE(survey);
  EXPECT_EQ(survey->counts.packets, 1000U);
  EXPECT_EQ(survey->counts.duplicates, 0U);
  EXPECT_EQ(survey->counts.segments, 2U);
  EXPECT_TRUE(survey->damage.empty());
  const auto& segments = survey->clock.segments;
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[1].first_arrival - segments[0].first_arrival, std::chrono::hours(1));
}

// So many packets of PCMU of so many ms each, so many ms apart; each leaves when it is full.
std::string telephone(const std::vector<std::array<std::uint64_t, 3>>& parts) {
  const std::string head = R"({"t":"a","c":"pcmu","s":1790000000000000,"u":1790000000000000})";
  std::string text = "MJR00002" + be(head.size(), 2) + head;
  std::uint64_t number = 0, at_ms = 0;
  for (const auto& [count, lasts_ms, apart_ms] : parts)
    for (std::uint64_t i = 0; i < count; ++i, at_ms += apart_ms)
      text += record(at_ms + lasts_ms, be(0x8000, 2) + be(++number, 2) + be(8 * at_ms, 4) + be(7, 4) +
                                           std::string(8 * lasts_ms, '\x7e'));
  return text;
}

// A sound that is only now and then sent (DTX) waits no longer than the packets it is sent in; of packets of
// several durations the short ones wait least, if there are enough to lie on the envelope.
TEST(TrackSurvey, SoundWaitsAsLongAsItsShortPacketsLast) {
  const test::TemporaryFolder folder;
  const auto waits_ms = [&](const std::vector<std::array<std::uint64_t, 3>>& parts) {
    test::write_file(folder.path() / "a.mjr", telephone(parts));
    const TrackSource source{.file = folder.path() / "a.mjr", .place = "a.mjr"};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    return audio_delay_of(survey.value()).packet / std::chrono::milliseconds(1);
  };
  EXPECT_EQ(waits_ms({{500, 20, 20}}), 20);
  EXPECT_EQ(waits_ms({{50, 20, 20}, {500, 20, 400}, {50, 20, 20}}), 20) << "a listener";
  EXPECT_EQ(waits_ms({{300, 60, 60}, {100, 20, 20}}), 20);
  EXPECT_EQ(waits_ms({{100, 20, 20}, {300, 60, 60}}), 20);
  EXPECT_EQ(waits_ms({{300, 60, 60}, {5, 20, 20}}), 60) << "too few to go by";
}

// Such a call was twice as long as it took, half of it before the meeting.
TEST(TrackSurvey, R24_G722ThatCountsSamplesIsTakenAtItsClock) {
  const test::TemporaryFolder folder;
  const std::string head = R"({"t":"a","c":"g722","s":1790000000000000,"u":1790000000000000})";
  std::string text = "MJR00002" + be(head.size(), 2) + head;
  for (std::uint64_t number = 0; number < 500; ++number)
    text += record(20 * number + 20,
                   be(0x8009, 2) + be(number, 2) + be(320 * number, 4) + be(7, 4) + std::string(160, '\x7e'));
  test::write_file(folder.path() / "a.mjr", text);
  const TrackSource source{.file = folder.path() / "a.mjr", .place = "a.mjr"};
  const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
  ASSERT_TRUE(survey);
  EXPECT_EQ(survey->coding.clock.hz, 16'000U);
  EXPECT_EQ(survey->coding.audio.clock.hz, 16'000U);
  EXPECT_EQ(audio_delay_of(*survey).packet, std::chrono::milliseconds(20));
}

// Pairs of packets, each with numbers and times of its own.
std::string torn(std::size_t pairs) {
  const std::string head = R"({"t":"a","c":"opus","s":1790000000000000,"u":1790000000000000})";
  std::string text = "MJR00002" + be(head.size(), 2) + head;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < pairs; ++i) {
    const auto number = static_cast<std::uint32_t>(random() % 65'000);
    const auto time = static_cast<std::uint32_t>(random());
    for (const std::uint32_t k : {0U, 1U})
      text +=
          record(2 * i + k, be(0x806f, 2) + be(number + k, 2) + be(time + 960 * k, 4) + be(7, 4) + "\x08x");
  }
  return text;
}

TEST(TrackSurvey, R11_NumbersThatBeginAnewAgainAndAgainAreNobodysClock) {
  const test::TemporaryFolder folder;
  const auto survey_of = [&](std::size_t pairs) {
    test::write_file(folder.path() / "torn.mjr", torn(pairs));
    const TrackSource source{.file = folder.path() / "torn.mjr", .place = "torn.mjr"};
    return survey_track(source, find_coding(source, std::nullopt).value()).value();
  };
  const TrackSurvey often = survey_of(1000);
  EXPECT_EQ(often.clock.left_out, 0U);
  EXPECT_TRUE(check_clock(often, "torn.mjr"));
  const TrackSurvey ever = survey_of(20'000);
  EXPECT_EQ(ever.clock.segments.size(), timeline::ClockObserver::MostSegments);
  EXPECT_EQ(ever.clock.segments.size() + ever.clock.left_out, ever.counts.segments);
  const Status refused = check_clock(ever, "torn.mjr");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Damaged);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("nobody's clock"));
}

// A version 1 .mjr whose RTP time leaps with every packet by as much as it can.
TEST(TrackSurvey, WithoutArrivalTimesNoTrackLastsForYears) {
  const test::TemporaryFolder folder;
  const std::string head = R"({"t":"a","c":"pcmu","s":1790000000000000,"u":1790000000000000})";
  for (const std::uint64_t packets : {100U, 3000U}) {
    std::string text = "MJR00001" + be(head.size(), 2) + head;
    for (std::uint64_t number = 0; number < packets; ++number) {
      const std::string packet = be(0x8000, 2) + be(number, 2) + be(0x7fff'ff00 * number, 4) + be(7, 4) + "u";
      text += "MEETECHO" + be(packet.size(), 2) + packet;
    }
    test::write_file(folder.path() / "leaps.mjr", text);
    const TrackSource source{.file = folder.path() / "leaps.mjr", .place = "leaps.mjr"};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    ASSERT_TRUE(survey);
    EXPECT_EQ(check_clock(*survey, "leaps.mjr").has_value(), packets == 100) << packets;
  }
}

// A recorder that writes one packet of the track `late` records after its turn, each hundredth.
std::string delayed(std::size_t late) {
  constexpr std::size_t Packets = 20'000;  // a thousand a second
  std::vector<std::size_t> order;
  std::deque<std::size_t> waiting;
  for (std::size_t number = 0; number < Packets; ++number) {
    if (number % 100 == 50)
      waiting.push_back(number);
    else
      order.push_back(number);
    if (!waiting.empty() && number >= waiting.front() + late) {
      order.push_back(waiting.front());
      waiting.pop_front();
    }
  }
  order.insert(order.end(), waiting.begin(), waiting.end());
  const std::string head = R"({"t":"v","c":"vp8","s":1790000000000000,"u":1790000000000000})";
  std::string text = "MJR00002" + be(head.size(), 2) + head;
  for (std::size_t i = 0; i < order.size(); ++i)
    text += "MEET" + be(i, 4) + be(12 + 20, 2) + be(0x8060, 2) + be(order[i] & 0xFFFF, 2) +
            be(90 * order[i], 4) + be(7, 4) + std::string(20, static_cast<char>(0x10));
  return text;
}

TEST(TrackSurvey, R6_WhatComesThousandsOfPacketsLateHasItsPlace) {
  const test::TemporaryFolder folder;
  for (const std::size_t late : {1000U, 9000U}) {
    test::write_file(folder.path() / "late.mjr", delayed(late));
    const TrackSource source{.file = folder.path() / "late.mjr", .place = "late"};
    const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
    ASSERT_TRUE(survey);
    EXPECT_EQ(survey->counts.lost, 0U) << late;
    EXPECT_EQ(survey->counts.too_late, 0U) << late;
    EXPECT_EQ(survey->counts.late, 200U) << late;
    EXPECT_EQ(survey->counts.packets, 20'000U) << late;
    EXPECT_EQ(survey->counts.segments, 1U) << late;
    // What is read the second time is the same.
    DamageLog damage;
    const auto packets = TrackPackets::open(source, survey->coding, damage);
    ASSERT_TRUE(packets);
    std::int64_t expected = -1;
    while (const auto packet = (*packets)->next().value()) {
      ASSERT_TRUE(expected < 0 || packet->sequence == expected);
      expected = packet->sequence + 1;
    }
  }
}

TEST(TrackSurvey, R6_WhatComesLaterThanAnyWindowIsTold) {
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "late.mjr", delayed(18'000));
  const TrackSource source{.file = folder.path() / "late.mjr", .place = "late"};
  const auto survey = survey_track(source, find_coding(source, std::nullopt).value());
  ASSERT_TRUE(survey);
  EXPECT_GT(survey->damage.count("late-packets"), 0U);
}

}  // namespace
}  // namespace greffe::intake
