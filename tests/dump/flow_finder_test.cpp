#include "dump/flow_finder.h"

#include <gmock/gmock.h>

#include "capture_bytes.h"

namespace greffe::dump::test {
namespace {

using ::testing::HasSubstr;

ReadDump read_payloads(const std::vector<std::pair<std::uint16_t, std::string>>& payloads,
                       const Selection& selection = {}) {
  std::vector<std::string> frames;
  for (const auto& [to, payload] : payloads) frames.push_back(ethernet(ipv4(udp(payload, 4000, to))));
  return read_dump(pcap(frames), selection);
}

TEST(FlowFinder, DoesNotTakeDnsForRtp) {
  std::vector<std::pair<std::uint16_t, std::string>> payloads;
  for (std::uint64_t n = 0; n < 300; ++n)  // ids that look like version 2
    payloads.emplace_back(53, be(0x8000 + n * 37 % 0x4000, 2) + be(0x0100, 2) + be(1, 2) + be(0, 2) +
                                  be(0, 2) + be(0, 2) +
                                  "\x03"
                                  "www\x07"
                                  "example\x03"
                                  "org" +
                                  be(0, 1) + be(1, 2) + be(1, 2));
  const ReadDump read = read_payloads(payloads);
  EXPECT_TRUE(read.records.empty());
  EXPECT_THAT(find_damage(read.damage, "no-media")->text, HasSubstr("no RTP among 300 UDP datagrams"));
}

TEST(FlowFinder, DoesNotTakeDtlsStunOrQuicForRtp) {
  std::vector<std::pair<std::uint16_t, std::string>> payloads;
  for (std::uint16_t n = 0; n < 50; ++n) {
    payloads.emplace_back(5000, std::string("\x16\xFE\xFD", 3) + be(n, 8) + std::string(40, 'd'));
    payloads.emplace_back(5000, be(1, 2) + be(8, 2) + be(0x2112A442, 4) + be(n, 12) + std::string(8, 's'));
    payloads.emplace_back(443, "\xC3" + be(1, 4) + be(n, 8) + std::string(40, 'q'));
  }
  EXPECT_TRUE(read_payloads(payloads).records.empty());
}

TEST(FlowFinder, GivesTheFirstPacketsOfAFlowToo) {
  std::vector<std::pair<std::uint16_t, std::string>> payloads;
  for (std::uint16_t n = 0; n < 4; ++n) payloads.emplace_back(5000, rtp_packet(n));
  EXPECT_EQ(read_payloads(payloads).sequences(), numbers(0, 3));
  payloads.pop_back();
  EXPECT_TRUE(read_payloads(payloads).records.empty());
}

TEST(FlowFinder, KnowsAFlowAcrossTheWrapWithLossAndReordering) {
  std::vector<std::pair<std::uint16_t, std::string>> payloads;
  for (const int n : {65533, 65535, 65534, 2, 2, 3})
    payloads.emplace_back(5000, rtp_packet(static_cast<std::uint16_t>(n)));
  EXPECT_EQ(read_payloads(payloads).records.size(), 6u);
}

TEST(FlowFinder, GivesOtherStreamsOfAFlowOnceItIsKnown) {
  std::vector<std::pair<std::uint16_t, std::string>> payloads{{5000, rtp_packet(0, 0)},
                                                              {5000, rtp_packet(1, 0)}};
  for (std::uint16_t n = 2; n < 10; ++n) payloads.emplace_back(5000, rtp_packet(n));
  EXPECT_EQ(read_payloads(payloads).sequences(), numbers(0, 9));
}

TEST(FlowFinder, KnowsAFlowOnWhichManySendersTakeTurns) {
  for (const std::uint32_t senders : {5u, 64u, 1000u}) {
    std::vector<std::pair<std::uint16_t, std::string>> payloads;
    for (std::uint16_t n = 0; n < 4; ++n)
      for (std::uint32_t ssrc = 1; ssrc <= senders; ++ssrc) payloads.emplace_back(5000, rtp_packet(n, ssrc));
    EXPECT_EQ(read_payloads(payloads).records.size(), 4 * senders);
  }
}

TEST(FlowFinder, GivesRtcpOfAnyPort) {
  const std::string report = be(0x80C80006, 4) + be(0x11223344, 4) + std::string(20, '\x01');
  const ReadDump read = read_payloads({{5001, report}, {5001, report.substr(0, 20)}, {5001, rtcp_packet()}});
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.records[0].kind, RecordKind::Rtcp);
}

TEST(FlowFinder, ASelectionOverrulesTheHeuristics) {
  const std::vector<std::pair<std::uint16_t, std::string>> payloads{
      {5000, rtp_packet(1, 7)}, {5000, rtp_packet(2, 8)}, {6000, rtp_packet(3, 7)}, {5001, rtcp_packet(7)}};
  EXPECT_EQ(read_payloads(payloads, {.ssrc = Ssrc{7}}).sequences(), (std::vector<int>{1, 3}));
  EXPECT_EQ(read_payloads(payloads, {.ssrc = Ssrc{7}}).records.size(), 3u);
  EXPECT_EQ(read_payloads(payloads, {.to = "10.0.0.2:5000"}).sequences(), (std::vector<int>{1, 2}));
  EXPECT_EQ(read_payloads(payloads, {.to = "10.0.0.2:5000"}).records.size(), 3u);
  EXPECT_TRUE(read_payloads(payloads, {.from = "10.0.0.2:5000"}).records.empty());
  EXPECT_THAT(read_payloads(payloads, {.from = "nowhere"}).error, HasSubstr("not address:port"));
}

TEST(FlowFinder, WhatOneReadingFoundServesTheNext) {
  const greffe::test::TemporaryFolder folder;
  const Path whole = folder.path() / "whole.pcap", part = folder.path() / "part.pcap";
  greffe::test::write_file(whole, pcap(rtp_frames(0, 9)));
  greffe::test::write_file(part, pcap(rtp_frames(0, 1)));
  greffe::test::write_file(folder.path() / "whole.sdp",
                           "v=0\nm=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n");
  DamageLog damage;
  const auto first = open_dump(whole, "t", damage).value();
  ASSERT_NE(first->look(), nullptr);
  EXPECT_TRUE(read_dump_file(part).records.empty()) << "two packets may be chance";
  const ReadDump read = read_dump_file(part, {.look = first->look()});
  EXPECT_EQ(read.sequences(), numbers(0, 1));
  EXPECT_EQ(read.records.at(0).arrival_ns, static_cast<std::int64_t>(CaptureStart_s) * 1'000'000'000);
  const auto again = open_dump(part, "t", damage, {.look = first->look()}).value();
  const auto record = again->next().value();
  EXPECT_EQ(again->description(record->flow).payload_types.at(PayloadType{111}), "opus");
}

TEST(FlowFinder, FlowsAreBounded) {
  FlowFinder finder;
  const std::string bytes = rtp_packet(1);
  const Bytes payload(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  for (std::uint32_t n = 0; n < 200'000; ++n) {
    Datagram datagram{.payload = payload};
    datagram.from.port = static_cast<std::uint16_t>(n);
    datagram.to.port = static_cast<std::uint16_t>(n >> 16);
    finder.see(datagram);
  }
  EXPECT_EQ(finder.datagrams(), 200'000u);
}

// Noise that looks like RTP once, of another SSRC each time.
TEST(FlowFinder, CandidatesAreBoundedAndNoiseHidesNoFlow) {
  FlowFinder finder;
  const auto see = [&](const std::string& bytes, std::uint16_t port) {
    Datagram datagram{.payload = Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())};
    datagram.from.port = datagram.to.port = port;
    finder.see(datagram);
  };
  for (std::uint32_t n = 0; n < 200'000; ++n)
    see(rtp_packet(1, 1000 + n), static_cast<std::uint16_t>(100 + n % 100));
  for (std::uint16_t n = 0; n < 4; ++n) {
    see(rtp_packet(n), 100);
    for (std::uint32_t noise = 0; noise < 500; ++noise) see(rtp_packet(1, 1000 + 500u * n + noise), 100);
  }
  FlowKey flow;
  flow.from.port = flow.to.port = 100;
  EXPECT_TRUE(finder.is_rtp(flow));
  flow.from.port = flow.to.port = 101;
  EXPECT_FALSE(finder.is_rtp(flow));
}

const std::string Invite =
    "INVITE sip:b@10.0.0.2 SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n"
    "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\n"
    "m=audio 5000 RTP/AVP 0 111 101\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:111 useinbandfec=1;usedtx=1 \r\na=fmtp:999 x\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 "
    "VP8/90000\r\n";

TEST(Sdp, InACaptureNamesThePayloadTypesOfAFlow) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "call.pcap";
  std::vector<std::string> frames{ethernet(ipv4(udp(Invite, 5060, 5060)))};
  for (std::uint16_t n = 0; n < 2; ++n) frames.push_back(ethernet(ipv4(udp(rtp_packet(n)))));
  greffe::test::write_file(path, pcap(frames));
  DamageLog damage;
  auto source = open_dump(path, "t", damage);
  ASSERT_TRUE(source);
  const auto record = (*source)->next().value();
  ASSERT_TRUE(record) << "one packet is enough where SDP names the address";
  const FlowDescription& description = (*source)->description(record->flow);
  EXPECT_EQ(description.payload_types.at(PayloadType{111}), "opus");
  EXPECT_EQ(description.payload_types.at(PayloadType{101}), "telephone-event");
  EXPECT_EQ(description.payload_types.count(PayloadType{96}), 0u);
  EXPECT_EQ(description.formats.at(PayloadType{111}),
            (PayloadFormat{.clock = ClockRate{48'000}, .channels = 2, .fmtp = "useinbandfec=1;usedtx=1"}));
  EXPECT_EQ(description.formats.at(PayloadType{101}).channels, 1);
  EXPECT_EQ(description.extmap.at(1), "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
}

TEST(Sdp, AFileBesideTheCaptureIsRead) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "call.pcap";
  greffe::test::write_file(path, pcap(rtp_frames(0, 5)));
  greffe::test::write_file(folder.path() / "call.sdp",
                           "v=0\nm=audio 9 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n");
  DamageLog damage;
  auto source = open_dump(path, "t", damage);
  ASSERT_TRUE(source);
  const auto record = (*source)->next().value();
  EXPECT_EQ((*source)->description(record->flow).payload_types.at(PayloadType{111}), "opus");
}

// RFC 8285 §5
TEST(Sdp, ExtensionsOfTheSessionHoldForAllItsMedia) {
  const auto media = parse_sdp(
      "v=0\na=extmap:1 urn:one\na=extmap:2 urn:two\nm=audio 9 RTP/AVP 111\na=extmap:3 urn:three\n"
      "m=video 9 RTP/AVP 96\na=extmap:2 urn:other\n");
  ASSERT_EQ(media.size(), 2u);
  EXPECT_EQ(media[0].description.extmap,
            (std::map<int, std::string>{{1, "urn:one"}, {2, "urn:two"}, {3, "urn:three"}}));
  EXPECT_EQ(media[1].description.extmap, (std::map<int, std::string>{{1, "urn:one"}, {2, "urn:other"}}));
}

TEST(Sdp, RatesAndChannelsThatMakeNoSenseAreNotTaken) {
  const auto media = parse_sdp("v=0\nm=audio 9 RTP/AVP 96 97\na=rtpmap:96 L16/0/0\na=rtpmap:97 L16/x/300\n");
  ASSERT_EQ(media.size(), 1u);
  for (const auto& [type, format] : media[0].description.formats) {
    EXPECT_FALSE(format.clock.has_value());
    EXPECT_EQ(format.channels, 1);
  }
}

TEST(Sdp, EveryPrefixIsSurvived) {
  for (std::size_t length = 0; length <= Invite.size(); ++length) {
    const std::string part = Invite.substr(0, length);
    parse_sdp(find_sdp_in_sip(Bytes(reinterpret_cast<const std::uint8_t*>(part.data()), part.size())));
    parse_sdp(part);
  }
  EXPECT_EQ(
      parse_sdp(find_sdp_in_sip(Bytes(reinterpret_cast<const std::uint8_t*>(Invite.data()), Invite.size())))
          .size(),
      2u);
}

}  // namespace
}  // namespace greffe::dump::test
