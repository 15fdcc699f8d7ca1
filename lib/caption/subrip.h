// SubRip (.srt): a number, times with a comma, lines of text, an empty line. Nobody has ever specified it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "caption/cue.h"

namespace greffe::caption {

// A line of times stands near the top.
bool looks_like_subrip(std::string_view text);

// Reads valid UTF-8, as programs write it and as people mend it: without numbers, empty lines, hours or
// blanks around the arrow, with another arrow, a dot or fewer digits, with coordinates or text beside the
// times. What is not as it should be is read all the same and told in `damage` under `place` (R80); a cue
// without valid times is left out and told. Markup (<i>, {\an8}) is left out. Cues come in file order, their
// times as written: also end before start.
std::vector<Cue> read_subrip(std::string_view text, const std::string& place, DamageLog& damage);

}  // namespace greffe::caption
