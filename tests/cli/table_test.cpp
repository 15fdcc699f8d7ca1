#include "cli/table.h"

#include <gtest/gtest.h>

#include "cli/display_width.h"
#include "cli/figures.h"

namespace greffe::cli {
namespace {

TEST(DisplayWidth, CountsColumnsOfATerminal) {
  EXPECT_EQ(display_width("council"), 7u);
  EXPECT_EQ(display_width("Amélie"), 6u);
  EXPECT_EQ(display_width("Ame\u0301lie"), 6u);  // e and a combining accent
  EXPECT_EQ(display_width("会議"), 4u);
  EXPECT_EQ(display_width("한국"), 4u);
  EXPECT_EQ(display_width("ｶﾅ"), 2u);  // halfwidth
  EXPECT_EQ(display_width("🎥"), 2u);
  EXPECT_EQ(display_width("नमस्ते"),
            4u);  // Devanagari: vowel signs of its own width, virama and e above without
  EXPECT_EQ(display_width("שָׁלוֹם"), 4u);  // Hebrew points
  EXPECT_EQ(display_width("a\u200bb\u00adc"), 3u);
  EXPECT_EQ(display_width(""), 0u);
}

TEST(DisplayWidth, TextIsCutBetweenCharacters) {
  EXPECT_EQ(cut_to_width("council", 7), "council");
  EXPECT_EQ(cut_to_width("council", 5), "coun…");
  EXPECT_EQ(cut_to_width("会議会議", 4), "会…");  // half a character is not shown
  EXPECT_EQ(cut_to_width("Ame\u0301lie", 4), "Ame\u0301…");
  EXPECT_EQ(cut_to_width("council", 1), "…");
}

TEST(Table, ColumnsStandBelowEachOther) {
  Table table({{"ID"}, {"N", Align::Right}, {"TITLE", Align::Left, true}});
  table.add({"a", "1", "会議"});
  table.add({"bé", "100", "x\n\x1b[31m"});
  EXPECT_EQ(table.text(),
            "ID    N  TITLE\n"
            "a     1  会議\n"
            "bé  100  x \\u{1b}[31m\n");
}

TEST(Table, LongTextIsCutForATerminal) {
  Table table({{"ID"}, {"TITLE", Align::Left, true}, {"OF", Align::Left, true}});
  table.add({"123456", "The day after the day before", "somebody else"});
  EXPECT_EQ(table.text(40),
            "ID      TITLE              OF\n"
            "123456  The day after th…  somebody else\n");
  // No column is cut below what can be read, nor one that does not shrink.
  EXPECT_EQ(table.text(10),
            "ID      TITLE     OF\n"
            "123456  The day…  somebod…\n");
  EXPECT_EQ(table.text(1000), table.text());
}

TEST(Table, ColumnsYieldBeforeTextIsCutTooShort) {
  Table table({{.title = "ID"},
               {.title = "TRACKS", .align = Align::Right, .yields = 2},
               {.title = "BYTES", .align = Align::Right, .yields = 1},
               {.title = "TITLE", .shrinks = true}});
  table.add({"1", "2", "3", "A title that is longer than all others"});
  EXPECT_EQ(table.text(60),
            "ID  TRACKS  BYTES  TITLE\n"
            "1        2      3  A title that is longer than all others\n");
  EXPECT_EQ(table.text(40),
            "ID  BYTES  TITLE\n"
            "1       3  A title that is longer than …\n");
  EXPECT_EQ(table.text(20),
            "ID  TITLE\n"
            "1   A title that is…\n");
}

TEST(Table, PagesStandBelowEachOther) {
  Table table({{"ID"}, {"TITLE"}});
  table.add({"123", "a"});
  EXPECT_EQ(table.next_page(), "ID   TITLE\n123  a\n");
  table.add({"1", "b"});
  EXPECT_EQ(table.next_page(), "1    b\n");
  table.add({"12345", "c"});
  EXPECT_EQ(table.next_page(), "12345  c\n");
}

TEST(Figures, AreShortForPeople) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1000), "1.0 kB");
  EXPECT_EQ(bytes_text(9'949), "9.9 kB");
  EXPECT_EQ(bytes_text(9'950), "10 kB");
  EXPECT_EQ(bytes_text(999'499), "999 kB");
  EXPECT_EQ(bytes_text(999'500), "1.0 MB");
  EXPECT_EQ(bytes_text(5'000'000'000), "5.0 GB");
  EXPECT_EQ(bytes_text(INT64_MAX), "9.2 EB");
  EXPECT_EQ(length_text(0), "0:00:00");
  EXPECT_EQ(length_text(3'723'999), "1:02:03");
  EXPECT_EQ(length_text(360'000'000), "100:00:00");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'234'567), "1 234 567");
  EXPECT_EQ(count_text(-123), "-123");
  EXPECT_EQ(count_text(-1'234), "-1 234");
}

}  // namespace
}  // namespace greffe::cli
