// A transcript of any kind greffe reads: what it is shows in its content, not in its name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "base/result.h"
#include "caption/cue.h"

namespace greffe::caption {

enum class Format { WebVtt, SubRip, WhisperX, Cues };
std::string_view name_of(Format format);  // "WebVTT", …

struct Transcript {
  Format format = Format::WebVtt;
  std::string language;   // BCP 47, may be empty
  std::vector<Cue> cues;  // as in the file: neither in order nor clipped
};

// Reads the bytes of a file; `place` names it in damage. Bytes that are no UTF-8 become U+FFFD and are told
// (R85). Fails (Damaged) on what is empty, UTF-16, broken JSON or of a kind not known, with what to do about
// it.
Result<Transcript> read_transcript(std::string_view bytes, const std::string& place, DamageLog& damage);

}  // namespace greffe::caption
