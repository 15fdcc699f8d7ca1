#include "layout/chapters.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace greffe::layout {
namespace {

constexpr Duration OneChapter = std::chrono::seconds(5);

struct Event {
  Chapter chapter;
  bool of_beginning = false;  // told even in the meeting's first chapter, where everybody joins
};

Chapter chapter_at(MeetingTime time, std::string title) {
  return {std::chrono::floor<std::chrono::milliseconds>(std::max(time, MeetingTime{})), std::move(title)};
}

// All that begins in one chapter.
struct Beginnings {
  MeetingTime start{};
  std::vector<std::string> titles;
};

// What does not fit any more is counted.
std::string joined(const std::vector<std::string>& titles) {
  constexpr std::size_t Room = LongestWords - std::string_view(", and 1000000 more").size();
  std::string all = shortened(titles.front(), Room);
  for (std::size_t i = 1; i < titles.size(); ++i) {
    if (all.size() + 2 + titles[i].size() > Room)
      return all + fmt::format(", and {} more", titles.size() - i);
    all += ", " + titles[i];
  }
  return all;
}

}  // namespace

std::vector<Chapter> chapters_of(const Sources& sources, const std::string& title, MeetingTime end) {
  const auto name = [&](const std::string& participant) {
    const auto known = sources.names.find(participant);
    return known == sources.names.end() ? participant : known->second;
  };
  std::vector<Event> events;
  for (const Presence& presence : sources.presences)
    for (const TimeRange& range : presence.present)
      events.push_back({chapter_at(range.start, name(presence.participant) + " joins")});
  for (const VisibleTrack& track : sources.tracks)
    if (track.screen && track.camera == track.track)
      events.push_back(
          {chapter_at(track.visible.front().start, name(track.participant) + " shares a screen"), true});
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.chapter.start < b.chapter.start; });

  std::vector<Beginnings> found{{MeetingTime{}, {title.empty() ? "Start" : title}}};
  for (auto& [chapter, of_beginning] : events) {
    if (chapter.start >= end) break;
    if (chapter.start - found.back().start >= OneChapter)
      found.push_back({chapter.start, {std::move(chapter.title)}});
    else if (found.size() > 1 || of_beginning)
      found.back().titles.push_back(std::move(chapter.title));
  }
  std::vector<Chapter> chapters;
  for (const Beginnings& beginnings : found)
    chapters.push_back({beginnings.start, joined(beginnings.titles)});
  return chapters;
}

}  // namespace greffe::layout
