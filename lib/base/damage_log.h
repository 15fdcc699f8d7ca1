// Damage: input that is lost or unreadable, with its place. The work goes on; the report tells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace greffe {

// One condition in one place (a file or a track): how often, first and last position.
struct Damage {
  std::string condition;   // a short fixed word per kind, kebab-case: "lost-packets", "record-cut"
  std::string place;       // file name or track id, as a person knows it
  std::string unit;        // what positions and amounts count: "packets", "bytes", "ms", …; may be empty
  std::int64_t first = 0;  // position of the first occurrence, in the words of `text`
  std::int64_t last = 0;
  std::uint64_t count = 0;   // occurrences
  std::uint64_t amount = 0;  // sum over occurrences, in `unit`
  std::string text;          // one sentence for people, of the first occurrence
};

// Collects damage, one entry per condition and place, in order of first occurrence. Not thread-safe.
class DamageLog {
 public:
  struct Event {
    std::string_view condition;
    std::string_view place;
    std::string_view unit = {};
    std::int64_t position = 0;
    std::uint64_t amount = 1;
    std::string text = {};
  };
  void add(Event event);
  // Of what was told too early: `amount` less, and no entry where nothing is left.
  void take_back(std::string_view condition, std::string_view place, std::uint64_t amount);
  // Joins what was counted elsewhere.
  void add_entry(const Damage& more);
  void add_all(const DamageLog& other);

  bool empty() const { return entries_.empty(); }
  const std::vector<Damage>& entries() const { return entries_; }
  // Occurrences of one condition over all places.
  std::uint64_t count(std::string_view condition) const;

 private:
  Damage& entry(std::string_view condition, std::string_view place);

  std::vector<Damage> entries_;
};

}  // namespace greffe
