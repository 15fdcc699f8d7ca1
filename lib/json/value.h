// JSON as a value: strict on the way in (RFC 8259), stable on the way out.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace greffe::json {

class Value;
using Array = std::vector<Value>;

// Members in the order they were written; names are unique.
class Object {
 public:
  using Member = std::pair<std::string, Value>;
  using Iterator = std::vector<Member>::const_iterator;

  Object() = default;
  Object(std::initializer_list<Member> members);

  const Value* find(std::string_view name) const;
  // Adds the member or replaces its value in place.
  Object& set(std::string_view name, Value value);
  bool erase(std::string_view name);
  std::size_t size() const;
  bool empty() const;
  Iterator begin() const;
  Iterator end() const;
  bool operator==(const Object& other) const;

 private:
  std::vector<Member> members_;
};

// Null, boolean, integer, real, text, array or object. Integers that fit 64 bits stay exact.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool value) : data_(value) {}
  Value(double value) : data_(value) {}
  template <class Integer>
  requires std::is_integral_v<Integer> &&(!std::is_same_v<Integer, bool>)Value(Integer value)
      : data_(static_cast<std::int64_t>(value)) {}
  Value(const char* text) : data_(std::string(text)) {}
  Value(std::string_view text) : data_(std::string(text)) {}
  Value(std::string text) : data_(std::move(text)) {}
  Value(Array array) : data_(std::move(array)) {}
  Value(Object object) : data_(std::move(object)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_number() const { return find_integer() != nullptr || std::holds_alternative<double>(data_); }
  const bool* find_bool() const { return std::get_if<bool>(&data_); }
  const std::int64_t* find_integer() const { return std::get_if<std::int64_t>(&data_); }
  const std::string* find_text() const { return std::get_if<std::string>(&data_); }
  const Array* find_array() const { return std::get_if<Array>(&data_); }
  const Object* find_object() const { return std::get_if<Object>(&data_); }
  Object* find_object() { return std::get_if<Object>(&data_); }
  Array* find_array() { return std::get_if<Array>(&data_); }
  // Integers too; nullopt for what is no number.
  std::optional<double> number() const;

  bool operator==(const Value&) const = default;

 private:
  friend class Writer;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

// Here, where Value is complete.
inline std::size_t Object::size() const { return members_.size(); }
inline bool Object::empty() const { return members_.empty(); }
inline Object::Iterator Object::begin() const { return members_.begin(); }
inline Object::Iterator Object::end() const { return members_.end(); }

// Takes one item of an array that is too long to be kept. Where it fails the parsing does, with its message.
using ItemSink = std::function<Status(const Value&)>;

struct ParseLimits {
  std::size_t bytes = 64u << 20;
  std::size_t depth = 64;
  std::size_t values = SIZE_MAX;  // that are kept
  // Members of the outermost object whose contents are checked, but not kept: arrays and objects come out
  // empty.
  std::vector<std::string> leave_out = {};
  // Arrays whose items are handed over one by one, by the names that lead there: "losses", or "ticks.runs"
  // for the member of the objects in an array. They come out empty.
  std::vector<std::pair<std::string, ItemSink>> hand_over = {};
};

// Parses exactly one JSON text: UTF-8 checked, no duplicate names, no NaN, nothing behind it. The message of
// a failure names byte, line and column (of bytes), from 1.
Result<Value> parse(std::string_view text, ParseLimits limits = {});

// Gives the next bytes of a text, as many as it likes; 0 at the end.
using TextSource = std::function<Result<std::size_t>(std::span<char>)>;
// The same of a text that is never there as a whole.
Result<Value> parse(const TextSource& source, ParseLimits limits = {});

enum class Style {
  Compact,    // one line
  Indented,   // two blanks a level, for files people read; arrays of plain numbers stay on one line
  Canonical,  // RFC 8785: members sorted by UTF-16 units, shortest numbers, for digests and the journal
};
std::string write(const Value& value, Style style = Style::Compact);
// Behind `text`, as what stands `level` levels deep in a document.
void append(std::string& text, const Value& value, Style style, int level);

}  // namespace greffe::json
