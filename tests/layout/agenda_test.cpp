#include "layout/agenda.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

using std::chrono::milliseconds;
constexpr MeetingTime End{std::chrono::hours(2)};

TEST(Agenda, TimesAreReadAsPeopleWriteThem) {
  const auto chapters = parse_agenda(
      "\xEF\xBB\xBF# Council\r\n0 Welcome\r\n\n  1:30  Roll call \n02:00.5 Budget\n1:05:30 Häuser\n", End);
  ASSERT_TRUE(chapters) << chapters.error().message();
  ASSERT_EQ(chapters->size(), 4u);
  EXPECT_EQ((*chapters)[0], (Chapter{MeetingTime(milliseconds(0)), "Welcome"}));
  EXPECT_EQ((*chapters)[1], (Chapter{MeetingTime(milliseconds(90'000)), "Roll call"}));
  EXPECT_EQ((*chapters)[2], (Chapter{MeetingTime(milliseconds(120'500)), "Budget"}));
  EXPECT_EQ((*chapters)[3], (Chapter{MeetingTime(milliseconds(3'930'000)), "Häuser"}));
}

TEST(Agenda, AllMistakesAreToldAtOnce) {
  const auto chapters =
      parse_agenda("Welcome\n5:00 Budget\n4:00 Roads\n1:61 Vote\n3:00:00 Late\n9:00\n1:2:3:4 x\n", End);
  ASSERT_FALSE(chapters);
  for (const char* line : {"line 1", "line 3", "line 4", "line 5", "line 6", "line 7"})
    EXPECT_NE(chapters.error().message().find(line), std::string::npos) << line;
  EXPECT_EQ(chapters.error().message().find("line 2"), std::string::npos);
}

TEST(Agenda, WhatIsNoUtf8IsRefusedWithTheRemedy) {
  const auto chapters = parse_agenda("0:00 Welcome\n1:00 D\xE9lib\xE9ration\n2:00 a\x01z\n", End);
  ASSERT_FALSE(chapters);
  EXPECT_EQ(chapters.error().message(),
            "line 2: not UTF-8; save the file as UTF-8; line 3: a control character in the title");
}

TEST(Agenda, EveryPrefixIsReadOrRefused) {
  const std::string_view text = "0:00 A\n12:34:56.789 B\n";
  for (std::size_t length = 0; length <= text.size(); ++length)
    static_cast<void>(parse_agenda(text.substr(0, length), End));
  EXPECT_TRUE(parse_agenda("", End)->empty());
}

}  // namespace
}  // namespace greffe::layout
