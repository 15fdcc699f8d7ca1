#include "base/damage_log.h"

#include <algorithm>

namespace greffe {

Damage& DamageLog::entry(std::string_view condition, std::string_view place) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Damage& known) {
    return known.condition == condition && known.place == place;
  });
  if (found != entries_.end()) return *found;
  entries_.push_back({.condition = std::string(condition), .place = std::string(place)});
  return entries_.back();
}

void DamageLog::add(Event event) {
  Damage& known = entry(event.condition, event.place);
  if (known.count == 0) {
    known.unit = event.unit;
    known.first = event.position;
    known.text = std::move(event.text);
  }
  known.last = event.position;
  known.count += 1;
  known.amount += event.amount;
}

void DamageLog::take_back(std::string_view condition, std::string_view place, std::uint64_t amount) {
  Damage& known = entry(condition, place);
  known.amount -= std::min(known.amount, amount);
  known.count = std::min(known.count, known.amount);
  if (known.amount == 0) entries_.erase(entries_.begin() + (&known - entries_.data()));
}

void DamageLog::add_entry(const Damage& more) {
  Damage& known = entry(more.condition, more.place);
  if (known.count == 0) {
    known = more;
    return;
  }
  known.last = more.last;
  known.count += more.count;
  known.amount += more.amount;
}

void DamageLog::add_all(const DamageLog& other) {
  for (const Damage& more : other.entries_) add_entry(more);
}

std::uint64_t DamageLog::count(std::string_view condition) const {
  std::uint64_t sum = 0;
  for (const Damage& known : entries_)
    if (known.condition == condition) sum += known.count;
  return sum;
}

}  // namespace greffe
