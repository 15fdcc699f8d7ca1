// The way in of value.h.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "json/value.h"

namespace greffe::json {
namespace {

// Builds Values out of nlohmann's parse events; says no at the first thing that is not allowed here.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  // `text`: all of it, where it is there as a whole.
  explicit Builder(ParseLimits limits, std::string_view text = {})
      : limits_(std::move(limits)), text_(text) {}

  bool null() override { return put(Value()); }
  bool boolean(bool value) override { return put(Value(value)); }
  bool number_integer(number_integer_t value) override { return put(Value(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX))
      return put(Value(static_cast<std::int64_t>(value)));
    return put(Value(static_cast<double>(value)));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    if (!std::isfinite(value)) return refuse(fmt::format("the number {} is too large", text.substr(0, 40)));
    return put(Value(value));
  }
  bool string(string_t& text) override { return put(Value(std::move(text))); }
  bool binary(binary_t&) override { return refuse("binary"); }
  bool start_object(std::size_t) override { return open(Value(Object())); }
  bool start_array(std::size_t) override { return open(Value(Array())); }
  bool key(string_t& name) override {
    if (open_.back().find_object()->find(name))
      return refuse(fmt::format("the name \"{}\" stands twice in one object", name));
    names_.back() = std::move(name);
    if (open_.size() > 1) return true;
    const auto& left_out = limits_.leave_out;
    leaving_out_ = std::find(left_out.begin(), left_out.end(), names_.back()) != left_out.end();
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    const std::string_view before = text_.substr(0, std::max<std::size_t>(position, 1) - 1);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    return refuse(text_.empty() ? fmt::format("not JSON at byte {}", position)
                                : fmt::format("not JSON at byte {}, line {}, column {}", position, line,
                                              before.size() - line_start + 1));
  }

  Value& result() { return result_; }
  const std::string& reason() const { return reason_; }

 private:
  bool refuse(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
    return false;
  }
  bool open(Value value) {
    if (open_.size() >= limits_.depth) return refuse(fmt::format("more than {} levels deep", limits_.depth));
    sinks_.push_back(value.find_array() ? find_sink() : nullptr);
    open_.push_back(std::move(value));
    names_.emplace_back();
    return true;
  }
  bool close() {
    Value done = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    sinks_.pop_back();
    return put(std::move(done));
  }
  // Of the array that is about to be opened.
  const ItemSink* find_sink() const {
    if (limits_.hand_over.empty() || open_.empty() || !open_.back().find_object()) return nullptr;
    std::string path;
    for (const std::string& name : names_)
      if (!name.empty()) path += (path.empty() ? "" : ".") + name;
    const auto found = std::find_if(limits_.hand_over.begin(), limits_.hand_over.end(),
                                    [&](const auto& known) { return known.first == path; });
    return found == limits_.hand_over.end() ? nullptr : &found->second;
  }
  bool hand_over(Value value) {
    values_ = 0;
    const Status taken = (*sinks_.back())(value);
    return taken || refuse(taken.error().message());
  }
  bool put(Value value) {
    if (leaving_out_ && open_.size() > 1) return true;
    if (!open_.empty() && sinks_.back()) return hand_over(std::move(value));
    if (++values_ > limits_.values) return refuse(fmt::format("more than {} values", limits_.values));
    if (open_.empty())
      result_ = std::move(value);
    else if (auto* array = open_.back().find_array())
      array->push_back(std::move(value));
    else
      open_.back().find_object()->set(names_.back(), std::move(value));
    return true;
  }

  ParseLimits limits_;
  std::string_view text_;
  std::vector<Value> open_;
  std::vector<std::string> names_;      // the member each open object is at
  std::vector<const ItemSink*> sinks_;  // that take the items of each open array; null: they are kept
  std::size_t values_ = 0;              // kept since an item was handed over
  bool leaving_out_ = false;            // all that the outermost object's member holds
  Value result_;
  std::string reason_;
};

// A text as it comes, character by character.
class Incoming {
 public:
  Incoming(const TextSource& source, std::size_t most_bytes) : source_(source), most_bytes_(most_bytes) {}

  bool at_end() {
    if (at_ == got_ && !ended_) read();
    return at_ == got_;
  }
  char character() const { return piece_[at_]; }
  void step() { ++at_; }
  const Status& status() const { return status_; }

 private:
  void read() {
    at_ = got_ = 0;
    if (const auto got = source_(piece_); !got)
      status_ = tl::unexpected(got.error());
    else
      got_ = *got;
    bytes_ += got_;
    if (bytes_ > most_bytes_) status_ = fail("more than the limit of {} bytes", most_bytes_);
    ended_ = !status_ || got_ == 0;
    if (ended_) got_ = 0;
  }

  const TextSource& source_;
  std::size_t most_bytes_;
  std::vector<char> piece_ = std::vector<char>(64 << 10);
  std::size_t at_ = 0;
  std::size_t got_ = 0;
  std::size_t bytes_ = 0;
  bool ended_ = false;
  Status status_;
};

// As nlohmann's parser reads it; null is the end.
class IncomingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit IncomingIterator(Incoming* text = nullptr) : text_(text) {}
  char operator*() const { return text_->character(); }
  IncomingIterator& operator++() {
    text_->step();
    return *this;
  }
  IncomingIterator operator++(int) {
    const IncomingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const IncomingIterator& other) const { return at_end() == other.at_end(); }

 private:
  bool at_end() const { return !text_ || text_->at_end(); }
  Incoming* text_;
};

}  // namespace

Result<Value> parse(const TextSource& source, ParseLimits limits) {
  Incoming text(source, limits.bytes);
  Builder builder(std::move(limits));
  const bool parsed = nlohmann::json::sax_parse(IncomingIterator(&text), IncomingIterator(), &builder);
  GREFFE_CHECK(text.status());
  if (!parsed) return fail("{}", builder.reason());
  return std::move(builder.result());
}

Result<Value> parse(std::string_view text, ParseLimits limits) {
  if (text.size() > limits.bytes)
    return fail("{} bytes, more than the limit of {}", text.size(), limits.bytes);
  Builder builder(std::move(limits), text);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return fail("{}", builder.reason());
  return std::move(builder.result());
}

}  // namespace greffe::json
