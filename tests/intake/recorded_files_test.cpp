#include "intake/recorded_files.h"

#include <gtest/gtest.h>

#include <array>

#include "intake/payload_sketch.h"

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;

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

TEST(RecordedFiles, RoomsAndLongPausesPartMeetings) {
  const auto one = meetings_among({stream("a", "1", 0s, 60s), stream("a", "2", 1min + 29min, 40min)});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].files.size(), 2u);
  EXPECT_EQ(meetings_among({stream("a", "1", 0s, 60s), stream("a", "2", 32min, 40min)}).size(), 2u);
  EXPECT_EQ(meetings_among({stream("a", "1", 0s, 60s), stream("b", "1", 0s, 60s)}).size(), 2u);
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

TEST(PayloadSketch, MemoryDoesNotGrow) {
  EXPECT_LE(sketch(0, 100'000, 0).samples().size(), 2 * PayloadSketch::Most);
}

}  // namespace
}  // namespace greffe::intake
