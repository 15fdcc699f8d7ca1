#include "container/text_samples.h"

#include <algorithm>

namespace greffe::container {

std::vector<TextSample> TextSamples::settle(MeetingTime until) {
  std::vector<TextSample> samples;
  while (!shown_.empty() && now_ < until) {
    const auto first = std::ranges::min_element(shown_, {}, [](const auto& cue) { return cue.range.end; });
    TextSample sample{{now_, std::min(until, first->range.end)}, ""};
    for (const TextSample& cue : shown_) sample.text += (sample.text.empty() ? "" : "\n") + cue.text;
    now_ = sample.range.end;
    samples.push_back(std::move(sample));
    std::erase_if(shown_, [&](const TextSample& cue) { return cue.range.end <= now_; });
  }
  return samples;
}

std::vector<TextSample> TextSamples::add(std::string_view text, TimeRange range) {
  std::vector<TextSample> samples = settle(range.start);
  now_ = std::max(now_, range.start);
  if (range.end > now_) shown_.push_back({range, std::string(text)});
  return samples;
}

std::vector<std::uint8_t> text_sample_description() {
  return {0,    0,    0,    0,                      // display flags
          1,    0xFF,                               // in the middle, at the bottom
          0,    0,    0,    0,                      // background
          0,    0,    0,    0,    0,  0, 0, 0,      // box
          0,    0,    0,    0,    0,  1, 0, 18,     // style: from, to, font, face, size
          0xFF, 0xFF, 0xFF, 0xFF,                   // colour
          0,    0,    0,    18,                     // a font table …
          'f',  't',  'a',  'b',  0,  1, 0, 1,  5,  // … of one font
          'S',  'e',  'r',  'i',  'f'};
}

std::vector<std::uint8_t> text_sample_bytes(std::string_view text) {
  text = text.substr(0, 0xFFFF);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(2 + text.size());
  bytes.push_back(static_cast<std::uint8_t>(text.size() >> 8));
  bytes.push_back(static_cast<std::uint8_t>(text.size() & 0xFF));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

}  // namespace greffe::container
