#include "canvas/text_renderer.h"

#include <algorithm>

#include "base/text.h"
#include "canvas/caption_lines.h"
#include "canvas/plain_text.h"
#include "canvas/text_lines.h"
#include "canvas/text_sheet.h"

namespace greffe::canvas {
namespace {

constexpr Colour White{235, 128, 128};
constexpr Colour Black{16, 128, 128};
constexpr Colour SpeakerColour{215, 50, 142};  // a light yellow: 19:1 on black
constexpr std::uint8_t BoxCover = 178;         // 70 %
constexpr std::size_t LongestName = 120;       // graphemes looked at
constexpr int MostTitleLines = 4;              // of the largest letters; of smaller ones as many as have room
constexpr int SmallestTitle = 10;              // px

std::string joined(const std::vector<std::string>& parts, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += parts[i];
  return text;
}

// A title for the card, in letters of `font_px` or smaller ones.
struct TitleLines {
  std::vector<std::string> lines;
  int font_px = 0;
  bool was_cut = false;
};

TitleLines title_lines(TextEngine& engine, std::string_view title, int largest_px, int max_width_px) {
  const std::string line = drawable_line(start_of(title, LongestText));
  const int least = std::max(SmallestTitle, largest_px / 2);
  TitleLines title_in{broken_lines(engine, line, largest_px, true, max_width_px), largest_px};
  const auto room = [&] { return static_cast<std::size_t>(MostTitleLines * largest_px / title_in.font_px); };
  while (title_in.lines.size() > room() && title_in.font_px > least) {
    title_in.font_px = std::max(least, title_in.font_px * 9 / 10);
    title_in.lines = broken_lines(engine, line, title_in.font_px, true, max_width_px);
  }
  if (title_in.lines.size() > room()) {
    title_in.lines.resize(room());
    title_in.lines.back() += "…";
    title_in.was_cut = true;
  }
  return title_in;
}

}  // namespace

Result<TextRenderer> TextRenderer::create(const Palette& palette) {
  GREFFE_TRY(TextEngine engine, TextEngine::create());
  return TextRenderer(std::move(engine), palette);
}

Overlay TextRenderer::label(std::string_view name, int max_width_px, int font_px) {
  const int margin = std::max(2, font_px / 3);
  const int room = max_width_px / 2 * 2 - 2 * margin;
  const auto parts = graphemes(drawable_line(name), LongestName);
  if (parts.empty() || room < font_px / 2) return {};
  TextMask mask = engine_.draw(joined(parts, parts.size()), font_px, false, room);
  std::size_t fits = 0, too_many = parts.size();
  if (mask.line_px > room) {
    while (fits + 1 < too_many) {
      const std::size_t middle = (fits + too_many) / 2;
      (engine_.draw(joined(parts, middle) + "…", font_px, false, room).line_px > room ? too_many : fits) =
          middle;
    }
    mask = engine_.draw(joined(parts, fits) + "…", font_px, false, room);
  }
  TextSheet sheet(std::min(mask.width_px + 2 * margin, max_width_px / 2 * 2), font_px + margin, BoxCover,
                  palette_.label_box);
  sheet.add(mask, margin, margin / 2, palette_.label_text);
  return sheet.overlay();
}

Overlay TextRenderer::initials(std::string_view name, int font_px) {
  const TextMask mask = engine_.draw(initials_of(name), font_px, true, 4 * font_px);
  TextSheet sheet(mask.width_px, font_px, 0, Black);
  sheet.add(mask, 0, 0, palette_.label_text);
  return sheet.overlay();
}

Overlay TextRenderer::card(std::string_view title, std::string_view below, int width_px, int height_px) {
  const int title_px = std::max(12, std::min(width_px, height_px) / 12), below_px = title_px / 2;
  const int room = width_px * 8 / 10;
  std::vector<TextMask> masks;
  int height = 0;
  const auto add = [&](const std::string& line, int font_px, bool bold) {
    masks.push_back(engine_.draw(line, font_px, bold, room + font_px));  // "…" may stand beyond
    height += masks.back().height_px;
  };
  const TitleLines words = title_lines(engine_, title, title_px, room);
  title_cut_ = title_cut_ || words.was_cut;
  for (const std::string& line : words.lines) add(line, words.font_px, true);
  add("", below_px, false);
  add(drawable_line(below), below_px, false);
  TextSheet sheet(width_px, height_px, 255, palette_.background);
  int y = (height_px - height) / 2;
  for (const TextMask& mask : masks) {
    sheet.add(mask, (width_px - mask.width_px) / 2, y, palette_.label_text);
    y += mask.height_px;
  }
  return sheet.overlay();
}

PlacedOverlay TextRenderer::caption(std::span<const caption::Cue> shown, int canvas_width_px,
                                    int canvas_height_px) {
  if (shown.empty()) return {};
  const CaptionLines caption = caption_lines(engine_, shown, canvas_width_px, canvas_height_px);
  captions_cut_ = captions_cut_ || caption.was_cut;
  if (caption.lines.empty()) return {};
  const int margin = caption.font_px / 3;
  std::vector<TextMask> masks;
  int width = 0, height = 0;
  for (const CaptionLine& line : caption.lines) {
    const int font_px = line.is_name ? caption.font_px * 3 / 4 : caption.font_px;
    masks.push_back(engine_.draw(line.text, font_px, line.is_name, caption.width_px));
    width = std::max(width, masks.back().width_px);
    height += masks.back().height_px;
  }
  TextSheet sheet(width + 2 * margin, height + margin, BoxCover, Black);
  int y = margin / 2;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    sheet.add(masks[i], (sheet.width() - masks[i].width_px) / 2, y,
              caption.lines[i].is_name ? SpeakerColour : White);
    y += masks[i].height_px;
  }
  PlacedOverlay placed{sheet.overlay()};
  placed.x = std::max(0, (canvas_width_px - placed.overlay.width_px) / 4 * 2);
  placed.y = std::max(0, (canvas_height_px - canvas_height_px / 20 - placed.overlay.height_px) / 2 * 2);
  return placed;
}

}  // namespace greffe::canvas
