#include "intake/track_writer.h"

#include <gtest/gtest.h>

#include "container/demuxer.h"
#include "dump/dump_bytes.h"
#include "support/samples.h"

namespace greffe::intake {
namespace {

using dump::test::be;

// A recording of Opus, of one packet for each octet: its TOC (RFC 6716 §3.1).
std::string opus_mjr(const std::string& tocs) {
  const std::string head = R"({"t":"a","c":"opus","s":1790000000000000,"u":1790000000000000})";
  std::string text = "MJR00002" + be(head.size(), 2) + head;
  for (std::size_t i = 0; i < tocs.size(); ++i)
    text += "MEET" + be(20 * i, 4) + be(12 + 41, 2) + be(0x806F, 2) + be(i, 2) + be(960 * i, 4) + be(7, 4) +
            tocs[i] + std::string(40, 'a');
  return text;
}

// Channels as the head of the file names them (RFC 7845 §5.1).
int channels_of(const std::string& tocs) {
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "a.mjr", opus_mjr(tocs));
  const TrackSource source{.file = folder.path() / "a.mjr", .place = "a.mjr"};
  const TrackSurvey survey = survey_track(source, find_coding(source, std::nullopt).value()).value();
  const TrackOrder order{.source = source,
                         .survey = &survey,
                         .clock = timeline::fit_arrival(survey.clock, ArrivalTime{}, {}),
                         .stem = "a"};
  EXPECT_TRUE(write_track(order, folder.path()));
  const container::Demuxer file = container::Demuxer::open(folder.path() / "a.mkv").value();
  const auto head = file.codec_private();
  return head.size() > 9 ? head[9] : 0;
}

constexpr char Mono = '\xF8';
constexpr char Stereo = '\xFC';

TEST(TrackWriter, R26_OpusIsStereoWhenAnyPacketOfItIs) {
  EXPECT_EQ(channels_of(std::string(50, Mono)), 1);
  EXPECT_EQ(channels_of(std::string(50, Stereo)), 2);
  EXPECT_EQ(channels_of(std::string(2, Mono) + std::string(48, Stereo)), 2);
  EXPECT_EQ(channels_of(std::string(49, Mono) + std::string(1, Stereo)), 2);
}

// One that no decoder takes.
TEST(TrackWriter, R26_AMalformedPacketDoesNotMakeATrackStereo) {
  std::string tocs(50, Mono);
  tocs[20] = '\xFE';  // code 2, stereo: its first frame is longer than the packet
  EXPECT_EQ(channels_of(tocs), 1);
}

}  // namespace
}  // namespace greffe::intake
