#include "canvas/caption_lines.h"

#include <algorithm>
#include <cstddef>

#include "canvas/plain_text.h"
#include "canvas/text_lines.h"

namespace greffe::canvas {
namespace {

constexpr std::size_t LongestSpeaker = 120;  // graphemes looked at
constexpr std::size_t MostLines = 4;         // of text, names not counted
constexpr int SmallestLetters = 10;          // px

std::size_t text_lines(const std::vector<CaptionLine>& lines) {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const CaptionLine& line) { return !line.is_name; }));
}

std::vector<CaptionLine> lines_of(TextEngine& engine, const caption::Cue& cue, int font_px,
                                  int max_width_px) {
  std::vector<CaptionLine> lines;
  if (!cue.speaker.empty()) lines.push_back({drawable_line(start_of(cue.speaker, LongestSpeaker)), true});
  const std::string_view text = start_of(cue.text, LongestText);
  const Direction direction = direction_of(text);  // of all its lines, wherever they are broken
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = drawable_line(text.substr(at, end - at));
    for (std::string& part : broken_lines(engine, line, font_px, false, max_width_px))
      if (!part.empty()) lines.push_back({directed_line(std::move(part), direction)});
    at = end + 1;
  }
  return lines;
}

// The letters in which the newest cue fits, and its lines.
CaptionLines fitted(TextEngine& engine, const caption::Cue& newest, int canvas_width_px,
                    int canvas_height_px) {
  const auto in_letters_of = [&](int font_px) {
    const int width_px = canvas_width_px * 9 / 10 - 2 * (font_px / 3);
    return CaptionLines{lines_of(engine, newest, font_px, width_px), font_px, width_px};
  };
  const int largest =
      std::max(SmallestLetters, std::min(canvas_height_px * 55 / 1000, canvas_width_px * 60 / 1000));
  const int least = std::max(SmallestLetters, largest / 2);
  CaptionLines fits = in_letters_of(largest);
  while (text_lines(fits.lines) > MostLines && fits.font_px > least)
    fits = in_letters_of(std::max(least, fits.font_px * 9 / 10));
  const std::size_t most = fits.lines.size() - text_lines(fits.lines) + MostLines;
  if (fits.lines.size() > most) {
    fits.lines.resize(most);
    fits.lines.back().text += "…";
    fits.was_cut = true;
  }
  return fits;
}

// The oldest lines give way. A name whose last line is gone goes too.
void drop_oldest(std::vector<CaptionLine>& lines) {
  std::size_t of_text = text_lines(lines);
  const auto name_alone = [&] { return lines.front().is_name && (lines.size() == 1 || lines[1].is_name); };
  while (!lines.empty() && (of_text > MostLines || name_alone())) {
    const std::size_t victim = lines.front().is_name && !name_alone() ? 1 : 0;
    if (!lines[victim].is_name) --of_text;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(victim));
  }
}

}  // namespace

CaptionLines caption_lines(TextEngine& engine, std::span<const caption::Cue> shown, int canvas_width_px,
                           int canvas_height_px) {
  CaptionLines kept = fitted(engine, shown.back(), canvas_width_px, canvas_height_px);
  std::vector<CaptionLine> all = std::move(kept.lines);
  // Of those before no more than there is room for, however many are shown at once.
  for (std::size_t i = shown.size() - 1; i > 0 && text_lines(all) < MostLines; --i) {
    const auto before = lines_of(engine, shown[i - 1], kept.font_px, kept.width_px);
    all.insert(all.begin(), before.begin(), before.end());
  }
  drop_oldest(all);
  if (text_lines(all) == 0) all.clear();
  kept.lines = std::move(all);
  return kept;
}

}  // namespace greffe::canvas
