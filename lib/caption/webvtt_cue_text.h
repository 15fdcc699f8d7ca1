// The text of one WebVTT cue: tags, voices, timestamps, character references.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "caption/cue.h"

namespace greffe::caption {

// hh…:mm:ss.mmm at the start of `text`, which is moved behind it. nullopt: no timestamp; `text` may have
// moved.
std::optional<MeetingTime> take_timestamp(std::string_view& text);

// One cue for each voice that speaks in it, all over `range`.
std::vector<Cue> parse_cue_text(std::string_view text, TimeRange range);

// & < > and line ends as references or blanks.
std::string escaped_cue_text(std::string_view text);

}  // namespace greffe::caption
