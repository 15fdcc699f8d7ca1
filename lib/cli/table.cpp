#include "cli/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/text.h"
#include "cli/display_width.h"

namespace greffe::cli {
namespace {

constexpr std::size_t Between = 2;      // blanks
constexpr std::size_t LeastShrunk = 8;  // columns of text that are left in any case

}  // namespace

void Table::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) {
    cell = printable(cell);
    std::replace(cell.begin(), cell.end(), '\n', ' ');
    std::replace(cell.begin(), cell.end(), '\t', ' ');
  }
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths(std::optional<std::size_t> width) const {
  std::vector<std::size_t> widths;
  std::size_t line = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(display_width(columns_[i].title));
    for (const auto& row : rows_) widths.back() = std::max(widths.back(), display_width(row[i]));
    line += widths.back() + (i > 0 ? Between : 0);
  }
  // The widest gives first.
  while (width && line > *width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::size_t least = std::max(display_width(columns_[i].title), LeastShrunk);
      if (columns_[i].shrinks && widths[i] > least && (widest == nullptr || widths[i] > *widest))
        widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
    --line;
  }
  return widths;
}

std::string Table::text(std::optional<std::size_t> width) const {
  const std::vector<std::size_t> wide = widths(width);
  std::string text;
  const auto put = [&](const auto& cell_at) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string cell = cut_to_width(cell_at(i), wide[i]);
      const std::string blanks(wide[i] - display_width(cell), ' ');
      if (i > 0) line.append(Between, ' ');
      line += columns_[i].align == Align::Right ? blanks + cell : cell + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  put([&](std::size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) put([&](std::size_t i) -> const std::string& { return row[i]; });
  return text;
}

std::optional<std::size_t> terminal_width() {
  if (!::isatty(STDOUT_FILENO)) return std::nullopt;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  std::size_t columns = 0;
  if (const char* const told = std::getenv("COLUMNS"))
    std::from_chars(told, told + std::string_view(told).size(), columns);
  return columns > 0 ? columns : 80;
}

}  // namespace greffe::cli
