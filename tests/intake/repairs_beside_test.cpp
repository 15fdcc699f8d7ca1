// What repairs a stream and came by a port of its own (RFC 4588 §5.3): made of a sample, whose
// retransmissions came between the media.
#include <gtest/gtest.h>

#include <functional>

#include "base/file.h"
#include "dump/capture_bytes.h"
#include "intake/repair_dumps.h"
#include "intake/stream_map.h"
#include "intake/track_survey.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

namespace bytes = dump::test;

constexpr std::uint32_t CameraOfElif = 0xb256b61f, RtxOfElif = 0xadf34fa4;

// Where they lie in a record: head, Ethernet, IPv4 without options, UDP.
constexpr std::size_t RecordHead = 16, PortsAt = RecordHead + 34, SsrcAt = RecordHead + 50;

// The records of lossy/wire-elif.pcap, whose retransmissions come from port 1002 to 2002 under that SSRC;
// none without samples.
std::vector<std::string> records_with_rtx_beside(std::uint32_t ssrc) {
  const auto path = test::find_sample("lossy/wire-elif.pcap");
  std::vector<std::string> records;
  if (path.empty()) return records;
  const std::string bytes = read_text(path, 1 << 26).value();
  for (std::size_t at = bytes::pcap_header().size(); at + RecordHead < bytes.size();) {
    std::size_t kept = 0;
    for (std::size_t i = 12; i-- > 8;) kept = kept << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    std::string& record = records.emplace_back(bytes.substr(at, RecordHead + kept));
    at += record.size();
    if (record.size() < SsrcAt + 4 || record.compare(SsrcAt, 4, bytes::be(RtxOfElif, 4)) != 0) continue;
    record.replace(PortsAt, 4, bytes::be(1002, 2) + bytes::be(2002, 2));
    record.replace(SsrcAt, 4, bytes::be(ssrc, 4));
  }
  return records;
}

bool is_rtx(const std::string& record) { return record.compare(PortsAt, 2, bytes::be(1002, 2)) == 0; }

std::string capture_of(const std::vector<std::string>& records,
                       const std::function<bool(const std::string&)>& takes) {
  std::string capture = bytes::pcap_header();
  for (const std::string& record : records)
    if (takes(record)) capture += record;
  return capture;
}

std::string with_rtx_beside(std::uint32_t ssrc) {
  const auto records = records_with_rtx_beside(ssrc);
  return records.empty() ? "" : capture_of(records, [](const std::string&) { return true; });
}

struct Repaired {
  std::optional<Ssrc> repairs;
  TrackSurvey survey;
};

// The camera of that capture, with what repairs it.
Repaired read_camera(const std::string& capture, const std::string& sdp = "") {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "wire.pcap";
  test::write_file(path, capture);
  if (!sdp.empty()) test::write_file(folder.path() / "wire.sdp", sdp);
  const auto map = StreamMap::read(path, {});
  EXPECT_TRUE(map);
  Repaired found;
  for (const MappedStream& stream : map->streams())
    if (stream.flow.to.ends_with(":2002")) {
      EXPECT_EQ(stream.use, StreamUse::Retransmission);
      if (stream.repairs) found.repairs = map->streams()[*stream.repairs].ssrc;
    }
  TrackSource source{
      .file = path,
      .place = "wire",
      .selection = {.ssrc = Ssrc{CameraOfElif}, .from = "10.1.1.1:1000", .to = "10.2.2.2:2000"}};
  auto coding = find_coding(source, std::nullopt);
  EXPECT_TRUE(coding);
  map->add_repairs(source.selection, *coding);
  auto survey = survey_track(source, std::move(*coding));
  EXPECT_TRUE(survey);
  if (survey) found.survey = std::move(*survey);
  return found;
}

// As of the sample itself: StreamMap.R19_RetransmissionsFillTheHolesOfASample.
void expect_repaired(const Repaired& camera) {
  EXPECT_EQ(camera.repairs, Ssrc{CameraOfElif});
  EXPECT_EQ(camera.survey.counts.lost, 1U);
  EXPECT_EQ(camera.survey.counts.recovered, 23U);
  EXPECT_EQ(camera.survey.counts.packets, 816U);
  EXPECT_EQ(camera.survey.repair_packets, 190U);
  ASSERT_EQ(camera.survey.flows.size(), 1U);
  EXPECT_EQ(camera.survey.flows.begin()->second.size(), 1U) << "the other port has no media";
}

TEST(RepairsBeside, R19_RetransmissionsOfAnotherPortFillHoles) {
  const std::string capture = with_rtx_beside(RtxOfElif);
  if (capture.empty()) GTEST_SKIP() << "no samples";
  expect_repaired(read_camera(capture));
}

TEST(RepairsBeside, R19_ThereTheyMayHaveTheSameSsrc) {
  const std::string capture = with_rtx_beside(CameraOfElif);
  if (capture.empty()) GTEST_SKIP() << "no samples";
  expect_repaired(read_camera(capture));
}

// The session description says so, and in the packets is nothing that could.
TEST(RepairsBeside, R19_SdpNamesThem) {
  for (const std::uint32_t ssrc : {0x1234U, 0x4321U}) {
    std::vector<std::string> frames;
    for (std::uint16_t n = 0; n < 40; ++n) {
      const auto time = 3000U * n;
      if (n != 20)
        frames.push_back(bytes::ethernet(bytes::ipv4(bytes::udp(
            bytes::be(0x8060, 2) + bytes::be(n, 2) + bytes::be(time, 4) + bytes::be(0x1234, 4) + "\x10....",
            4000, 5000))));
      else
        frames.push_back(bytes::ethernet(
            bytes::ipv4(bytes::udp(bytes::be(0x8061, 2) + bytes::be(7, 2) + bytes::be(time + 5'000'000, 4) +
                                       bytes::be(ssrc, 4) + bytes::be(n, 2) + "\x10....",
                                   4002, 5002))));
    }
    const test::TemporaryFolder folder;
    const Path path = folder.path() / "call.pcap";
    test::write_file(path, bytes::pcap(frames));
    test::write_file(folder.path() / "call.sdp",
                     "v=0\nc=IN IP4 10.0.0.2\na=group:FID 1 2\nm=video 5000 RTP/AVPF 96\na=mid:1\n"
                     "a=rtpmap:96 VP8/90000\nm=video 5002 RTP/AVPF 97\na=mid:2\na=rtpmap:97 rtx/90000\n"
                     "a=fmtp:97 apt=96;rtx-time=3000\n");
    const auto map = StreamMap::read(path, {});
    ASSERT_TRUE(map);
    ASSERT_EQ(map->streams().size(), 2U);
    EXPECT_EQ(map->streams()[1].use, StreamUse::Retransmission);
    EXPECT_EQ(map->streams()[1].repairs, 0U);
    TrackSource source{.file = path,
                       .place = "call",
                       .selection = {.ssrc = Ssrc{0x1234}, .from = "10.0.0.1:4000", .to = "10.0.0.2:5000"}};
    auto coding = find_coding(source, std::nullopt);
    ASSERT_TRUE(coding);
    map->add_repairs(source.selection, *coding);
    const auto survey = survey_track(source, *coding);
    ASSERT_TRUE(survey);
    EXPECT_EQ(survey->counts.lost, 0U);
    EXPECT_EQ(survey->counts.recovered, 1U);
  }
}

// Two cameras between the same hosts: which of them is repeated is told by nothing.
TEST(RepairsBeside, R19_WhatCouldBeOfTwoIsOfNone) {
  std::vector<std::string> frames;
  for (std::uint16_t n = 0; n < 40; ++n)
    for (const std::uint16_t camera : {std::uint16_t{0}, std::uint16_t{1}})
      frames.push_back(bytes::ethernet(bytes::ipv4(bytes::udp(
          bytes::rtp_packet(n, 0x1234U + camera, 3000), static_cast<std::uint16_t>(4000 + 2 * camera),
          static_cast<std::uint16_t>(5000 + 2 * camera)))));
  for (std::uint16_t n = 0; n < 8; ++n)
    frames.push_back(
        bytes::ethernet(bytes::ipv4(bytes::udp(bytes::rtp_packet(n, 0x77, 3000, 97), 4004, 5004))));
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "call.pcap";
  test::write_file(path, bytes::pcap(frames));
  test::write_file(folder.path() / "call.sdp",
                   "v=0\nc=IN IP4 10.0.0.2\nm=video 5000 RTP/AVPF 96\na=rtpmap:96 VP8/90000\n"
                   "m=video 5002 RTP/AVPF 96\na=rtpmap:96 VP8/90000\n"
                   "m=video 5004 RTP/AVPF 97\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n");
  const auto map = StreamMap::read(path, {});
  ASSERT_TRUE(map);
  ASSERT_EQ(map->streams().size(), 3U);
  EXPECT_EQ(map->streams()[2].use, StreamUse::Retransmission);
  EXPECT_FALSE(map->streams()[2].repairs);
}

// A recorder that writes a file for each port.
TEST(RepairsBeside, R19_ADumpOfRetransmissionsRepairsATrackOfAnother) {
  const auto records = records_with_rtx_beside(CameraOfElif);
  if (records.empty()) GTEST_SKIP() << "no samples";
  const test::TemporaryFolder folder;
  const auto file = [&](const char* name, const std::function<bool(const std::string&)>& takes) {
    test::write_file(folder.path() / name, capture_of(records, takes));
    return TrackSource{.file = folder.path() / name, .place = name};
  };
  const auto media = file("media.pcap", [](const std::string& record) { return !is_rtx(record); });
  const auto rtx = file("rtx.pcap", is_rtx);
  const auto map = StreamMap::read(media.file, {});
  ASSERT_TRUE(map);
  std::vector<SurveyedTrack> tracks;
  for (const MappedStream& stream : map->streams()) {
    TrackSource source = media;
    source.selection = {.ssrc = stream.ssrc, .from = stream.flow.from, .to = stream.flow.to};
    auto coding = find_coding(source, std::nullopt);
    if (!coding) continue;
    auto survey = survey_track(source, std::move(*coding));
    ASSERT_TRUE(survey);
    tracks.push_back({.source = source, .survey = std::move(*survey)});
  }
  ASSERT_EQ(tracks.size(), 2U);
  const std::size_t camera = tracks[0].source.selection.ssrc == Ssrc{CameraOfElif} ? 0 : 1;
  EXPECT_EQ(tracks[camera].survey.counts.lost, 24U);
  DamageLog damage;
  const auto sound = tracks[1 - camera].source;
  EXPECT_FALSE(repair_from(sound, tracks, damage).value()) << "of the same file";
  const auto copy = file("copy.pcap", [](const std::string& record) { return !is_rtx(record); });
  EXPECT_FALSE(repair_from(copy, tracks, damage).value()) << "media repairs nothing";
  EXPECT_TRUE(repair_from(rtx, tracks, damage).value());
  expect_repaired({Ssrc{CameraOfElif}, tracks[camera].survey});
  EXPECT_TRUE(damage.empty());
}

}  // namespace
}  // namespace greffe::intake
