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

}  // namespace
}  // namespace greffe::dump::test
