#include "cli/csv.h"

#include <gtest/gtest.h>

namespace greffe::cli {
namespace {

std::string line(std::vector<json::Value> cells) { return csv_line(cells); }

TEST(Csv, CellsAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(line({"a", 1, -2, 0.5, nullptr, "", "é"}), "a,1,-2,0.5,,,é\r\n");
  EXPECT_EQ(line({"a,b", "say \"x\"", "two\nlines", " blank "}),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" blank \"\r\n");
  EXPECT_EQ(line({"a;b"}), "a;b\r\n");
}

// SAFETY S11: a title is never a formula.
TEST(Csv, TextThatASpreadsheetWouldRunIsTextAgain) {
  EXPECT_EQ(line({"=1+1", "+33 1", "-x", "@sum", "\tx"}), "'=1+1,'+33 1,'-x,'@sum,'\tx\r\n");
  EXPECT_EQ(line({"=HYPERLINK(\"http://x\")"}), "\"'=HYPERLINK(\"\"http://x\"\")\"\r\n");
  EXPECT_EQ(line({"a=b", "'t Hooft"}), "a=b,''t Hooft\r\n");
}

TEST(Csv, ControlCharactersAreEscaped) { EXPECT_EQ(line({"\x1b[31m\rred"}), "\\u{1b}[31m\\u{d}red\r\n"); }

TEST(Csv, WhatIsNoTextIsWrittenAsJson) {
  EXPECT_EQ(line({true, json::Array{1, "a"}}), "true,\"[1,\"\"a\"\"]\"\r\n");
}

}  // namespace
}  // namespace greffe::cli
