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
constexpr std::size_t GoodShrunk = 24;  // for so many, other columns yield

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

Table::Widths Table::widths(std::optional<std::size_t> width) const {
  Widths widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t most = display_width(columns_[i].title);
    for (const auto& row : rows_) most = std::max(most, display_width(row[i]));
    if (!of_pages_.empty() && of_pages_[i]) most = std::max(most, *of_pages_[i]);
    widths.push_back(!of_pages_.empty() && !of_pages_[i] ? std::nullopt : std::optional(most));
  }
  if (!width) return widths;
  const auto length = [&](std::size_t of_text) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (widths[i])
        sum += (sum > 0 ? Between : 0) + (columns_[i].shrinks ? std::min(*widths[i], of_text) : *widths[i]);
    return sum;
  };
  while (of_pages_.empty() && length(GoodShrunk) > *width) {
    std::size_t first = 0;  // to go
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (widths[i] && columns_[i].yields > (widths[first] ? columns_[first].yields : 0)) first = i;
    if (columns_[first].yields == 0 || !widths[first]) break;
    widths[first].reset();
  }
  // Of what is left the widest text gives first.
  for (std::size_t line = length(SIZE_MAX); line > *width; --line) {
    std::optional<std::size_t>* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::size_t least = std::max(display_width(columns_[i].title), LeastShrunk);
      if (columns_[i].shrinks && widths[i] && *widths[i] > least &&
          (widest == nullptr || **widest < *widths[i]))
        widest = &widths[i];
    }
    if (widest == nullptr) break;
    --**widest;
  }
  return widths;
}

template <class CellAt>
std::string Table::line(const Widths& widths, CellAt cell_at) const {
  std::string line;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!widths[i]) continue;
    const std::string cell = cut_to_width(cell_at(i), *widths[i]);
    const std::string blanks(*widths[i] - display_width(cell), ' ');
    if (i > 0) line.append(Between, ' ');
    line += columns_[i].align == Align::Right ? blanks + cell : cell + blanks;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Table::title_line(const Widths& widths) const {
  return line(widths, [&](std::size_t i) -> const std::string& { return columns_[i].title; });
}

std::string Table::lines(const Widths& widths) const {
  std::string text;
  for (const auto& row : rows_)
    text += line(widths, [&](std::size_t i) -> const std::string& { return row[i]; });
  return text;
}

std::string Table::text(std::optional<std::size_t> width) const {
  const Widths wide = widths(width);
  return title_line(wide) + lines(wide);
}

std::string Table::next_page(std::optional<std::size_t> width) {
  const bool is_first = of_pages_.empty();
  of_pages_ = widths(width);
  std::string text = (is_first ? title_line(of_pages_) : "") + lines(of_pages_);
  rows_.clear();
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
