#include "container/file_end.h"

#include <gtest/gtest.h>

#include "container/ebml.h"
#include "container/matroska_ids.h"
#include "support/samples.h"

namespace greffe::container {
namespace {

std::optional<MissingEnd> end_of(const std::string& bytes, std::string_view format) {
  static const test::TemporaryFolder folder;
  test::write_file(folder.path() / "file", bytes);
  const auto found = find_missing_end(folder.path() / "file", format);
  EXPECT_TRUE(found);
  return found ? *found : std::nullopt;
}

// Made with ffmpeg: one second of a test picture and a tone.
std::string bytes_of_tiny(const std::string& ending) {
  return read_text(Path(GREFFE_SOURCE_DIR) / "tests/fuzz/seeds/media_file_fuzz" / ("tiny." + ending), 1 << 20)
      .value();
}

TEST(FileEnd, WholeFilesAreWhole) {
  for (const char* ending : {"webm", "mkv"})
    EXPECT_FALSE(end_of(bytes_of_tiny(ending), "matroska")) << ending;
  EXPECT_FALSE(end_of(bytes_of_tiny("ogg"), "ogg"));
  EXPECT_FALSE(end_of(bytes_of_tiny("mp4"), "mp4"));
}

TEST(FileEnd, ASegmentOfKnownSizeThatIsCutTellsHowMuch) {
  const std::string whole = bytes_of_tiny("webm");
  for (const std::size_t missing : {1u, 100u, 1000u}) {
    const auto found = end_of(whole.substr(0, whole.size() - missing), "matroska");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->bytes, missing);
  }
}

// As browsers and streaming servers write it: nothing has a size but the frames.
TEST(FileEnd, ALiveFileIsCutWhereItsLastFrameIs) {
  EbmlBuffer file;
  std::vector<std::size_t> ends;
  EbmlBuffer head;
  head.text(id::DocType, "webm");
  file.master(id::Ebml, head);
  const auto open = [&](std::uint32_t id) {
    file.id(id);
    file.u8(0x01);
    for (int i = 0; i < 7; ++i) file.u8(0xFF);
  };
  open(id::Segment);
  ends.push_back(file.length());
  for (std::uint64_t cluster = 0; cluster < 2; ++cluster) {
    open(id::Cluster);
    ends.push_back(file.length());
    file.uint(id::Timestamp, 1000 * cluster);
    ends.push_back(file.length());
    for (std::size_t frame = 0; frame < 3; ++frame) {
      file.binary(id::SimpleBlock, std::vector<std::uint8_t>(50 + frame, 0x81));
      ends.push_back(file.length());
    }
  }
  const std::string bytes(reinterpret_cast<const char*>(file.bytes().data()), file.length());
  for (std::size_t size = ends.front(); size <= bytes.size(); ++size) {
    const bool between = std::find(ends.begin(), ends.end(), size) != ends.end();
    const auto found = end_of(bytes.substr(0, size), "matroska");
    EXPECT_EQ(found.has_value(), !between) << size;
  }
  EXPECT_EQ(end_of(bytes.substr(0, bytes.size() - 20), "matroska")->bytes, 20u);
  EXPECT_FALSE(end_of(bytes + std::string(100, '\0'), "matroska")) << "what follows is no element";
}

TEST(FileEnd, AnOggFileThatIsCutAnywhereTells) {
  const std::string whole = bytes_of_tiny("ogg");
  for (std::size_t size = 1; size < whole.size(); size += 61)
    EXPECT_TRUE(end_of(whole.substr(0, size), "ogg")) << size;
  EXPECT_FALSE(end_of(whole + whole, "ogg")) << "a chain";
  const std::size_t last = whole.rfind("OggS");
  EXPECT_TRUE(end_of(whole.substr(0, last), "ogg")) << "between two pages";
  EXPECT_FALSE(end_of(whole.substr(0, last) + whole, "ogg")) << "what is said of a chain is of its end";
}

}  // namespace
}  // namespace greffe::container
