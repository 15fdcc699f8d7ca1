// Cues → the samples of a timed text track in MP4 (3GPP TS 26.245).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "units/time.h"

namespace greffe::container {

struct TextSample {
  TimeRange range;
  std::string text;
  bool operator==(const TextSample&) const = default;
};

// A text track shows one sample at a time: where cues overlap, one is made of them, each in lines of its own
// and in order of start.
class TextSamples {
 public:
  // In order of start. Gives the samples that are settled.
  std::vector<TextSample> add(std::string_view text, TimeRange range);
  std::vector<TextSample> finish() { return settle(MeetingTime::max()); }

 private:
  std::vector<TextSample> settle(MeetingTime until);

  std::vector<TextSample> shown_;  // those that are not over at now_
  MeetingTime now_{};
};

// What the track's sample entry says of font, place and colour: white at the bottom (§5.16).
std::vector<std::uint8_t> text_sample_description();
// The text behind its length, as a sample has it.
std::vector<std::uint8_t> text_sample_bytes(std::string_view text);

}  // namespace greffe::container
