// Members of the documents of disposals/, each refused with its place where it is not as we write it.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/disposal_files.h"
#include "json/reader.h"

namespace greffe::catalog {

// As json::Reader, for one object of ours. Bounds keep sums and dates from overflowing.
class RecordReader {
 public:
  RecordReader(const json::Value& value, std::string place) : reader_(value, std::move(place)) {}
  RecordReader(const json::Value&& gone, std::string place) = delete;

  void schema(std::string_view expected);
  std::string text(std::string_view name) { return reader_.text(name); }  // required
  std::string any_text(std::string_view name);                            // absent: empty
  std::string some_text(std::string_view name);                           // required, not empty
  std::string meeting(std::string_view name);                             // an id
  std::string list(std::string_view name);                                // an id
  std::string hex(std::string_view name, std::size_t digits);             // lower case
  std::string one_of(std::string_view name, std::initializer_list<std::string_view> known);
  std::int64_t number(std::string_view name, std::int64_t least = 0, std::int64_t most = MostBytes);
  bool boolean(std::string_view name) { return reader_.boolean(name, false); }
  CivilDate day(std::string_view name);
  std::optional<CivilDate> find_day(std::string_view name);
  WallTime instant(std::string_view name);
  Person person(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  std::vector<std::string> meetings(std::string_view name);          // in order, each once
  std::map<std::string, std::string> states(std::string_view name);  // by meeting; absent: none
  std::vector<std::int64_t> numbers(std::string_view name);          // from 1, in order, each once
  const json::Value& object(std::string_view name);                  // required; for a reader of its own
  // Objects of an array, each read by `read(RecordReader&)`.
  template <class Item, class Read>
  std::vector<Item> items(std::string_view name, Read read) {
    std::vector<Item> found;
    const json::Array& array = this->array(name);
    for (std::size_t i = 0; i < array.size() && status(); ++i) {
      RecordReader item(array[i], fmt::format("{}[{}]", place_of(name), i));
      found.push_back(read(item));
      take(item.status());
    }
    return found;
  }

  void refuse(std::string_view name, std::string_view why) { reader_.refuse(name, why); }
  // What was wrong in a part, whose message has its place.
  void take(const Status& part);
  std::string place_of(std::string_view name) const { return reader_.place_of(name); }
  // The first mistake.
  Status status() const { return inner_ ? reader_.status() : inner_; }

  static constexpr std::int64_t MostBytes =
      1'000'000'000'000'000;                                     // as many as canonical numbers hold (2^53)
  static constexpr std::int64_t MostUnixMs = 9'000'000'000'000;  // 2255, in nanoseconds within 64 bits

 private:
  const json::Array& array(std::string_view name);  // required

  json::Reader reader_;
  Status inner_;
};

}  // namespace greffe::catalog
