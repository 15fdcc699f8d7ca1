#include "caption/whisperx.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "caption/cue_text.h"

namespace greffe::caption {
namespace {

// Seconds as the file has them; nullopt when absent or null. A year is more than any meeting.
std::optional<MeetingTime> time_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const std::optional<double> seconds = value == nullptr ? std::nullopt : value->number();
  if (!seconds || !(std::abs(*seconds) < 3.2e7)) return std::nullopt;
  return MeetingTime(std::chrono::milliseconds(std::llround(*seconds * 1000)));
}

std::string text_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const std::string* text = value == nullptr ? nullptr : value->find_text();
  return text == nullptr ? std::string() : std::string(trimmed(*text));
}

struct SpokenWord {
  Word word;
  std::string speaker;
};

std::vector<SpokenWord> spoken_words(const json::Object& segment, const std::string& segment_speaker) {
  std::vector<SpokenWord> words;
  const json::Value* value = segment.find("words");
  const json::Array* array = value == nullptr ? nullptr : value->find_array();
  if (array == nullptr) return words;
  for (const json::Value& item : *array) {
    const json::Object* object = item.find_object();
    if (object == nullptr) continue;
    SpokenWord spoken{{text_of(*object, "word"), {}}, text_of(*object, "speaker")};
    if (spoken.word.text.empty()) continue;
    const auto start = time_of(*object, "start"), end = time_of(*object, "end");
    if (start && end && *start <= *end) spoken.word.range = TimeRange{*start, *end};
    if (spoken.speaker.empty()) spoken.speaker = words.empty() ? segment_speaker : words.back().speaker;
    words.push_back(std::move(spoken));
  }
  return words;
}

// The segment's times, else those of its first and last timed word.
std::optional<TimeRange> range_of(const json::Object& segment, const std::vector<SpokenWord>& words) {
  std::optional<MeetingTime> start = time_of(segment, "start"), end = time_of(segment, "end");
  for (const SpokenWord& spoken : words) {
    if (!spoken.word.range) continue;
    if (!start) start = spoken.word.range->start;
    if (!time_of(segment, "end"))
      end = std::max(end.value_or(spoken.word.range->end), spoken.word.range->end);
  }
  if (!start || !end) return std::nullopt;
  return TimeRange{*start, *end};
}

// Cuts the segment where its words change the speaker.
std::vector<Cue> cues_of(const json::Object& segment, const TimeRange& range,
                         std::vector<SpokenWord> spoken) {
  const std::string speaker = text_of(segment, "speaker"), text = text_of(segment, "text");
  std::vector<Word> words;
  for (SpokenWord& one : spoken) words.push_back(std::move(one.word));
  if (!words.empty()) interpolate(words, range);
  std::vector<Cue> cues;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == 0 || spoken[i].speaker != spoken[i - 1].speaker) {
      if (!cues.empty()) cues.back().range.end = words[i].range->start;
      Cue cue;
      cue.range = {i == 0 ? range.start : words[i].range->start, range.end};
      cue.speaker = spoken[i].speaker;
      cues.push_back(std::move(cue));
    }
    cues.back().text += (cues.back().text.empty() ? "" : " ") + words[i].text;
    cues.back().words.push_back(std::move(words[i]));
  }
  if (cues.size() > 1) return cues;
  // One speaker: the segment's own text, which has the blanks of its language.
  if (cues.empty()) cues.emplace_back().range = range;
  if (!speaker.empty() || cues.front().speaker.empty()) cues.front().speaker = speaker;
  if (!text.empty()) cues.front().text = text;
  return cues;
}

const json::Array* segments_of(const json::Value& document) {
  if (const json::Array* array = document.find_array()) return array;
  const json::Object* object = document.find_object();
  const json::Value* segments = object == nullptr ? nullptr : object->find("segments");
  return segments == nullptr ? nullptr : segments->find_array();
}

}  // namespace

bool looks_like_whisperx(const json::Value& document) {
  const json::Array* segments = segments_of(document);
  if (segments == nullptr) return false;
  if (document.find_object() != nullptr || segments->empty()) return document.find_object() != nullptr;
  const json::Object* first = segments->front().find_object();
  return first != nullptr && first->find("start") != nullptr && first->find("text") != nullptr;
}

Result<std::vector<Cue>> read_whisperx(const json::Value& document, const std::string& place,
                                       DamageLog& damage) {
  const json::Array* segments = segments_of(document);
  if (segments == nullptr) return fail(ErrorKind::Damaged, "not WhisperX JSON: no list of segments");
  CueList cues(place, damage);
  for (std::size_t i = 0; i < segments->size(); ++i) {
    const auto leave_out = [&](std::string_view why) {
      damage.add({.condition = "bad-cue",
                  .place = place,
                  .unit = "cues",
                  .position = static_cast<std::int64_t>(i),
                  .text = fmt::format("segments[{}] {} and is left out", i, why)});
    };
    const json::Object* segment = (*segments)[i].find_object();
    if (segment == nullptr) {
      leave_out("is no object");
      continue;
    }
    std::vector<SpokenWord> words = spoken_words(*segment, text_of(*segment, "speaker"));
    if (words.empty() && text_of(*segment, "text").empty()) {
      const json::Value* text = segment->find("text");
      if (text == nullptr || text->find_text() == nullptr) leave_out("has no text");
      continue;
    }
    const auto range = range_of(*segment, words);
    if (!range) {
      leave_out("has no times");
      continue;
    }
    for (Cue& cue : cues_of(*segment, *range, std::move(words)))
      if (!cues.add(std::move(cue))) return cues.take();
  }
  return cues.take();
}

std::string language_of_whisperx(const json::Value& document) {
  const json::Object* object = document.find_object();
  return object == nullptr ? std::string() : text_of(*object, "language");
}

}  // namespace greffe::caption
