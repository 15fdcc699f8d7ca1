#include "caption/cue_file.h"

#include "base/text.h"
#include "caption/cue_json.h"
#include "caption/cue_text.h"
#include "caption/limits.h"
#include "caption/subrip.h"
#include "caption/webvtt.h"
#include "caption/whisperx.h"
#include "json/value.h"

namespace greffe::caption {
namespace {

// What the first bytes of other kinds look like, and what the user can do.
tl::unexpected<Error> refuse_unknown(std::string_view text) {
  std::string_view hint = "greffe reads WebVTT, SubRip and WhisperX JSON";
  const std::string_view start = text.substr(0, 400);
  if (start.starts_with("PK\x03\x04"))
    hint = "a zip, perhaps .docx: export the transcript as WebVTT instead";
  else if (start.starts_with("[Script Info]"))
    hint = "ASS subtitles: convert them to WebVTT first";
  else if (start.find("SPEAKER ") == 0)
    hint = "RTTM names speakers but has no text: greffe-caption TRANSCRIPT --rttm FILE joins both";
  else if (start.starts_with("<"))
    hint = "XML, perhaps TTML: convert it to WebVTT first";
  else if (start.find("-->") != std::string_view::npos)
    hint = "an arrow, but no line of times near the top as SubRip has them, and no WEBVTT in the first line";
  return fail(ErrorKind::Damaged, "not a transcript greffe knows: {}", hint);
}

Result<Transcript> read_json(std::string_view text, const std::string& place, DamageLog& damage) {
  const Result<json::Value> document = json::parse(text, {.bytes = MostFileBytes});
  if (!document) return fail(ErrorKind::Damaged, "broken JSON: {}", document.error().message());
  const json::Object* object = document->find_object();
  const json::Value* schema = object == nullptr ? nullptr : object->find("schema");
  Transcript transcript;
  if (schema != nullptr && *schema == json::Value(CuesSchema)) {
    transcript.format = Format::Cues;
    GREFFE_TRY(transcript.cues, cues_of_json(*document, place));
  } else if (looks_like_whisperx(*document)) {
    transcript.format = Format::WhisperX;
    GREFFE_TRY(transcript.cues, read_whisperx(*document, place, damage));
  } else {
    return fail(ErrorKind::Damaged,
                "JSON, but no transcript greffe knows: no \"segments\" as WhisperX writes them");
  }
  transcript.language = language_of_whisperx(*document);
  return transcript;
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::WebVtt: return "WebVTT";
    case Format::SubRip: return "SubRip";
    case Format::WhisperX: return "WhisperX JSON";
    case Format::Cues: return "greffe cues";
  }
  return "";
}

Result<Transcript> read_transcript(std::string_view bytes, const std::string& place, DamageLog& damage) {
  if (bytes.size() > MostFileBytes)
    return fail(ErrorKind::Damaged, "{} bytes are more than a transcript has", bytes.size());
  if (trimmed(bytes).empty()) return fail(ErrorKind::Damaged, "an empty file");
  GREFFE_TRY(const std::string text, text_of(bytes, place, damage));
  const char first = trimmed(text).empty() ? '\0' : trimmed(text).front();
  if (first == '{' || (first == '[' && !text.starts_with("[Script"))) return read_json(text, place, damage);
  if (!text.starts_with("WEBVTT")) {
    if (!looks_like_subrip(text)) return refuse_unknown(text);
    return Transcript{Format::SubRip, {}, read_subrip(text, place, damage)};
  }
  GREFFE_TRY(std::vector<Cue> cues, read_webvtt(text, place, damage));
  return Transcript{Format::WebVtt, {}, std::move(cues)};
}

}  // namespace greffe::caption
