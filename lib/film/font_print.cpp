#include "film/font_print.h"

#include "base/text.h"
#include "canvas/plain_text.h"
#include "canvas/text_engine.h"

namespace greffe::film {
namespace {

constexpr int SampleHeight = 24;  // px

void add_to(std::set<char32_t>& characters, std::string_view text) {
  for (const char32_t c : code_points(canvas::drawable_line(text))) characters.insert(c);
}

std::set<char32_t> characters_everywhere(const timeline::Meeting& meeting) {
  std::set<char32_t> found;
  for (char32_t c = U'!'; c <= U'~'; ++c) found.insert(c);  // clock, date and numbers
  add_to(found, "…");
  add_to(found, meeting.title);
  for (const timeline::Participant& participant : meeting.participants) add_to(found, participant.name);
  return found;
}

fixity::Digest print_of(canvas::TextEngine& engine, char32_t c) {
  std::string letter, drawn;
  append_utf8(letter, c);
  for (const bool bold : {false, true}) {
    const canvas::TextMask mask = engine.draw(letter, SampleHeight, bold, 4 * SampleHeight);
    drawn += fmt::format("{}:", mask.width_px);
    drawn.append(mask.cover.begin(), mask.cover.end());
  }
  return fixity::digest_of(drawn);
}

}  // namespace

FontPrint::FontPrint(const FilmOrder& order) : everywhere_(characters_everywhere(order.folder->meeting)) {
  auto engine = canvas::TextEngine::create();
  if (!engine) return;  // who draws tells
  std::set<char32_t> all = everywhere_;
  for (const layout::Scene& scene : order.plan->scenes)
    for (const layout::Tile& tile : scene.tiles)
      if (tile.label) add_to(all, *tile.label);
  if (order.burn_captions)
    for (const caption::Cue& cue : order.cues) {
      add_to(all, cue.speaker);
      add_to(all, cue.text);
    }
  for (const char32_t c : all) glyphs_.emplace(c, print_of(*engine, c));
}

fixity::Digest FontPrint::of(std::string_view text) const {
  std::set<char32_t> characters = everywhere_;
  add_to(characters, text);
  std::string all;
  for (const char32_t c : characters)
    if (const auto known = glyphs_.find(c); known != glyphs_.end()) all += known->second.hex();
  return fixity::digest_of(all);
}

}  // namespace greffe::film
