#include "dump/open_dump.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "dump_bytes.h"

namespace greffe::dump::test {
namespace {

using ::testing::HasSubstr;

TEST(OpenDump, NamesTheFirstBytesAndTheFormatsItKnows) {
  const std::string error = read_dump("\x89PNG\r\n\x1a\n rest of it").error;
  EXPECT_THAT(error, HasSubstr("t: not a dump greffe knows"));
  EXPECT_THAT(error, HasSubstr("89 50 4e 47 0d 0a 1a 0a"));
  EXPECT_THAT(error, HasSubstr(".PNG...."));
  EXPECT_THAT(error, HasSubstr("Janus recordings (.mjr)"));
}

TEST(OpenDump, R74_RefusesWhatIsNoRegularFileWithoutWaiting) {
  const greffe::test::TemporaryFolder folder;
  const Path fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(read_dump_file(fifo).error, HasSubstr("not a regular file"));
  EXPECT_THAT(read_dump_file(folder.path()).error, HasSubstr("not a regular file"));
  EXPECT_THAT(read_dump_file("/dev/zero").error, HasSubstr("not a regular file"));
  EXPECT_THAT(read_dump_file(folder.path() / "none").error, HasSubstr("No such file"));
}

}  // namespace
}  // namespace greffe::dump::test
