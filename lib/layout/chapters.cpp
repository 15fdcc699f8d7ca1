#include "layout/chapters.h"

#include <algorithm>

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

  std::vector<Chapter> chapters{chapter_at({}, title.empty() ? "Start" : title)};
  for (auto& [chapter, of_beginning] : events) {
    if (chapter.start >= end) break;
    Chapter& last = chapters.back();
    if (chapter.start - last.start >= OneChapter)
      chapters.push_back(std::move(chapter));
    else if (chapters.size() > 1 || of_beginning)
      last.title += ", " + chapter.title;
  }
  return chapters;
}

}  // namespace greffe::layout
