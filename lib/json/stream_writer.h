// Writes one JSON object piece by piece, in Style::Indented: for documents too long to be held as a Value.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace greffe::json {

// Takes the next piece of text.
using Sink = std::function<Status(std::string_view)>;

// The text is what write() makes of the same document. Names are not checked to be unique. Keeps the first
// failure of the sink; ask finish() once, at the end.
class StreamWriter {
 public:
  enum class Items : std::uint8_t { OnOneLine, OnLinesOfTheirOwn };

  explicit StreamWriter(Sink sink);

  // Members of the object that is open.
  StreamWriter& member(std::string_view name, const Value& value);
  void open_array(std::string_view name, Items items);
  // Items of the array that is open.
  void item(const Value& value);
  // The same of what long arrays are made of, with nothing allocated for it.
  void item_number(std::int64_t number);
  void item_pair(std::int64_t first, std::int64_t second);  // [first, second]
  void open_object();
  // The array or object opened last.
  void close();
  // Closes the document.
  Status finish();

 private:
  struct Level {
    bool is_array = false;
    bool one_line = false;
    bool empty = true;
  };

  void begin_item();
  void begin_member(std::string_view name);
  void new_line(std::size_t level);
  void append_number(std::int64_t number);
  void flush(std::size_t at_least);

  Sink sink_;
  Status status_;
  std::string text_;
  std::vector<Level> levels_;
};

}  // namespace greffe::json
