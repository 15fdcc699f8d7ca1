#include "container/media_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "container/ebml.h"
#include "container/matroska_ids.h"
#include "support/samples.h"

namespace greffe::container {
namespace {

const Path SourceFolder = GREFFE_SOURCE_DIR;

// Made with ffmpeg: one second of a test picture and a tone.
Path tiny(const std::string& ending) {
  return SourceFolder / "tests/fuzz/seeds/media_file_fuzz" / ("tiny." + ending);
}

struct Counted {
  std::size_t frames = 0;
  std::int64_t last_ticks = 0;
};

std::vector<Counted> read_all(MediaFile& file) {
  std::vector<Counted> streams(file.streams().size());
  while (true) {
    const auto frame = file.next();
    if (!frame || !*frame) return streams;
    auto& stream = streams.at(static_cast<std::size_t>((*frame)->stream));
    if (stream.frames++ > 0) {
      EXPECT_GE((*frame)->frame.ticks, stream.last_ticks);
    }
    stream.last_ticks = (*frame)->frame.ticks;
  }
}

TEST(MediaFile, KnowsContainersByTheirFirstBytes) {
  for (const auto& [ending, format] : {std::pair("webm", "matroska"), std::pair("mkv", "matroska"),
                                       std::pair("ogg", "ogg"), std::pair("mp4", "mp4")})
    EXPECT_EQ(find_container(tiny(ending)).value(), format);
  EXPECT_EQ(find_container(SourceFolder / "README.md").value(), "");
  EXPECT_FALSE(MediaFile::open(SourceFolder / "README.md"));
}

TEST(MediaFile, ReadsStreamsInTicksOfTheirClock) {
  auto file = MediaFile::open(tiny("webm"));
  ASSERT_TRUE(file) << file.error().message();
  ASSERT_EQ(file->streams().size(), 2u);
  EXPECT_EQ(file->streams()[0].codec, media::CodecId::Vp8);
  EXPECT_EQ(file->streams()[0].size, (media::PictureSize{64, 48}));
  EXPECT_EQ(file->streams()[1].codec, media::CodecId::Opus);
  EXPECT_EQ(file->declared_duration().value() / std::chrono::milliseconds(1), 1008);
  EXPECT_FALSE(file->begun());
  const auto streams = read_all(*file);
  EXPECT_EQ(streams[0].frames, 5u);
  EXPECT_EQ(streams[0].last_ticks, 807 * 90)
      << "0.8 s, and 7 ms that the muxer made room for Opus's pre-skip";
  // Whole packets in a row, though the file rounds each time to a millisecond: 50 of 20 ms behind the first.
  EXPECT_EQ(streams[1].frames, 51u);
  EXPECT_EQ(streams[1].last_ticks % 960, (50 * 960 - 24) % 960);
}

// kB of address space this process had at most.
std::int64_t peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmPeak:")) return std::stoll(line.substr(7));
  return 0;
}

// A table of 387 million key frames is named in 1.7 kB.
TEST(MediaFile, S2_TakesNoMemoryThatANumberInTheFileNames) {
  const std::int64_t before_kb = peak_kb();
  ASSERT_GT(before_kb, 0);
  if (auto file = MediaFile::open(SourceFolder / "tests/fuzz/seeds/media_file_fuzz/giant_table.mp4"))
    read_all(*file);
  EXPECT_LT(peak_kb() - before_kb, 512 * 1024);
}

TEST(MediaFile, SoundOfFilesHasTheClockOfItsSamples) {
  auto file = MediaFile::open(tiny("mp4"));
  ASSERT_TRUE(file);
  const MediaStream& sound = file->streams()[1];
  EXPECT_EQ(sound.codec, media::CodecId::Aac);
  EXPECT_EQ(sound.codec_name, "aac");
  EXPECT_EQ(sound.kind, media::Kind::Audio);
  EXPECT_FALSE(sound.codec_private.empty());
  const std::uint32_t rate = sound.clock.hz;
  EXPECT_TRUE(rate == 44'100 || rate == 48'000) << rate;
}

// PCM, of a block every 20 ms, each of which is said to last `duration_ms`.
std::string pcm_with_durations(std::uint64_t duration_ms) {
  constexpr std::uint32_t BlockGroup = 0xA0, Block = 0xA1, BlockDuration = 0x9B;
  constexpr std::uint8_t Silence[] = {0, 0, 0, 0};
  EbmlBuffer head, info, track, sound, tracks, cluster, content, file;
  head.text(id::DocType, "matroska");
  info.uint(id::TimestampScale, 1'000'000);
  sound.real(id::SamplingFrequency, 48'000);
  sound.uint(id::Channels, 1);
  sound.uint(id::BitDepth, 16);
  track.uint(id::TrackNumber, 1);
  track.uint(id::TrackUid, 1);
  track.uint(id::TrackType, 2);
  track.text(id::CodecId, "A_PCM/INT/LIT");
  track.master(id::Audio, sound);
  tracks.master(id::TrackEntry, track);
  cluster.uint(id::Timestamp, 0);
  for (std::uint16_t n = 0; n < 4; ++n) {
    EbmlBuffer block, group;
    block.u8(0x81);  // of track 1
    block.u16(static_cast<std::uint16_t>(n * 20));
    block.u8(0);
    block.raw(Silence);
    group.binary(Block, block.bytes());
    group.uint(BlockDuration, duration_ms);
    cluster.master(BlockGroup, group);
  }
  content.master(id::Info, info);
  content.master(id::Tracks, tracks);
  content.master(id::Cluster, cluster);
  file.master(id::Ebml, head);
  file.master(id::Segment, content);
  return {file.bytes().begin(), file.bytes().end()};
}

TEST(MediaFile, SoundThatIsSaidToLastLongerThanAllYearsIsNotBelieved) {
  const test::TemporaryFolder folder;
  for (const std::uint64_t duration_ms :
       {std::uint64_t{20}, std::uint64_t{1} << 57, std::uint64_t{1} << 62}) {
    test::write_file(folder.path() / "long", pcm_with_durations(duration_ms));
    auto file = MediaFile::open(folder.path() / "long");
    ASSERT_TRUE(file) << file.error().message();
    for (std::int64_t n = 0; n < 4; ++n) {
      const auto frame = file->next();
      ASSERT_TRUE(frame && *frame) << n;
      EXPECT_EQ((*frame)->frame.ticks, n * 1800) << duration_ms;
      EXPECT_EQ((*frame)->frame.duration_ticks, duration_ms == 20 ? 1800 : 0) << duration_ms;
    }
  }
}

TEST(MediaFile, EveryPrefixIsReadOrRefused) {
  const test::TemporaryFolder folder;
  for (const char* ending : {"webm", "mkv", "ogg", "mp4"}) {
    const std::string bytes = read_text(tiny(ending), 1 << 20).value();
    for (std::size_t size = 0; size < bytes.size(); size += 61) {
      test::write_file(folder.path() / "cut", bytes.substr(0, size));
      auto file = MediaFile::open(folder.path() / "cut");
      if (file) static_cast<void>(read_all(*file));
    }
  }
}

}  // namespace
}  // namespace greffe::container
