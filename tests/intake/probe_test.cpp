#include "intake/probe.h"

#include <gtest/gtest.h>

#include "support/samples.h"
#include "support/schema.h"

namespace greffe::intake {
namespace {

TEST(Probe, ItsJsonIsWhatTheSchemaSays) {
  const Path council = test::find_sample("call-pcmu");
  if (council.empty()) GTEST_SKIP() << "no samples here";
  NoProgress progress;
  std::vector<ProbedFile> files;
  files.push_back(probe_file(council / "call.pcapng", {}, progress).value());
  const json::Value schema =
      json::parse(test::file_text(Path(GREFFE_SOURCE_DIR) / "schemas/probe.schema.json")).value();
  EXPECT_EQ(test::violations(schema, to_json(files)).value(), std::vector<std::string>{});
  ASSERT_EQ(files[0].tracks.size(), 2u);
  EXPECT_EQ(files[0].tracks[0].counts.packets, 1200u);
  EXPECT_EQ(files[0].tracks[1].counts.packets, 1234u);
  EXPECT_EQ(files[0].tracks[0].clock->witness, "sender-reports");
}

TEST(Probe, ShowsTheSizesOfASharedScreenOverTime) {
  const Path share = test::find_sample("share");
  if (share.empty()) GTEST_SKIP() << "no samples here";
  NoProgress progress;
  const auto file =
      probe_file(share / "videoroom-4100-user-103-1795175709400623-video-0.mjr", {}, progress).value();
  std::vector<int> widths;
  for (const auto& [at, size] : file.tracks.at(0).sizes) widths.push_back(size.width_px);
  EXPECT_EQ(widths, (std::vector<int>{640, 480, 480, 640}));
}

}  // namespace
}  // namespace greffe::intake
