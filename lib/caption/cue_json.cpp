#include "caption/cue_json.h"

#include <algorithm>

#include "caption/limits.h"
#include "json/reader.h"

namespace greffe::caption {

json::Value cues_to_json(std::span<const Cue> cues, std::string_view language) {
  json::Array items;
  for (const Cue& cue : cues)
    items.push_back(json::Object{{"start_ms", whole_ms(cue.range.start)},
                                 {"end_ms", whole_ms(cue.range.end)},
                                 {"speaker", cue.speaker},
                                 {"text", cue.text}});
  json::Object document{{"schema", CuesSchema}};
  if (!language.empty()) document.set("language", language);
  document.set("cues", std::move(items));
  return document;
}

Result<std::vector<Cue>> cues_of_json(const json::Value& value, const std::string& place) {
  json::Reader reader(value, place);
  if (reader.text("schema") != CuesSchema) reader.refuse("schema", "not greffe.cues/1");
  std::vector<Cue> cues;
  const json::Array& items = reader.array("cues");
  if (items.size() > MostCues) reader.refuse("cues", "too many");
  GREFFE_CHECK(reader.status());
  for (const json::Value& item : items) {
    json::Reader one(item, fmt::format("{}.cues[{}]", place, cues.size()));
    const auto at = [&](std::string_view name) {
      return MeetingTime(std::chrono::milliseconds(one.integer(name)));
    };
    Cue cue;
    cue.range = {at("start_ms"), at("end_ms")};
    cue.speaker = one.find_text("speaker").value_or("");
    cue.text = one.text("text");
    GREFFE_CHECK(one.status());
    cues.push_back(std::move(cue));
  }
  return cues;
}

}  // namespace greffe::caption
