#include "intake/dump_packets.h"

#include <gtest/gtest.h>

#include <csignal>

#include "base/progress.h"
#include "intake/recordings.h"

namespace greffe::intake {
namespace {

// Whoever reads all packets need not look for himself, of captures and of recordings that hold one stream.
TEST(DumpPackets, R79_StopsInTheMiddleWhenAsked) {
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "a.mjr", test::recording(test::talk(0, 5000, 7)));
  DamageLog damage;
  auto packets = DumpPackets::open({.file = folder.path() / "a.mjr", .place = "a.mjr"}, damage);
  ASSERT_TRUE(packets);
  request_stop(SIGTERM);
  std::uint64_t read = 0;
  auto packet = (*packets)->next();
  for (; packet && *packet; packet = (*packets)->next()) ++read;
  request_stop(0);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().kind(), ErrorKind::Interrupted);
  EXPECT_LT(read, 5000u);
}

}  // namespace
}  // namespace greffe::intake
