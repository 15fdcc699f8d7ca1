#include "intake/track_coding.h"

#include <gtest/gtest.h>

#include "dump/capture_bytes.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

namespace bytes = dump::test;

std::string sent_frame(std::uint8_t type, std::uint16_t number, std::uint32_t time,
                       const std::string& payload) {
  return bytes::ethernet(bytes::ipv4(bytes::udp(bytes::be(0x8000U + type, 2) + bytes::be(number, 2) +
                                                bytes::be(time, 4) + bytes::be(0x1234, 4) + payload)));
}

Result<TrackCoding> coding_of(const std::vector<std::string>& packets) {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "call.pcap";
  test::write_file(file, bytes::pcap(packets));
  return find_coding({.file = file, .place = "call", .selection = {}}, std::nullopt);
}

// RFC 4733 §2.3: nobody says what type 101 is.
TEST(TrackCoding, PacketsOfFourBytesBesideSoundAreKeysPressed) {
  std::vector<std::string> packets;
  for (std::uint16_t n = 0; n < 20; ++n) {
    packets.push_back(sent_frame(0, n, 160U * n, std::string(160, '\xD5')));
    if (n % 5 == 0) packets.push_back(sent_frame(101, n, 160U * n, std::string("\x05\x0A\x00\xA0", 4)));
    if (n % 7 == 0) packets.push_back(sent_frame(102, n, 160U * n, std::string(n == 7 ? 4 : 5, '\x01')));
  }
  const auto coding = coding_of(packets);
  ASSERT_TRUE(coding) << coding.error().message();
  EXPECT_EQ(coding->codec, media::CodecId::Pcmu);
  EXPECT_EQ(coding->payload_types.at(PayloadType{101}), media::CodecId::TelephoneEvent);
  EXPECT_FALSE(coding->payload_types.contains(PayloadType{102}));
}

// One frame has no rate: what it begins with is all that is known.
TEST(TrackCoding, OnePictureAloneIsKnownByHowItBegins) {
  const std::string key("\x10\x10\x02\x00\x9D\x01\x2A\x40\x01\xB4\x00", 11);
  const std::string more("\x00\x07", 2);  // of the same frame
  const auto coding = coding_of({sent_frame(96, 1, 3000, key), sent_frame(96, 2, 3000, more),
                                 sent_frame(96, 3, 3000, more), sent_frame(96, 4, 3000, more)});
  ASSERT_TRUE(coding) << coding.error().message();
  EXPECT_EQ(coding->codec, media::CodecId::Vp8);
}

}  // namespace
}  // namespace greffe::intake
