// captions/cues.json: the cues of a meeting as greffe keeps them.
// {"schema": "greffe.cues/1", "language", "cues": [{"start_ms", "end_ms", "speaker", "text"}]}
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "caption/cue.h"
#include "json/value.h"

namespace greffe::caption {

inline constexpr std::string_view CuesSchema = "greffe.cues/1";

// Words and their times are not kept: the cues are cut already. `language` may be empty.
json::Value cues_to_json(std::span<const Cue> cues, std::string_view language = {});
Result<std::vector<Cue>> cues_of_json(const json::Value& value, const std::string& place);

}  // namespace greffe::caption
