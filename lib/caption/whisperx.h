// WhisperX JSON, also as La Suite Meet (Visio) stores it.
#pragma once

#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/result.h"
#include "caption/cue.h"
#include "json/value.h"

namespace greffe::caption {

// True for an object with `segments`, or a list of objects with `start` and `text` (what faster-whisper users
// dump).
bool looks_like_whisperx(const json::Value& document);

// Segments in file order, one cue for each stretch of one speaker in them. Words without times get one from
// their neighbours (R89); a segment without any time, or with fields of wrong types, is left out and told
// (R90). Fails (Damaged) when there is no list of segments.
Result<std::vector<Cue>> read_whisperx(const json::Value& document, const std::string& place,
                                       DamageLog& damage);
// BCP 47, empty when the file does not say.
std::string language_of_whisperx(const json::Value& document);

}  // namespace greffe::caption
