#include "intake/audio_coding.h"

#include <gtest/gtest.h>

#include <set>

#include "intake/recordings.h"
#include "intake/track_coding.h"
#include "intake/track_packets.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

using media::CodecId;

TEST(OpusMapping, IsReadFromFormatParameters) {
  const auto mapping =
      parse_opus_mapping("channel_mapping=0,4,1,2,3,5; num_streams=4; coupled_streams=2;minptime=10");
  ASSERT_TRUE(mapping) << mapping.error().message();
  EXPECT_EQ(*mapping, (media::OpusMapping{4, 2, {0, 4, 1, 2, 3, 5}}));
}

TEST(OpusMapping, IsRefusedWhereItIsMissingOrContradictsItself) {
  for (const char* fmtp :
       {"", "stereo=1", "num_streams=4;coupled_streams=2", "channel_mapping=0,1;num_streams=1",
        "channel_mapping=0,9;num_streams=1;coupled_streams=1",
        "channel_mapping=0;num_streams=0;coupled_streams=0",
        "channel_mapping=0,x;num_streams=1;coupled_streams=1",
        "channel_mapping=0,1;num_streams=1;coupled_streams=2",
        "channel_mapping=0,1,2,3,4,5,6,7,8;num_streams=9;coupled_streams=0",
        "channel_mapping=0;num_streams=99999999999;coupled_streams=0",
        "channel_mapping=-1;num_streams=1;coupled_streams=0"})
    EXPECT_FALSE(parse_opus_mapping(fmtp)) << fmtp;
}

struct L16Case {
  const char* what;
  AudioNames names;
  std::uint32_t rate;  // 0: refused
  int channels;
};

// RFC 3551 table 4 and a=rtpmap; Janus' names.
TEST(AudioFormat, R25_L16TakesItsRateFromWhoeverSaysIt) {
  const dump::PayloadFormat stereo{.clock = ClockRate{48'000}, .channels = 2};
  const dump::PayloadFormat six{.clock = ClockRate{48'000}, .channels = 6};
  const dump::PayloadFormat fast{.clock = ClockRate{4'000'000'000}};
  const L16Case cases[] = {
      {"static stereo", {CodecId::L16, "l16", PayloadType{10}}, 44'100, 2},
      {"static mono", {CodecId::L16, "l16", PayloadType{11}}, 44'100, 1},
      {"rtpmap", {CodecId::L16, "L16", PayloadType{96}, &stereo}, 48'000, 2},
      {"Janus", {CodecId::L16, "l16", PayloadType{96}, nullptr, "", true}, 16'000, 1},
      {"Janus 48", {CodecId::L16, "l16-48", PayloadType{96}, nullptr, "", true}, 48'000, 1},
      {"nobody", {CodecId::L16, "l16", PayloadType{96}}, 0, 0},
      {"six channels", {CodecId::L16, "l16", PayloadType{96}, &six}, 0, 0},
      {"4 GHz", {CodecId::L16, "l16", PayloadType{96}, &fast}, 0, 0},
  };
  for (const L16Case& c : cases) {
    const auto format = find_audio_format(c.names);
    ASSERT_EQ(format.has_value(), c.rate != 0) << c.what;
    if (!format) {
      EXPECT_EQ(format.error().kind(), ErrorKind::Damaged);
      continue;
    }
    EXPECT_EQ(format->clock.hz, c.rate) << c.what;
    EXPECT_EQ(format->channels, c.channels) << c.what;
  }
}

// The header names the wrapping; Janus' own capture has no SDP, only packets.
TEST(TrackCoding, R20_RedundancyIsKnownByHeaderAndByLooks) {
  const Path red = test::find_sample("red");
  if (red.empty()) GTEST_SKIP() << "no samples";
  const TrackSource sources[] = {
      {.file = red / "echotest-user-101-audio.mjr", .place = "mjr"},
      {.file = red / "wire-kirsi.pcap", .place = "pcap", .selection = {.ssrc = Ssrc{0x6e04100b}}}};
  for (const TrackSource& source : sources) {
    const auto coding = find_coding(source, std::nullopt);
    ASSERT_TRUE(coding) << coding.error().message();
    EXPECT_EQ(coding->codec, CodecId::Opus);
    EXPECT_EQ(coding->red, PayloadType{63});
    EXPECT_EQ(coding->payload_types.at(PayloadType{111}), CodecId::Opus);
    DamageLog damage;
    const auto packets = TrackPackets::open(source, *coding, damage);
    ASSERT_TRUE(packets);
    std::uint64_t given = 0;
    for (auto packet = (*packets)->next(); packet && *packet; packet = (*packets)->next()) ++given;
    EXPECT_EQ(given, 795u);
    EXPECT_EQ((*packets)->wrapped_packets(), 795u);
    EXPECT_TRUE(damage.empty());
  }
}

// Plain Opus, G.711 and video never look like redundancy.
TEST(TrackCoding, R20_WhatIsNotWrappedIsNotTakenForIt) {
  for (const char* name : {"codecs/wire-rosa.pcap", "council/wire-amelie.pcap", "h264/wire-alba.pcap",
                           "av1/wire-celia.pcap", "call-pcmu/call.pcapng", "call-g722/call.pcapng"}) {
    const Path path = test::find_sample(name);
    if (path.empty()) GTEST_SKIP() << "no samples";
    DamageLog damage;
    const auto records = dump::open_dump(path, "x", damage);
    ASSERT_TRUE(records);
    std::set<Ssrc> ssrcs;
    for (auto record = (*records)->next(); record && *record; record = (*records)->next()) {
      const auto parsed = rtp::parse_packet((*record)->bytes);
      if ((*record)->kind == dump::RecordKind::Rtp && parsed) ssrcs.insert(parsed->packet.ssrc);
    }
    for (const Ssrc ssrc : ssrcs) {
      const auto coding =
          find_coding({.file = path, .place = "x", .selection = {.ssrc = ssrc}}, std::nullopt);
      if (coding) {
        EXPECT_FALSE(coding->red) << name << " " << ssrc.value;
      }
    }
  }
}

// What a header says stands against a description, unless its packets say that the description is right. All
// packets here have a clock of 8 kHz.
TEST(TrackCoding, R13_AHeaderThatThePacketsFitIsNotOverruled) {
  struct Case {
    const char* header;
    std::uint8_t type;
    const char* declared;
    CodecId codec;
    bool contradicts;
  };
  constexpr std::uint8_t Dynamic = 111;
  for (const Case& c : {Case{"pcmu", 0, "opus", CodecId::Pcmu, true},
                        {"pcmu", Dynamic, "opus", CodecId::Pcmu, true},
                        {"pcmu", Dynamic, "vp8", CodecId::Pcmu, true},
                        {"pcmu", Dynamic, "pcma", CodecId::Pcmu, true},
                        {"pcmu", 8, "pcma", CodecId::Pcma, true},
                        {"opus", Dynamic, "pcma", CodecId::Pcma, true},
                        {"opus", Dynamic, "vp8", CodecId::Opus, true},
                        {"opus", 0, "PCMU", CodecId::Pcmu, true},
                        {"pcmu", 0, "PCMU", CodecId::Pcmu, false},
                        {"pcmu", 0, "g711u", CodecId::Pcmu, false},
                        {"gsm8", Dynamic, "pcmu", CodecId::Pcmu, false}}) {
    const test::TemporaryFolder folder;
    std::string text = test::recording(test::talk(0, 100, 7, c.type));
    text.replace(text.find("pcmu"), 4, c.header);
    test::write_file(folder.path() / "a.mjr", text);
    const auto coding = find_coding({.file = folder.path() / "a.mjr", .place = "a.mjr"}, c.declared);
    ASSERT_TRUE(coding) << coding.error().message();
    EXPECT_EQ(coding->codec, c.codec) << c.header << " " << c.declared;
    EXPECT_EQ(coding->contradiction.has_value(), c.contradicts) << c.header << " " << c.declared;
    EXPECT_EQ(coding->payload_types.at(PayloadType{c.type}), c.codec);
  }
}

// What the oldest recordings hold is assumed.
TEST(TrackCoding, ACodecThatIsAssumedContradictsNothing) {
  const test::TemporaryFolder folder;
  std::string text = "MEETECHO" + dump::test::be(5, 2) + "audio";
  for (const auto& [ms, packet] : test::talk(0, 100, 7))
    text += "MEETECHO" + dump::test::be(packet.size(), 2) + packet;
  test::write_file(folder.path() / "a.mjr", text);
  const auto coding = find_coding({.file = folder.path() / "a.mjr", .place = "a.mjr"}, "pcmu");
  ASSERT_TRUE(coding) << coding.error().message();
  EXPECT_EQ(coding->codec, CodecId::Pcmu);
  EXPECT_FALSE(coding->contradiction);
}

}  // namespace
}  // namespace greffe::intake
