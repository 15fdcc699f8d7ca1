#include "retention/event.h"

#include <algorithm>
#include <set>

namespace greffe::retention {

std::map<std::string, CivilDate> starts_of(const std::vector<Event>& events) {
  std::set<std::int64_t> superseded;
  for (const Event& event : events)
    if (event.supersedes) superseded.insert(*event.supersedes);
  std::map<std::string, std::int64_t> latest;
  std::map<std::string, CivilDate> starts;
  for (const Event& event : events) {
    if (event.withdrawn || superseded.contains(event.number)) continue;
    auto& number = latest[event.type];
    if (event.number < number) continue;
    number = event.number;
    starts[event.type] = event.effective;
  }
  return starts;
}

std::map<std::string, WallTime> recorded_of(const std::vector<Event>& events) {
  std::map<std::string, WallTime> recorded;
  for (const Event& event : events) {
    const auto [last, is_first] = recorded.emplace(event.type, event.recorded);
    if (!is_first) last->second = std::max(last->second, event.recorded);
  }
  return recorded;
}

}  // namespace greffe::retention
