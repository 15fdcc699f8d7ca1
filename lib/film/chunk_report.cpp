#include "film/chunk_report.h"

namespace greffe::film {
namespace {

using json::Array;
using json::Object;

Array damage_of_report(const DamageLog& damage) {
  Array entries;
  for (const Damage& entry : damage.entries())
    entries.push_back(Object{{"condition", entry.condition},
                             {"place", entry.place},
                             {"unit", entry.unit},
                             {"count", entry.count},
                             {"amount", entry.amount},
                             {"text", entry.text}});
  return entries;
}

Damage damage_entry_of(json::Reader& entry) {
  return {.condition = entry.text("condition"),
          .place = entry.text("place"),
          .unit = entry.text("unit"),
          .count = static_cast<std::uint64_t>(entry.integer("count")),
          .amount = static_cast<std::uint64_t>(entry.integer("amount")),
          .text = entry.text("text")};
}

}  // namespace

void add_to(json::Object& paper, const ChunkReport& report) {
  paper.set("packets", report.packets);
  if (!report.damage.empty()) paper.set("damage", damage_of_report(report.damage));
  if (!report.gaps.glyphs.empty()) {
    const std::vector<std::int64_t> code_points(report.gaps.glyphs.begin(), report.gaps.glyphs.end());
    paper.set("missing_glyphs", Array(code_points.begin(), code_points.end()));
  }
  if (!report.gaps.other_font.empty()) paper.set("other_font", report.gaps.other_font);
  if (report.gaps.captions_cut) paper.set("captions_cut", true);
  if (report.gaps.title_cut) paper.set("title_cut", true);
}

Result<ChunkReport> chunk_report_of(json::Reader& paper) {
  ChunkReport report;
  report.packets = paper.integer("packets");
  for (const json::Value& value : paper.array("damage")) {
    json::Reader entry(value, paper.place_of("damage"));
    report.damage.add_entry(damage_entry_of(entry));
    GREFFE_CHECK(entry.status());
  }
  for (const json::Value& glyph : paper.array("missing_glyphs"))
    if (const std::int64_t* code_point = glyph.find_integer())
      report.gaps.glyphs.insert(static_cast<char32_t>(*code_point));
  report.gaps.other_font = paper.find_text("other_font").value_or("");
  report.gaps.captions_cut = paper.boolean("captions_cut", false);
  report.gaps.title_cut = paper.boolean("title_cut", false);
  GREFFE_CHECK(paper.status());
  return report;
}

}  // namespace greffe::film
