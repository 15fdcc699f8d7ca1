// Columns for people: as wide as what a terminal shows, control characters escaped.
#pragma once

#include <optional>
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
    bool shrinks = false;  // long text, which may be cut where there is no room for all
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns. Line breaks and tabs become blanks, control characters are shown escaped.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // Title line and rows, each ended by a newline, without blanks at line ends. With `width` the columns that
  // shrink are cut, with an ellipsis, until lines are no longer than that, or no column has more to give.
  std::string text(std::optional<std::size_t> width = {}) const;

 private:
  std::vector<std::size_t> widths(std::optional<std::size_t> width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Columns of the terminal that standard output is; nullopt where it is none, and lines may be of any length.
std::optional<std::size_t> terminal_width();

}  // namespace greffe::cli
