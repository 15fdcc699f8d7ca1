#include "intake/stream_map.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dump/capture_bytes.h"
#include "dump/sdp.h"
#include "intake/described_streams.h"
#include "intake/repair_votes.h"
#include "intake/track_survey.h"
#include "rtp/header_extension.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

const std::map<int, std::string> Rids{{10, std::string(rtp::uri::StreamId)},
                                      {11, std::string(rtp::uri::RepairedStreamId)}};

const MappedStream* find(const StreamMap& map, std::uint32_t ssrc) {
  const auto found = std::find_if(map.streams().begin(), map.streams().end(),
                                  [&](const MappedStream& stream) { return stream.ssrc.value == ssrc; });
  return found == map.streams().end() ? nullptr : &*found;
}

// What RTX of SSRC `rtx` repairs in the sample; 0 when nothing.
std::uint32_t repaired_by(const StreamMap& map, std::uint32_t rtx) {
  const MappedStream* stream = find(map, rtx);
  EXPECT_TRUE(stream && stream->use == StreamUse::Retransmission);
  return stream && stream->repairs ? map.streams()[*stream->repairs].ssrc.value : 0;
}

// The captures name nothing: retransmissions are found by their packets.
TEST(StreamMap, R19_FindsRetransmissionsInSamples) {
  struct Case {
    const char* file;
    std::uint32_t rtx, media;
  };
  for (const Case& one : {Case{"lossy/wire-elif.pcap", 0xadf34fa4, 0xb256b61f},
                          {"codecs/wire-sven.pcap", 0xb25831ce, 0xe34edf86},
                          {"council/wire-amelie.pcap", 0xd433f4d6, 0xf3b7a599},
                          {"council/wire-dana.pcap", 0x2a4396ae, 0x061e2ef7},
                          {"h264/wire-alba.pcap", 0x9b91395b, 0xe9f5d268},
                          {"av1/wire-celia.pcap", 0x177efd8b, 0x82671457},
                          {"svc/wire-edda.pcap", 0xd64fe308, 0x952a35c5},
                          {"share/wire-noor-screen.pcap", 0xeeed9a5b, 0x79f41c14}}) {
    const auto path = test::find_sample(one.file);
    if (path.empty()) GTEST_SKIP() << "no samples";
    const auto map = StreamMap::read(path, {});
    ASSERT_TRUE(map);
    EXPECT_EQ(repaired_by(*map, one.rtx), one.media) << one.file;
    const MappedStream* media = find(*map, one.media);
    ASSERT_TRUE(media);
    EXPECT_EQ(media->use, StreamUse::Media) << one.file;
  }
}

TEST(StreamMap, StreamsThatItLeavesOutAreTold) {
  const test::TemporaryFolder folder;
  for (const std::uint32_t streams : {1024u, 1100u}) {
    std::vector<std::string> frames;
    for (std::uint16_t n = 0; n < 4; ++n)
      for (std::uint32_t ssrc = 1; ssrc <= streams; ++ssrc)
        frames.push_back(
            dump::test::ethernet(dump::test::ipv4(dump::test::udp(dump::test::rtp_packet(n, ssrc)))));
    test::write_file(folder.path() / "many.pcap", dump::test::pcap(frames));
    const auto map = StreamMap::read(folder.path() / "many.pcap", {});
    ASSERT_TRUE(map);
    EXPECT_EQ(map->streams().size(), 1024u);
    DamageLog damage;
    map->tell_left_out("many.pcap", damage);
    ASSERT_EQ(damage.count("streams-left-out"), streams > 1024 ? 1u : 0u);
    EXPECT_EQ(damage.empty() ? 0u : damage.entries().front().amount, (streams - 1024) * 4);
  }
}

TEST(StreamMap, R17_StreamsOfPaddingAreProbes) {
  const auto path = test::find_sample("codecs/wire-rosa.pcap");
  if (path.empty()) GTEST_SKIP() << "no samples";
  const auto map = StreamMap::read(path, {});
  ASSERT_TRUE(map);
  ASSERT_TRUE(find(*map, 0x2c0177dc));
  EXPECT_EQ(find(*map, 0x2c0177dc)->use, StreamUse::Probes);
}

TEST(StreamMap, R47_LayersTellTheirNames) {
  const auto path = test::find_sample("codecs/wire-sven.pcap");
  if (path.empty()) GTEST_SKIP() << "no samples";
  const auto map = StreamMap::read(path, Rids);
  ASSERT_TRUE(map);
  EXPECT_EQ(find(*map, 0xd4c529a9)->rid, "h");
  EXPECT_EQ(find(*map, 0x684033d7)->rid, "m");
  EXPECT_EQ(find(*map, 0xe34edf86)->rid, "l");
  EXPECT_EQ(find(*map, 0xb25831ce)->repaired_rid, "l");
}

// README of the sample: 24 numbers missing on the wire, 1 in what Janus recorded after retransmissions.
TEST(StreamMap, R19_RetransmissionsFillTheHolesOfASample) {
  const auto path = test::find_sample("lossy/wire-elif.pcap");
  if (path.empty()) GTEST_SKIP() << "no samples";
  const auto map = StreamMap::read(path, {});
  ASSERT_TRUE(map);
  TrackSource source{.file = path, .place = "wire", .selection = {.ssrc = Ssrc{0xb256b61f}}};
  auto coding = find_coding(source, std::nullopt);
  ASSERT_TRUE(coding);
  const auto plain = survey_track(source, *coding);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->counts.lost, 24U);
  map->add_repairs(source.selection, *coding);
  const auto repaired = survey_track(source, *coding);
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->counts.lost, 1U);
  EXPECT_EQ(repaired->counts.recovered, 23U);
  EXPECT_EQ(repaired->counts.packets, 816U);
  EXPECT_EQ(repaired->counts.segments, 1U);
  EXPECT_EQ(repaired->repair_packets, 190U);
}

// The same capture, of which a session description says that its retransmissions are of another stream.
TEST(StreamMap, R19_WhatIsDeclaredToRepairAnotherRepairsNothingHere) {
  const auto sample = test::find_sample("lossy/wire-elif.pcap");
  if (sample.empty()) GTEST_SKIP() << "no samples";
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "wire.pcap";
  std::filesystem::copy_file(sample, path);
  for (const std::uint32_t media : {0xb256b61fu, 0x01020304u}) {
    test::write_file(
        folder.path() / "wire.sdp",
        fmt::format("v=0\nc=IN IP4 10.2.2.2\nm=video 2000 RTP/AVP 96 97 111\na=rtpmap:96 VP8/90000\n"
                    "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\na=rtpmap:111 opus/48000/2\n"
                    "a=ssrc-group:FID {} {}\n",
                    media, 0xadf34fa4u));
    const auto map = StreamMap::read(path, {});
    ASSERT_TRUE(map);
    const bool is_here = media == 0xb256b61f;
    EXPECT_EQ(repaired_by(*map, 0xadf34fa4), is_here ? media : 0);
    DamageLog damage;
    map->tell_left_out("wire.pcap", damage);
    EXPECT_EQ(damage.count("repairs-nothing"), is_here ? 0u : 1u);
  }
}

TEST(DescribedStreams, R49_OneSsrcIsOneTrack) {
  const auto path = test::find_sample("codecs/wire-sven.pcap");
  if (path.empty()) GTEST_SKIP() << "no samples";
  const auto map = StreamMap::read(path, {});
  ASSERT_TRUE(map);
  DamageLog damage;
  const auto cameras = tracks_of({.file = path.string(), .role = "camera"}, *map, damage);
  ASSERT_TRUE(cameras);
  EXPECT_EQ(cameras->size(), 3U);
  const auto sound = tracks_of({.file = path.string(), .role = "microphone"}, *map, damage);
  ASSERT_TRUE(sound);
  ASSERT_EQ(sound->size(), 1U);
  EXPECT_EQ(sound->front().source.selection.ssrc, Ssrc{0x1a3dfcd6});
  EXPECT_TRUE(damage.empty());
}

// Both ends of a call took one SSRC: 40 packets one way, 20 the other.
TEST(DescribedStreams, R12_OneSsrcFromTwoSendersIsTheOneWithMorePackets) {
  namespace bytes = dump::test;
  std::string file = bytes::pcap_header();
  const auto packet = [](int number, int clock) {
    return bytes::be(0x8000, 2) + bytes::be(static_cast<std::uint64_t>(number), 2) +
           bytes::be(static_cast<std::uint64_t>(clock + 160 * number), 4) + bytes::be(0x1234, 4) +
           std::string(160, static_cast<char>(number));
  };
  for (int i = 0; i < 40; ++i) {
    const auto ms = static_cast<std::uint64_t>(20 * i);
    file += bytes::pcap_record(bytes::ethernet(bytes::ipv4(bytes::udp(packet(i, 7), 4000, 5000))), ms);
    if (i % 2 == 0)
      file += bytes::pcap_record(
          bytes::ethernet(bytes::ipv4(bytes::udp(packet(9000 + i / 2, 70'000), 5000, 4000))), ms);
  }
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "call.pcap", file);
  const auto map = StreamMap::read(folder.path() / "call.pcap", {});
  ASSERT_TRUE(map);
  ASSERT_EQ(map->streams().size(), 2U);
  DamageLog damage;
  timeline::DescribedTrack track{.file = (folder.path() / "call.pcap").string(), .role = "microphone"};
  track.ssrc = Ssrc{0x1234};
  const auto tracks = tracks_of(track, *map, damage);
  ASSERT_TRUE(tracks);
  ASSERT_EQ(tracks->size(), 1U);
  EXPECT_EQ(tracks->front().source.selection.from, "10.0.0.1:4000");
  EXPECT_EQ(damage.count("several-senders"), 1U);
  const auto coding = find_coding(tracks->front().source, std::nullopt);
  ASSERT_TRUE(coding);
  const auto survey = survey_track(tracks->front().source, *coding);
  ASSERT_TRUE(survey);
  EXPECT_EQ(survey->counts.packets, 40U);
  EXPECT_EQ(survey->counts.segments, 1U);
  track.ssrc.reset();
  const auto both = tracks_of(track, *map, damage);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->size(), 2U) << "without an SSRC each sender is a track";
}

// RFC 5576 §4.2 and the groups of browsers, without addresses as in an offer.
TEST(StreamMap, SdpGroupsStreams) {
  const auto media = dump::parse_sdp(
      "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=ssrc-group:FID 1 2\r\na=ssrc-group:SIM 1 3 4\r\n"
      "a=ssrc-group:FID 5\r\na=ssrc-group:FEC-FR x 2\r\na=ssrc-group:\r\n");
  ASSERT_EQ(media.size(), 1U);
  const auto& groups = media[0].description.groups;
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].semantics, "FID");
  EXPECT_EQ(groups[1].ssrcs, (std::vector<Ssrc>{Ssrc{1}, Ssrc{3}, Ssrc{4}}));
}

// RFC 8851 §10 and RFC 8853 §6, shortened.
TEST(StreamMap, R49_SdpNamesLayers) {
  const auto media = dump::parse_sdp(
      "m=video 9 RTP/AVP 97 98\na=rid:1 send pt=97,98;max-width=1280;max-height=720\na=rid:2 send "
      "max-fps=15;pt=98\n"
      "a=rid:3 send\na=rid:x!y send\na=rid:\na=rid:2 recv pt=1\na=rid:4 send pt=300,x,,96\n"
      "a=simulcast:send 1;~2,4 recv 9\n"
      "m=video 9 RTP/AVP 96\na=rid:hi recv pt=96\n");
  ASSERT_EQ(media.size(), 2U);
  const auto& names = media[0].description.names;
  ASSERT_EQ(names.size(), 3U) << "3 is no layer";
  EXPECT_EQ(names[0].rid, "1");
  EXPECT_EQ(names[0].types, (std::vector{PayloadType{97}, PayloadType{98}}));
  EXPECT_EQ(names[1].types, std::vector{PayloadType{98}});
  EXPECT_EQ(names[2].rid, "4");
  EXPECT_EQ(names[2].types, std::vector{PayloadType{96}});
  ASSERT_EQ(media[1].description.names.size(), 1U);
  EXPECT_EQ(media[1].description.names[0].rid, "hi");
}

// Layers that no header extension names, since the recorder came late: SDP gave each a type of its own.
TEST(TrackSurvey, R49_ALayerHasTheNameThatSdpGivesItsType) {
  namespace bytes = dump::test;
  std::string file = bytes::pcap_header();
  for (int i = 0; i < 40; ++i) {
    for (const int layer : {0, 1}) {
      const auto type = static_cast<std::uint64_t>(0x8060 + layer);
      const std::string packet = bytes::be(type, 2) + bytes::be(static_cast<std::uint64_t>(i), 2) +
                                 bytes::be(static_cast<std::uint64_t>(3000 * i + 77 * layer), 4) +
                                 bytes::be(static_cast<std::uint64_t>(100 + layer), 4) +
                                 std::string(50, '\x10');
      file += bytes::pcap_record(bytes::ethernet(bytes::ipv4(bytes::udp(packet, 4000, 5000))),
                                 static_cast<std::uint64_t>(33 * i));
    }
  }
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "call.pcap";
  test::write_file(path, file);
  test::write_file(
      folder.path() / "call.sdp",
      "v=0\nc=IN IP4 10.0.0.2\nm=video 5000 RTP/AVP 96 97\na=rtpmap:96 VP8/90000\na=rtpmap:97 VP8/90000\n"
      "a=rid:big send pt=96\na=rid:small send pt=97\na=simulcast:send big;small\n");
  for (const std::uint32_t ssrc : {100U, 101U}) {
    const TrackSource source{.file = path, .place = "call", .selection = {.ssrc = Ssrc{ssrc}}};
    const auto coding = find_coding(source, std::nullopt);
    ASSERT_TRUE(coding);
    const auto survey = survey_track(source, *coding);
    ASSERT_TRUE(survey);
    EXPECT_EQ(survey->rid, ssrc == 100 ? "big" : "small");
  }
}

// What one client calls 97 is another's camera (browsers number as they like).
TEST(StreamMap, EachFlowHasItsOwnPayloadTypes) {
  namespace bytes = dump::test;
  std::vector<std::string> frames;
  for (std::uint16_t n = 0; n < 40; ++n)
    for (const std::uint16_t client : {std::uint16_t{0}, std::uint16_t{1}})
      frames.push_back(bytes::ethernet(bytes::ipv4(bytes::udp(
          bytes::rtp_packet(n, 0x1234U + client, 3000, static_cast<std::uint8_t>(96 + client)),
          static_cast<std::uint16_t>(4000 + client), static_cast<std::uint16_t>(5000 + 2 * client)))));
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "call.pcap";
  test::write_file(path, bytes::pcap(frames));
  test::write_file(folder.path() / "call.sdp",
                   "v=0\nc=IN IP4 10.0.0.2\nm=video 5000 RTP/AVP 96 97\na=rtpmap:96 VP8/90000\n"
                   "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\nm=video 5002 RTP/AVP 97 98\n"
                   "a=rtpmap:97 VP8/90000\na=rtpmap:98 rtx/90000\na=fmtp:98 apt=97\n");
  const auto map = StreamMap::read(path, {});
  ASSERT_TRUE(map);
  for (const std::uint32_t ssrc : {0x1234U, 0x1235U}) {
    ASSERT_TRUE(find(*map, ssrc));
    EXPECT_EQ(find(*map, ssrc)->use, StreamUse::Media) << ssrc;
  }
}

// Ten packets of PCMU, then forty of PCMA under the same SSRC.
TEST(DescribedStreams, ACodingIsFoundInThePacketsThatTheMapCounted) {
  namespace bytes = dump::test;
  std::vector<std::string> frames;
  for (std::uint16_t n = 0; n < 50; ++n)
    frames.push_back(bytes::ethernet(
        bytes::ipv4(bytes::udp(bytes::rtp_packet(n, 0x1234, 160, n < 10 ? 0 : 8), 4000, 5000))));
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "call.pcap";
  test::write_file(path, bytes::pcap(frames));
  const auto map = StreamMap::read(path, {});
  ASSERT_TRUE(map);
  DamageLog damage;
  const auto tracks = tracks_of({.file = path.string(), .role = "microphone"}, *map, damage);
  ASSERT_TRUE(tracks);
  ASSERT_EQ(tracks->size(), 1U);
  TrackSource source = tracks->front().source;
  EXPECT_EQ(source.packets, 50U);
  EXPECT_EQ(find_coding(source, std::nullopt)->codec, media::CodecId::Pcma);
  source.packets = 10;
  EXPECT_EQ(find_coding(source, std::nullopt)->codec, media::CodecId::Pcmu);
}

}  // namespace
}  // namespace greffe::intake
