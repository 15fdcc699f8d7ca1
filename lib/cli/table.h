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
    int yields = 0;        // above 0: may be left out where there is no room for all, the highest first
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns. Line breaks and tabs become blanks, control characters are shown escaped.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::size_t rows() const { return rows_.size(); }
  // Title line and rows, each ended by a newline, without blanks at line ends. With `width` columns that
  // yield are left out, and those that shrink are cut, with an ellipsis, until lines are no longer than that,
  // or no column has more to give.
  std::string text(std::optional<std::size_t> width = {}) const;
  // The same of the rows added since the last page, for a table too long to be kept: the title line stands
  // above the first page, and columns only grow.
  std::string next_page(std::optional<std::size_t> width = {});

 private:
  // Of each column; nullopt: it is left out.
  using Widths = std::vector<std::optional<std::size_t>>;
  Widths widths(std::optional<std::size_t> width) const;
  template <class CellAt>
  std::string line(const Widths& widths, CellAt cell_at) const;
  std::string lines(const Widths& widths) const;
  std::string title_line(const Widths& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  Widths of_pages_;  // before; empty while there was none
};

// Columns of the terminal that standard output is; nullopt where it is none, and lines may be of any length.
std::optional<std::size_t> terminal_width();

}  // namespace greffe::cli
