// The sample recordings against what is known of them (truth.json).
#include <gtest/gtest.h>

#include "dump_bytes.h"
#include "json/value.h"

namespace greffe::dump::test {
namespace {

constexpr std::array Folders{"council", "lossy", "share", "codecs", "h264",
                             "av1",     "svc",   "red",   "rejoin", "renego"};

json::Value truth_of(const Path& folder) {
  return json::parse(greffe::test::file_text(folder / "truth.json")).value();
}

TEST(Samples, EveryMjrHasThePacketsOfTheTruth) {
  std::size_t files = 0;
  for (const char* name : Folders) {
    const Path folder = greffe::test::find_sample(name);
    if (folder.empty()) continue;
    const json::Value truth = truth_of(folder);
    for (const json::Value& track : *truth.find_object()->find("tracks")->find_array()) {
      const json::Object& facts = *track.find_object();
      const ReadDump read = read_dump_file(folder / *facts.find("file")->find_text());
      SCOPED_TRACE(*facts.find("file")->find_text());
      EXPECT_EQ(read.error, "");
      EXPECT_TRUE(read.damage.empty());
      EXPECT_EQ(read.header.codec, *facts.find("codec")->find_text());
      EXPECT_EQ(read.records.size(), static_cast<std::size_t>(*facts.find("packets")->find_integer()));
      ++files;
    }
  }
  if (files == 0) GTEST_SKIP() << "no samples here";
  EXPECT_GT(files, 0u);
}

TEST(Samples, EveryRtpDumpHasThePacketsOfTheMjrBesideIt) {
  std::size_t files = 0;
  for (const char* name : Folders) {
    const Path folder = greffe::test::find_sample(name);
    if (folder.empty()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".rtpdump") continue;
      SCOPED_TRACE(entry.path().filename().string());
      const ReadDump dump = read_dump_file(entry.path());
      const ReadDump mjr = read_dump_file(Path(entry.path()).replace_extension(".mjr"));
      EXPECT_TRUE(dump.damage.empty());
      ASSERT_EQ(dump.records.size(), mjr.records.size());
      for (std::size_t n = 0; n < dump.records.size(); ++n) {
        ASSERT_EQ(dump.records[n].bytes, mjr.records[n].bytes) << n;
        ASSERT_NEAR(static_cast<double>(dump.records[n].arrival_ns - mjr.records[n].arrival_ns), 0, 1e6) << n;
      }
      ++files;
    }
  }
  if (files == 0) GTEST_SKIP() << "no samples here";
}

TEST(Samples, SipCallsHoldTwoStreamsOfRtpAndTheirRtcp) {
  std::size_t files = 0;
  for (const char* name : {"call-pcmu", "call-g722"}) {
    const Path folder = greffe::test::find_sample(name);
    if (folder.empty()) continue;
    const json::Value truth = truth_of(folder);
    const ReadDump read = read_dump_file(folder / "call.pcapng");
    EXPECT_EQ(read.error, "");
    EXPECT_TRUE(read.damage.empty());
    std::map<Flow, std::int64_t> packets;
    std::int64_t rtcp = 0;
    for (const ReadRecord& record : read.records) {
      if (record.kind == RecordKind::Rtp) ++packets[record.flow];
      if (record.kind == RecordKind::Rtcp) ++rtcp;
    }
    EXPECT_EQ(packets.size(), 2u);
    for (const json::Value& stream : *truth.find_object()->find("streams")->find_array()) {
      const json::Object& facts = *stream.find_object();
      const Flow flow{*facts.find("from")->find_text(), *facts.find("to")->find_text()};
      EXPECT_EQ(packets[flow], *facts.find("packets")->find_integer()) << flow.from;
    }
    const json::Object& kinds = *truth.find_object()->find("packets_by_protocol")->find_object();
    EXPECT_EQ(rtcp, *kinds.find("RTCP")->find_integer());
    ++files;
  }
  if (files == 0) GTEST_SKIP() << "no samples here";
}

// The forwarded streams are those of the .mjr beside them, from the time on when forwarding began.
TEST(Samples, AForwardedStreamIsPartOfTheMjr) {
  const Path folder = greffe::test::find_sample("share");
  if (folder.empty()) GTEST_SKIP() << "no samples here";
  const ReadDump forward = read_dump_file(folder / "forward.pcapng", {.to = "127.0.0.1:20000"});
  const ReadDump mjr = read_dump_file(folder / "videoroom-4100-user-101-1795175705354181-audio-0.mjr");
  EXPECT_EQ(forward.error, "");
  EXPECT_TRUE(forward.damage.empty());
  EXPECT_GT(forward.records.size(), mjr.records.size() * 9 / 10);
}

TEST(Samples, WireCapturesHoldRtpAndRtcp) {
  std::size_t files = 0;
  for (const char* name : Folders) {
    const Path folder = greffe::test::find_sample(name);
    if (folder.empty()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".pcap") continue;
      SCOPED_TRACE(entry.path().string());
      const ReadDump read = read_dump_file(entry.path());
      EXPECT_EQ(read.error, "");
      EXPECT_TRUE(read.damage.empty());
      EXPECT_GT(read.sequences().size(), 300u);
      EXPECT_GT(read.records.size(), read.sequences().size());
      ++files;
    }
  }
  if (files == 0) GTEST_SKIP() << "no samples here";
}

}  // namespace
}  // namespace greffe::dump::test
