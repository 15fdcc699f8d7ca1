#include "canvas/text_renderer.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "canvas/plain_text.h"

namespace greffe::canvas {
namespace {

constexpr Colour White{235, 128, 128};
constexpr Colour Black{16, 128, 128};
constexpr Colour SpeakerColour{215, 50, 142};  // a light yellow: 19:1 on black
constexpr std::uint8_t BoxCover = 178;         // 70 %
constexpr std::size_t LongestName = 120;       // graphemes looked at
constexpr std::size_t LongestLine = 1600;
constexpr std::size_t MostLines = 4;  // of text, names not counted

int even_up(int value) { return value + (value & 1); }

// A box of one colour, drawn into before the chroma planes are made.
class Sheet {
 public:
  Sheet(int width_px, int height_px, std::uint8_t box_cover, Colour box = Black)
      : width_(even_up(std::max(width_px, 2))),
        height_(even_up(std::max(height_px, 2))),
        pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), Pixel{box, box_cover}) {
  }

  int width() const { return width_; }

  // Text over what is there; what does not fit is cut.
  void add(const TextMask& mask, int x, int y, Colour colour) {
    for (int row = std::max(0, -y); row < mask.height_px && y + row < height_; ++row)
      for (int column = std::max(0, -x); column < mask.width_px && x + column < width_; ++column) {
        const std::size_t from = static_cast<std::size_t>(row) * static_cast<std::size_t>(mask.width_px) +
                                 static_cast<std::size_t>(column);
        at(x + column, y + row).cover_with(colour, mask.cover[from]);
      }
  }

  Overlay overlay() const;

 private:
  struct Pixel {
    Colour colour;
    unsigned cover = 0;

    void cover_with(Colour other, unsigned by) {
      if (by == 0) return;
      const unsigned left = cover * (255 - by) / 255, sum = by + left;
      const auto mix = [&](std::uint8_t below, std::uint8_t above) {
        return static_cast<std::uint8_t>((above * by + below * left + sum / 2) / sum);
      };
      colour = {mix(colour.y, other.y), mix(colour.u, other.u), mix(colour.v, other.v)};
      cover = sum;
    }
  };
  Pixel& at(int x, int y) {
    return pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(x)];
  }

  int width_;
  int height_;
  std::vector<Pixel> pixels_;
};

Overlay Sheet::overlay() const {
  Overlay made;
  made.width_px = width_;
  made.height_px = height_;
  made.y.reserve(pixels_.size());
  made.y_cover.reserve(pixels_.size());
  for (const Pixel& pixel : pixels_) {
    made.y.push_back(pixel.colour.y);
    made.y_cover.push_back(static_cast<std::uint8_t>(pixel.cover));
  }
  // Chroma of four pixels: their mean, each weighing as much as it covers.
  const auto wide = static_cast<std::size_t>(width_);
  for (std::size_t row = 0; row < static_cast<std::size_t>(height_); row += 2)
    for (std::size_t column = 0; column < wide; column += 2) {
      unsigned u = 0, v = 0, cover = 0;
      for (const std::size_t place : {row * wide + column, row * wide + column + 1, (row + 1) * wide + column,
                                      (row + 1) * wide + column + 1}) {
        u += pixels_[place].colour.u * pixels_[place].cover;
        v += pixels_[place].colour.v * pixels_[place].cover;
        cover += pixels_[place].cover;
      }
      made.u.push_back(static_cast<std::uint8_t>(cover == 0 ? 128 : u / cover));
      made.v.push_back(static_cast<std::uint8_t>(cover == 0 ? 128 : v / cover));
      made.chroma_cover.push_back(static_cast<std::uint8_t>(cover / 4));
    }
  return made;
}

std::string joined(const std::vector<std::string>& parts, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += parts[i];
  return text;
}

// The Debian package most likely to have a glyph for `c`.
const char* font_package(char32_t c) {
  if ((c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) ||
      (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF))
    return "fonts-noto-cjk";
  if ((c >= 0x2600 && c <= 0x27BF) || (c >= 0x1F000 && c <= 0x1FAFF)) return "fonts-symbola";
  return "fonts-noto-core";
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
  Sheet sheet(std::min(mask.width_px + 2 * margin, max_width_px / 2 * 2), font_px + margin, BoxCover,
              palette_.label_box);
  sheet.add(mask, margin, margin / 2, palette_.label_text);
  return sheet.overlay();
}

Overlay TextRenderer::initials(std::string_view name, int font_px) {
  const TextMask mask = engine_.draw(initials_of(name), font_px, true, 4 * font_px);
  Sheet sheet(mask.width_px, font_px, 0);
  sheet.add(mask, 0, 0, palette_.label_text);
  return sheet.overlay();
}

Overlay TextRenderer::card(std::string_view title, std::string_view below, int width_px, int height_px) {
  const int title_px = std::max(12, std::min(width_px, height_px) / 12), below_px = title_px / 2;
  const int room = width_px * 8 / 10;
  std::vector<TextMask> masks;
  int height = 0;
  const auto add = [&](const std::string& line, int font_px, bool bold) {
    masks.push_back(engine_.draw(line, font_px, bold, room));
    height += masks.back().height_px;
  };
  const auto lines = broken(drawable_line(title.substr(0, 4 * LongestLine)), title_px, true, room);
  for (std::size_t i = 0; i < std::min(lines.size(), MostLines); ++i) add(lines[i], title_px, true);
  add("", below_px, false);
  add(drawable_line(below), below_px, false);
  Sheet sheet(width_px, height_px, 255, palette_.background);
  int y = (height_px - height) / 2;
  for (const TextMask& mask : masks) {
    sheet.add(mask, (width_px - mask.width_px) / 2, y, palette_.label_text);
    y += mask.height_px;
  }
  return sheet.overlay();
}

// Greedy: as many words a line as fit; a word wider than a line is cut between characters.
std::vector<std::string> TextRenderer::broken(const std::string& line, int font_px, bool bold,
                                              int max_width_px) {
  const auto fits = [&](const std::string& text) {
    return engine_.draw(text, font_px, bold, max_width_px).line_px <= max_width_px;
  };
  const auto parts = graphemes(line, LongestLine);
  if (parts.size() < LongestLine && fits(line)) return {line};
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start < parts.size()) {
    const auto from = [&](std::size_t end) {
      std::string text;
      for (std::size_t i = start; i < end; ++i) text += parts[i];
      return text;
    };
    std::size_t most = start + 1, too_many = parts.size() + 1;
    while (most + 1 < too_many) {
      const std::size_t middle = (most + too_many) / 2;
      (fits(from(middle)) ? most : too_many) = middle;
    }
    std::size_t end = most;
    if (end < parts.size() && parts[end] != " ")
      for (std::size_t i = end; i > start + 1; --i)
        if (parts[i - 1] == " ") {
          end = i - 1;
          break;
        }
    lines.push_back(from(end));
    start = end;
    while (start < parts.size() && parts[start] == " ") ++start;
  }
  return lines;
}

std::vector<TextRenderer::ShownLine> TextRenderer::lines_of(const caption::Cue& cue, int font_px,
                                                            int max_width_px) {
  std::vector<ShownLine> lines;
  if (!cue.speaker.empty()) lines.push_back({drawable_line(cue.speaker.substr(0, 4 * LongestName)), true});
  const std::string_view text = std::string_view(cue.text).substr(0, 4 * LongestLine);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    for (std::string& line : broken(drawable_line(text.substr(at, end - at)), font_px, false, max_width_px))
      if (!line.empty()) lines.push_back({std::move(line)});
    at = end + 1;
  }
  return lines;
}

PlacedOverlay TextRenderer::caption(std::span<const caption::Cue> shown, int canvas_width_px,
                                    int canvas_height_px) {
  if (shown.empty()) return {};
  int font_px = std::max(10, std::min(canvas_height_px * 55 / 1000, canvas_width_px * 60 / 1000));
  const auto room_at = [&](int px) { return canvas_width_px * 9 / 10 - 2 * (px / 3); };
  const auto is_text = [](const ShownLine& line) { return !line.is_name; };
  const auto count = [&](const auto& lines) {
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is_text));
  };
  // The newest is shown whole, in smaller letters if need be.
  std::vector<ShownLine> newest = lines_of(shown.back(), font_px, room_at(font_px));
  for (const int least = std::max(10, font_px / 2); count(newest) > MostLines && font_px > least;) {
    font_px = std::max(least, font_px * 9 / 10);
    newest = lines_of(shown.back(), font_px, room_at(font_px));
  }
  const int name_px = font_px * 3 / 4;
  const int margin = font_px / 3;
  const int room = room_at(font_px);
  if (const std::size_t names = newest.size() - count(newest); newest.size() > names + MostLines) {
    newest.resize(names + MostLines);
    newest.back().text += "…";
    captions_cut_ = true;
  }
  std::vector<ShownLine> lines;
  for (const caption::Cue& cue : shown.first(shown.size() - 1))
    for (ShownLine& line : lines_of(cue, font_px, room)) lines.push_back(std::move(line));
  lines.insert(lines.end(), newest.begin(), newest.end());
  std::size_t of_text = count(lines);
  // The oldest lines give way. A name whose last line is gone goes too.
  while (!lines.empty() &&
         (of_text > MostLines || (lines.front().is_name && (lines.size() == 1 || lines[1].is_name)))) {
    const std::size_t victim = lines.front().is_name && lines.size() > 1 && !lines[1].is_name ? 1 : 0;
    if (!lines[victim].is_name) --of_text;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(victim));
  }
  if (of_text == 0) return {};
  std::vector<TextMask> masks;
  int width = 0, height = 0;
  for (const ShownLine& line : lines) {
    masks.push_back(engine_.draw(line.text, line.is_name ? name_px : font_px, line.is_name, room));
    width = std::max(width, masks.back().width_px);
    height += masks.back().height_px;
  }
  Sheet sheet(width + 2 * margin, height + margin, BoxCover);
  int y = margin / 2;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    sheet.add(masks[i], (sheet.width() - masks[i].width_px) / 2, y, lines[i].is_name ? SpeakerColour : White);
    y += masks[i].height_px;
  }
  PlacedOverlay placed{sheet.overlay()};
  placed.x = std::max(0, (canvas_width_px - placed.overlay.width_px) / 4 * 2);
  placed.y = std::max(0, (canvas_height_px - canvas_height_px / 20 - placed.overlay.height_px) / 2 * 2);
  return placed;
}

void TextGaps::add(const TextGaps& more) {
  glyphs.insert(more.glyphs.begin(), more.glyphs.end());
  if (other_font.empty()) other_font = more.other_font;
  captions_cut = captions_cut || more.captions_cut;
}

void TextGaps::report(DamageLog& damage) const {
  if (captions_cut)
    damage.add(
        {.condition = "caption-cut",
         .place = "text",
         .text = "a caption is too long to be drawn whole and ends in \"…\"; shorter cues in the transcript "
                 "would be shown, and --captions track keeps all of it"});
  if (!other_font.empty())
    damage.add({.condition = "font-missing",
                .place = "text",
                .text = fmt::format("DejaVu Sans is not installed, {} stands in; install fonts-dejavu-core",
                                    other_font)});
  std::map<std::string, std::string> by_package;
  for (const char32_t c : glyphs)
    by_package[font_package(c)] += fmt::format(" U+{:04X}", static_cast<std::uint32_t>(c));
  std::string text;
  for (const auto& [package, code_points] : by_package)
    text += fmt::format("{}{}: install {}", text.empty() ? "" : "; ", code_points.substr(1), package);
  if (!text.empty())
    damage.add({.condition = "glyph-missing",
                .place = "text",
                .unit = "characters",
                .amount = glyphs.size(),
                .text = "boxes drawn for " + text});
}

Colour calm_colour(std::string_view participant_id, const Palette& palette) {
  constexpr std::array<Colour, 8> Colours{{{88, 150, 112},
                                           {84, 140, 124},
                                           {92, 118, 118},
                                           {96, 112, 132},
                                           {92, 120, 148},
                                           {88, 136, 144},
                                           {80, 154, 126},
                                           {100, 128, 120}}};
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a
  for (const char c : participant_id) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  Colour colour = Colours[hash % Colours.size()];
  colour.y = static_cast<std::uint8_t>(colour.y + palette.lighter);
  return colour;
}

}  // namespace greffe::canvas
