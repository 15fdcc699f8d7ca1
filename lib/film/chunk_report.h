// What is told of a chunk's pictures when they are joined.
#pragma once

#include "base/damage_log.h"
#include "canvas/text_renderer.h"
#include "json/reader.h"

namespace greffe::film {

// Of this chunk alone, whatever was rendered before it.
struct ChunkReport {
  DamageLog damage;
  canvas::TextGaps gaps;
  std::int64_t packets = 0;  // coded frames
};

// "packets" and, where there is any, "damage", "missing_glyphs", "other_font", "captions_cut" and
// "title_cut".
void add_to(json::Object& paper, const ChunkReport& report);
// Of what add_to() wrote.
Result<ChunkReport> chunk_report_of(json::Reader& paper);

}  // namespace greffe::film
