// WebVTT by the parsing rules of the W3C (TR/webvtt1 §4.1, §6.4), and out again.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "base/result.h"
#include "caption/cue.h"

namespace greffe::caption {

// Reads valid UTF-8. A cue whose <v> names several voices becomes one for each; <00:00:01.000> inside a cue
// times its words; "[SPEAKER_00]: " at
// the beginning names the speaker, as WhisperX has it; other tags, settings, STYLE, REGION and NOTE are read
// and left out. A bad cue is skipped, and told in `damage` under `place`. Fails (Damaged) without the WEBVTT
// line (R81). Cues come in file order, their times as written: also end before start (see caption/place.h).
Result<std::vector<Cue>> read_webvtt(std::string_view text, const std::string& place, DamageLog& damage);

// A file of cues, numbered from 1, speakers as <v>. Lines of a cue that are empty are left out, since they
// would end it.
std::string write_webvtt(std::span<const Cue> cues);
// One cue's text as it stands in a file or in a film's track: "<v Ann>5 &lt; 7". Never has an empty line or
// "-->".
std::string webvtt_cue_text(const Cue& cue);
// "01:02:03.456"; times before the start are 0.
std::string webvtt_time(MeetingTime time);

}  // namespace greffe::caption
