#include "intake/recorded_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "dump/capture_bytes.h"
#include "intake/payload_sketch.h"
#include "intake/recordings.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;
using test::capture, test::Leg, test::Packets, test::read_files, test::recording, test::talk;

TEST(RecordedFiles, NamesOfJanusSayRoomAndUser) {
  EXPECT_EQ(parts_of_name("videoroom-4100-user-101-1795175924651388-audio-0.mjr").room, "4100");
  EXPECT_EQ(parts_of_name("videoroom-4100-user-101-1795175924651388-audio-0.mjr").user, "101");
  EXPECT_EQ(parts_of_name("echotest-user-7-video.mjr").user, "7");
  EXPECT_EQ(parts_of_name("holiday.mjr").user, "");
}

RecordedStream stream(const char* room, const char* user, Duration first, Duration last) {
  RecordedStream made{
      .file = std::string(user) + ".mjr", .name = {room, user}, .codec = media::CodecId::Opus};
  made.first = ArrivalTime(first);
  made.last = ArrivalTime(last);
  return made;
}

std::vector<RecordedGroup> meetings_of(std::vector<RecordedStream> streams) {
  return meetings_among({.files = std::move(streams), .witnesses = {}, .refusals = {}});
}

TEST(RecordedFiles, RoomsAndLongPausesPartMeetings) {
  const auto one = meetings_of({stream("a", "1", 0s, 60s), stream("a", "2", 1min + 29min, 40min)});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].files.size(), 2u);
  EXPECT_EQ(meetings_of({stream("a", "1", 0s, 60s), stream("a", "2", 32min, 40min)}).size(), 2u);
  EXPECT_EQ(meetings_of({stream("a", "1", 0s, 60s), stream("b", "1", 0s, 60s)}).size(), 2u);
}

TEST(RecordedFiles, WhatHasNoTimeOfDayIsOfItsRoomsFirstMeeting) {
  const Duration noon = std::chrono::hours(24 * 365 * 50);
  RecordedStream clockless = stream("a", "2", 0s, 10s);
  clockless.wall_clock = false;
  const auto one = meetings_of({clockless, stream("a", "1", noon, noon + 60s)});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].files.size(), 2U);
  const auto two =
      meetings_of({clockless, stream("a", "1", noon, noon + 60s), stream("a", "1", noon + 1h, noon + 2h)});
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].files.size(), 2U);
  EXPECT_EQ(meetings_of({clockless, clockless}).size(), 1U);
}

TEST(RecordedFiles, TracksOfOneUserAreOneParticipant) {
  RecordedStream camera = stream("a", "1", 0s, 60s);
  camera.codec = media::CodecId::Vp8;
  const auto meeting = describe({.name = "room a", .files = {stream("a", "1", 0s, 60s), camera}}, "Council");
  ASSERT_EQ(meeting.participants.size(), 1u);
  ASSERT_EQ(meeting.participants[0].tracks.size(), 2u);
  EXPECT_EQ(meeting.participants[0].tracks[0].role, "microphone");
  EXPECT_EQ(meeting.participants[0].tracks[1].role, "camera");
}

TEST(RecordedFiles, R71_NamesThatAreNoUtf8MakeIdsThatAre) {
  RecordedStream first = stream("", "", 0s, 60s), second = first, third = first;
  first.file = "caf\xe9.mjr";
  second.file = "caf\xe8.mjr";
  third.file = "th\u00e9.mjr";
  const auto meeting = describe({.name = "", .files = {first, second, third, first}}, "ch\xe2teau");
  EXPECT_EQ(meeting.title, "ch\uFFFDteau");
  ASSERT_EQ(meeting.participants.size(), 3u);
  EXPECT_EQ(meeting.participants[0].id, "caf\uFFFD");
  EXPECT_EQ(meeting.participants[1].id, "caf\uFFFD 2");
  EXPECT_EQ(meeting.participants[2].id, "th\u00e9");
  EXPECT_EQ(meeting.participants[0].tracks.size(), 2u);
  EXPECT_EQ(meeting.participants[0].tracks[0].file, "caf\xe9.mjr") << "by which it is opened";
}

// Payloads of 40 bytes that tell their number; RTP time starts at `start`.
PayloadSketch sketch(std::uint32_t first, std::uint32_t count, std::uint32_t start) {
  PayloadSketch made;
  for (std::uint32_t number = first; number < first + count; ++number) {
    std::array<std::uint8_t, 40> payload{};
    for (std::size_t i = 0; i < payload.size(); ++i)
      payload[i] = static_cast<std::uint8_t>((number >> (8 * (i % 4))) + i);
    rtp::RtpPacket packet;
    packet.timestamp = RtpTimestamp{start + number * 960};
    packet.payload = payload;
    made.add(packet);
  }
  return made;
}

TEST(PayloadSketch, FindsTheSameMediaUnderOtherNumbers) {
  const PayloadSketch recorded = sketch(0, 5000, 0);
  const PayloadSketch wire = sketch(1000, 5000, 0xFFFF'0000u);
  EXPECT_GT(recorded.share_in(wire), 0.6);
  EXPECT_LT(recorded.share_in(wire), 0.95);
  ASSERT_TRUE(wire.shift_to(recorded));
  EXPECT_EQ(*wire.shift_to(recorded), 0x0001'0000u);
}

TEST(PayloadSketch, OtherMediaIsNotTheSame) {
  EXPECT_EQ(sketch(0, 1000, 0).share_in(sketch(100'000, 1000, 0)), 0);
  EXPECT_FALSE(sketch(0, 1000, 0).shift_to(sketch(100'000, 1000, 0)));
}

TEST(PayloadSketch, WhatComesAgainAndAgainTellsNobody) {
  PayloadSketch muted;
  const std::array<std::uint8_t, 160> silence{};
  for (std::uint32_t i = 0; i < 500; ++i) {
    rtp::RtpPacket packet;
    packet.timestamp = RtpTimestamp{160 * i};
    packet.payload = silence;
    muted.add(packet);
  }
  EXPECT_TRUE(muted.is_one_again_and_again());
  EXPECT_EQ(muted.share_in(muted), 0);
  EXPECT_FALSE(muted.shift_to(muted));
  EXPECT_FALSE(sketch(0, 10, 0).is_one_again_and_again());
  EXPECT_FALSE(PayloadSketch().is_one_again_and_again());
}

// One talker's G.711: each payload as told by `payload_of`, from 10.0.0.1 and port `from` to port `to`.
std::string call(std::uint32_t ssrc, std::uint16_t from, const std::vector<std::uint16_t>& to,
                 const std::function<char(std::uint16_t)>& payload_of) {
  namespace bytes = dump::test;
  std::vector<std::string> frames;
  for (std::uint16_t n = 0; n < 60; ++n)
    for (const std::uint16_t port : to) {
      std::string packet = bytes::rtp_packet(n, ssrc, 160, 0);
      packet.replace(12, 160, std::string(160, payload_of(n)));
      frames.push_back(bytes::ethernet(bytes::ipv4(bytes::udp(packet, from, port))));
    }
  return bytes::pcap(frames);
}

TEST(RecordedFiles, WhoIsMutedIsNotTakenForAnother) {
  const auto silence = [](std::uint16_t) { return '\xFF'; };
  EXPECT_EQ(
      read_files({{"a.pcap", call(1, 4000, {5000}, silence)}, {"b.pcap", call(2, 4002, {5002}, silence)}})
          .files.size(),
      2U);
}

TEST(RecordedFiles, PacketsCapturedOnTwoInterfacesAreOneStream) {
  const auto read = read_files(
      {{"any.pcap", call(1, 4000, {5000, 6000}, [](std::uint16_t n) { return static_cast<char>(n); })}});
  ASSERT_EQ(read.files.size(), 1U);
  EXPECT_TRUE(read.witnesses.empty());
  ASSERT_EQ(read.refusals.size(), 1U);
  EXPECT_NE(read.refusals.front().message().find("10.0.0.2:5000"), std::string::npos);
}

TEST(RecordedFiles, R107_TheSameBytesUnderTwoNamesAreOneFile) {
  const std::string bytes = call(1, 4000, {5000}, [](std::uint16_t) { return '\xFF'; });
  const auto read = read_files({{"a.pcap", bytes}, {"b.pcap", bytes}});
  EXPECT_EQ(read.files.size(), 1U);
  ASSERT_EQ(read.refusals.size(), 1U);
  EXPECT_EQ(read.refusals.front().message(), "b.pcap: left out: the same bytes as a.pcap");
}

std::size_t refused_in(const std::vector<RecordedStream>& streams) {
  return static_cast<std::size_t>(
      std::count_if(streams.begin(), streams.end(), [](const auto& stream) { return stream.refused; }));
}

TEST(RecordedFiles, R52_RecordingsOfNoUseAreNamedSoThatTheyAreToldAndKept) {
  for (const std::string& bad : {std::string(), std::string("MJR00002\x01", 9), recording({}),
                                 recording(talk(0, 100, 8), R"(,"e":true)")}) {
    const auto read = read_files({{"videoroom-1-user-9-0-audio-0.mjr", recording(talk(0, 100, 7))},
                                  {"videoroom-1-user-8-0-audio-0.mjr", bad}});
    EXPECT_TRUE(read.refusals.empty());
    const auto groups = meetings_among(read);
    ASSERT_EQ(groups.size(), 1U);
    ASSERT_EQ(groups[0].files.size(), 2U);
    EXPECT_EQ(refused_in(groups[0].files), 1U);
    const auto meeting = describe(groups[0], "T");
    ASSERT_EQ(meeting.participants.size(), 2U);
    EXPECT_EQ(meeting.participants[1].id, "8");
    EXPECT_EQ(meeting.participants[1].tracks.at(0).codec, std::nullopt);
  }
}

TEST(RecordedFiles, WhatIsNoRecordingIsNoDamage) {
  const auto read = read_files({{"a.mjr", recording(talk(0, 100, 7))}, {"README", "a letter"}});
  EXPECT_EQ(read.files.size(), 1U);
  EXPECT_EQ(read.refusals.size(), 1U);
}

TEST(RecordedFiles, RecordingsOfNoUseMakeNoMeetingOfTheirOwn) {
  const auto read = read_files({{"videoroom-1-user-9-0-audio-0.mjr", recording(talk(0, 100, 7))},
                                {"videoroom-2-user-9-0-audio-0.mjr", recording(talk(0, 100, 8))},
                                {"videoroom-2-user-8-0-audio-0.mjr", ""},
                                {"videoroom-3-user-8-0-audio-0.mjr", "no header"}});
  const auto groups = meetings_among(read);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].files.size(), 1U);
  ASSERT_EQ(groups[0].damage.entries().size(), 1U) << "nobody knows which meeting it is of";
  EXPECT_EQ(groups[0].damage.entries()[0].place, "videoroom-3-user-8-0-audio-0.mjr");
  EXPECT_EQ(groups[1].files.size(), 2U);
  EXPECT_TRUE(groups[1].damage.empty());
}

TEST(RecordedFiles, R13_WhatNothingNamesInAWitnessIsToldUnlessItIsKnown) {
  const auto janus = recording(talk(0, 200, 7));
  const Leg known{.packets = talk(0, 200, 7, 105)};
  const Leg alone{.packets = talk(0, 200, 8, 105), .from = 4002};
  EXPECT_EQ(refused_in(read_files({{"a.mjr", janus}, {"wire.pcap", capture({known})}}).files), 0U);
  const auto read = read_files({{"a.mjr", janus}, {"wire.pcap", capture({known, alone})}});
  EXPECT_EQ(read.witnesses.size(), 1U);
  ASSERT_EQ(refused_in(read.files), 1U);
  EXPECT_EQ(read.files.back().ssrc, Ssrc{8});
}

// The same packets with the first bytes of their payloads, or the same ones in all.
Packets with_payload(Packets packets, std::size_t bytes, const std::string& same = "") {
  for (auto& [ms, packet] : packets)
    packet = same.empty() ? packet.substr(0, 12 + bytes) : packet.substr(0, 12) + same;
  return packets;
}

TEST(RecordedFiles, OfWhoIsKnownOnlyOnePayloadAgainAndAgainIsLeftOutAndTold) {
  const auto janus = recording(talk(0, 200, 7));
  const Leg known{.packets = talk(0, 200, 7)};
  const auto beside = [&](const Packets& packets) {
    return read_files({{"a.mjr", janus}, {"wire.pcap", capture({known, {.packets = packets}})}});
  };
  EXPECT_EQ(beside(with_payload(talk(0, 200, 8), 10)).files.size(), 2U) << "small payloads";
  for (const std::string& silence : {std::string(160, '\xFF'), std::string("\xF8\xFF\xFE")}) {
    const auto read = beside(with_payload(talk(0, 200, 8), 0, silence));
    EXPECT_EQ(read.files.size(), 1U);
    ASSERT_EQ(read.refusals.size(), 1U);
    EXPECT_NE(read.refusals[0].message().find("SSRC 00000008"), std::string::npos);
  }
}

TEST(RecordedFiles, StreamsTooShortToBeAnyAreTold) {
  const Leg speech{.packets = talk(0, 200, 7)};
  const Leg few{.packets = talk(0, 9, 8), .from = 4002}, one{.packets = talk(50, 51, 9)};
  const auto read = read_files({{"wire.pcap", capture({speech, few, one})}});
  EXPECT_EQ(read.files.size(), 1U);
  ASSERT_EQ(read.refusals.size(), 1U);
  EXPECT_EQ(read.refusals[0].message(),
            "wire.pcap: left out: 10 packets in 2 streams of fewer than 10 packets (SSRC 00000009 from "
            "10.0.0.1:4000 to 10.0.0.2:5000, …)");
}

// Janus has her microphone; the capture of her client has that and the camera, too.
TEST(RecordedFiles, OfACaptureOnlyWhatIsKnownIsLeftOut) {
  const auto wire = test::find_sample("council/wire-amelie.pcap");
  const auto microphone = test::find_sample("council/videoroom-4100-user-101-1795175924651388-audio-0.mjr");
  if (wire.empty() || microphone.empty()) GTEST_SKIP() << "samples are not here";
  const auto read = read_recorded_files({microphone, wire}, 1);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->files.size(), 2U);
  EXPECT_EQ(read->files[1].codec, media::CodecId::Vp8);
  EXPECT_EQ(read->files[1].name.user, "101");
  ASSERT_EQ(read->witnesses.size(), 1U);
  const auto groups = meetings_among(*read);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].witnesses, std::vector{Path(wire)});
}

TEST(PayloadSketch, MemoryDoesNotGrow) { EXPECT_LE(sketch(0, 100'000, 0).size(), 2 * PayloadSketch::Most); }

}  // namespace
}  // namespace greffe::intake
