#include "units/civil_date.h"

#include <gtest/gtest.h>

#include "units/time_zone.h"

namespace greffe {
namespace {

using namespace std::chrono;

CivilDate day(std::string_view text) { return parse_date(text).value(); }
Period period(std::string_view text) { return parse_period(text).value(); }

TEST(CivilDate, ReadsWhatItWrites) {
  for (const char* text : {"0001-01-01", "2024-02-29", "9999-12-31"}) EXPECT_EQ(text_of(day(text)), text);
  for (const char* text :
       {"", "2026", "2026-2-03", "2026-02-30", "2026-02-03T", "0000-01-01", "2026/02/03", "2025-02-29"})
    EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Period, ReadsWhatItWrites) {
  for (const char* text : {"P5Y", "P1Y6M", "P30D", "P2M1D", "P0D"}) EXPECT_EQ(text_of(period(text)), text);
  EXPECT_EQ(period("P2W"), (Period{0, 14}));
  EXPECT_EQ(period("P12M"), period("P1Y"));
}

TEST(Period, R72_NegativeAndAbsurdDurationsAreRefused) {
  for (const char* text : {"-P1Y", "P-1Y", "P1.5Y", "P", "5Y", "P5", "PT5H", "P1D1Y", "P1Y1Y", "P1001Y",
                           "P999999D", "P9999999Y", "P5Y ", "forever"}) {
    const auto read = parse_period(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message().find("is no duration such as P5Y"), std::string::npos);
  }
}

TEST(Period, T2_IsAddedByTheCalendarFromTheOriginalStart) {
  EXPECT_EQ(day("2024-02-29") + period("P1Y"), day("2025-02-28"));
  EXPECT_EQ(day("2024-02-29") + period("P5Y"), day("2029-02-28"));
  EXPECT_EQ(day("2024-02-29") + period("P4Y"), day("2028-02-29"));
  EXPECT_EQ(day("2026-01-31") + period("P2M"), day("2026-03-31"));
  EXPECT_EQ(day("2026-01-31") + period("P1M") + period("P1M"), day("2026-03-28"));  // what T2 warns of
  EXPECT_EQ(day("2026-11-20") + period("P1Y"), day("2027-11-20"));
  EXPECT_EQ(day("2027-11-20") + period("P1Y"), day("2028-11-20"));  // 366 days
  EXPECT_EQ(day("2026-12-31") + period("P1M1D"), day("2027-02-01"));
  EXPECT_EQ(day("9990-01-01") + period("P1000Y"), day("9999-12-31"));
}

TEST(TimeZone, E3_ADayIsThatOfTheZone) {
  const TimeZone paris = TimeZone::find("Europe/Paris").value();
  EXPECT_EQ(paris.date_of(parse_rfc3339("2026-11-20T22:59:59Z").value()), day("2026-11-20"));
  EXPECT_EQ(paris.date_of(parse_rfc3339("2026-11-20T23:00:00Z").value()), day("2026-11-21"));
  EXPECT_EQ(paris.date_of(parse_rfc3339("2026-07-14T22:00:00Z").value()), day("2026-07-15"));
  EXPECT_EQ(paris.date_of(parse_rfc3339("1969-12-31T22:30:00.5Z").value()), day("1969-12-31"));
}

TEST(TimeZone, TheClockOnTheWallFollowsSummerTime) {
  const TimeZone paris = TimeZone::find("Europe/Paris").value();
  EXPECT_EQ(paris.clock_of(*parse_rfc3339("2026-11-20T08:05:59.999Z")), "2026-11-20 09:05");
  EXPECT_EQ(paris.clock_of(*parse_rfc3339("2026-07-20T23:30:00Z")), "2026-07-21 01:30");
  EXPECT_EQ(paris.clock_of(*parse_rfc3339("1969-12-31T22:59:59.500Z")), "1969-12-31 23:59");
}

TEST(TimeZone, T3_ADayBeginsAtMidnightAndIsWholeWhenTheClockIsSet) {
  const TimeZone paris = TimeZone::find("Europe/Paris").value();
  EXPECT_EQ(rfc3339(paris.start_of(day("2026-03-29"))), "2026-03-28T23:00:00.000Z");
  EXPECT_EQ(rfc3339(paris.start_of(day("2026-03-30"))), "2026-03-29T22:00:00.000Z");  // a day of 23 hours
  EXPECT_EQ(rfc3339(paris.start_of(day("2026-10-26"))), "2026-10-25T23:00:00.000Z");  // after one of 25
  // In São Paulo the clock was set at midnight: 2018-11-04 begins at 01:00.
  const TimeZone sao_paulo = TimeZone::find("America/Sao_Paulo").value();
  EXPECT_EQ(rfc3339(sao_paulo.start_of(day("2018-11-04"))), "2018-11-04T03:00:00.000Z");
  EXPECT_EQ(sao_paulo.date_of(sao_paulo.start_of(day("2018-11-04"))), day("2018-11-04"));
  EXPECT_EQ(sao_paulo.date_of(sao_paulo.start_of(day("2018-11-04")) - nanoseconds(1)), day("2018-11-03"));
}

TEST(TimeZone, UnknownZonesAreNamed) {
  const auto zone = TimeZone::find("Europe/Atlantis");
  ASSERT_FALSE(zone);
  EXPECT_NE(zone.error().message().find("no time zone \"Europe/Atlantis\""), std::string::npos);
  EXPECT_FALSE(TimeZone::find("../../etc/passwd"));
}

TEST(TimeZone, T1_T5_AnInstantFallsOnADayOfTheZone) {
  const TimeZone paris = TimeZone::find("Europe/Paris").value();
  EXPECT_EQ(paris.parse_day("2026-11-20").value(), day("2026-11-20"));
  EXPECT_EQ(paris.parse_day("2026-11-20T22:59:59Z").value(), day("2026-11-20"));
  EXPECT_EQ(paris.parse_day("2026-11-20T23:00:00Z").value(), day("2026-11-21"));
  EXPECT_EQ(paris.parse_day("2026-11-20T23:30:00-05:00").value(), day("2026-11-21"));
  for (const char* text : {"", "2026-11", "2026-11-20T", "2026-11-20T22:59:59", "20 November 2026"})
    EXPECT_FALSE(paris.parse_day(text)) << text;
}

}  // namespace
}  // namespace greffe
