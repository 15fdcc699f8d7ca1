#include "layout/region.h"

#include <fmt/format.h>

#include <algorithm>

namespace greffe::layout {

// Goes back to the last * only, so that no pattern takes longer than pattern times text.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::string> idle_patterns(const std::vector<Region>& regions, const timeline::Meeting& meeting) {
  const auto names_any = [&](const std::string& pattern) {
    return std::any_of(meeting.participants.begin(), meeting.participants.end(),
                       [&](const timeline::Participant& participant) {
                         return fits(pattern, participant.id) || fits(pattern, participant.name);
                       }) ||
           std::any_of(meeting.tracks.begin(), meeting.tracks.end(),
                       [&](const timeline::TrackSidecar& track) { return fits(pattern, track.track); });
  };
  std::vector<std::string> idle;
  for (const Region& region : regions) {
    if (region.audience != Audience::Patterns) continue;
    for (const std::string& pattern : region.sources)
      if (!pattern.starts_with('@') && !names_any(pattern))
        idle.push_back(fmt::format("\"{}\" of region \"{}\"", pattern, region.name));
  }
  return idle;
}

}  // namespace greffe::layout
