// Columns for people: as wide as what a terminal shows, control characters escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace greffe::cli {

enum class Align { Left, Right };

class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::Left;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns. Line breaks and tabs become blanks, control characters are shown escaped.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // Title line and rows, each ended by a newline, without blanks at line ends.
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Terminal columns that `text` takes: 2 for East Asian wide characters and emoji, 0 for combining marks.
std::size_t display_width(std::string_view text);

}  // namespace greffe::cli
