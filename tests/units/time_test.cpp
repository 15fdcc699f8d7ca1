#include "units/time.h"

#include <gtest/gtest.h>

#include "units/rtp.h"

namespace greffe {
namespace {

TEST(WallTime, Rfc3339RoundTrip) {
  const auto time = parse_rfc3339("2026-11-20T13:45:24.630002+01:00");
  ASSERT_TRUE(time);
  EXPECT_EQ(rfc3339(*time, 6), "2026-11-20T12:45:24.630002Z");
  EXPECT_EQ(rfc3339(*time, 0), "2026-11-20T12:45:24Z");
}

TEST(WallTime, R68_R69_RefusesInvalidDatesAndTimesWithoutZone) {
  for (const char* bad :
       {"2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01", "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00.Z", ""})
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

TEST(WallTime, R110_CountsPast2038) {
  EXPECT_EQ(rfc3339(*parse_rfc3339("2041-06-01T00:00:00Z"), 0), "2041-06-01T00:00:00Z");
  // What 64 bits of nanoseconds cannot hold is refused, not wrapped.
  EXPECT_FALSE(parse_rfc3339("2262-01-01T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("1677-12-31T23:59:59Z"));
  EXPECT_TRUE(parse_rfc3339("2261-12-31T23:59:59Z"));
}

TEST(NtpTime, KnowsBothEras) {
  EXPECT_EQ(rfc3339((NtpTime{2'208'988'800u, 1u << 31}).wall_time(), 1), "1970-01-01T00:00:00.5Z");
  EXPECT_EQ(rfc3339((NtpTime{0, 0}).wall_time(), 0), "2036-02-07T06:28:16Z");
}

TEST(Unwrapper, R1_PlacesLateValuesAcrossTheWrap) {
  Unwrapper<std::uint16_t> unwrap;
  const std::int64_t first = unwrap(65534);
  EXPECT_EQ(unwrap(1), first + 3);
  EXPECT_EQ(unwrap(65535), first + 1);
  EXPECT_EQ(unwrap(65533), first - 1);
  EXPECT_EQ(unwrap(2), first + 4);
}

TEST(Unwrapper, R2_FirstValueMayLieBeforeTheWrap) {
  Unwrapper<std::uint32_t> unwrap;
  const std::int64_t first = unwrap(5);
  EXPECT_EQ(unwrap(0xFFFF'FFF0u), first - 21);
  EXPECT_GT(first, 21);
}

TEST(TimeRange, IsHalfOpen) {
  const TimeRange range{MeetingTime(Duration(10)), MeetingTime(Duration(20))};
  EXPECT_TRUE(range.contains(MeetingTime(Duration(10))));
  EXPECT_FALSE(range.contains(MeetingTime(Duration(20))));
}

TEST(ClockText, ShowsHoursOnlyWhenThereAreAny) {
  EXPECT_EQ(clock_text(MeetingTime(std::chrono::milliseconds(61'005))), "01:01.005");
  EXPECT_EQ(clock_text(MeetingTime(std::chrono::milliseconds(3'661'005))), "1:01:01.005");
}

}  // namespace
}  // namespace greffe
