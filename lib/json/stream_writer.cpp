#include "json/stream_writer.h"

namespace greffe::json {
namespace {
constexpr std::size_t PieceBytes = 64 << 10;
}

StreamWriter::StreamWriter(Sink sink) : sink_(std::move(sink)), text_("{"), levels_(1) {}

StreamWriter& StreamWriter::member(std::string_view name, const Value& value) {
  begin_member(name);
  append(text_, value, Style::Indented, static_cast<int>(levels_.size()));
  flush(PieceBytes);
  return *this;
}

void StreamWriter::open_array(std::string_view name, Items items) {
  begin_member(name);
  text_ += '[';
  levels_.push_back({.is_array = true, .one_line = items == Items::OnOneLine});
}

void StreamWriter::item(const Value& value) {
  begin_item();
  append(text_, value, Style::Indented, static_cast<int>(levels_.size()));
  flush(PieceBytes);
}

void StreamWriter::item_number(std::int64_t number) {
  begin_item();
  append_number(number);
  flush(PieceBytes);
}

void StreamWriter::item_pair(std::int64_t first, std::int64_t second) {
  begin_item();
  text_ += '[';
  append_number(first);
  text_ += ", ";
  append_number(second);
  text_ += ']';
  flush(PieceBytes);
}

void StreamWriter::open_object() {
  begin_item();
  text_ += '{';
  levels_.push_back({});
}

void StreamWriter::close() {
  const Level closed = levels_.back();
  levels_.pop_back();
  if (!closed.one_line && !closed.empty) new_line(levels_.size());
  text_ += closed.is_array ? ']' : '}';
}

Status StreamWriter::finish() {
  while (!levels_.empty()) close();
  text_ += '\n';
  flush(1);
  return std::move(status_);
}

void StreamWriter::begin_item() {
  Level& level = levels_.back();
  if (!level.empty) text_ += level.one_line ? ", " : ",";
  if (!level.one_line) new_line(levels_.size());
  level.empty = false;
}

void StreamWriter::begin_member(std::string_view name) {
  begin_item();
  append(text_, Value(name), Style::Indented, 0);
  text_ += ": ";
}

void StreamWriter::new_line(std::size_t level) {
  text_ += '\n';
  text_.append(2 * level, ' ');
}

void StreamWriter::append_number(std::int64_t number) {
  const fmt::format_int digits(number);
  text_.append(digits.data(), digits.size());
}

void StreamWriter::flush(std::size_t at_least) {
  if (text_.size() < at_least) return;
  if (status_) status_ = sink_(text_);
  text_.clear();
}

}  // namespace greffe::json
