#include "canvas/text_engine.h"

#include <ass/ass.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "canvas/plain_text.h"

namespace greffe::canvas {
namespace {

constexpr const char* Family = "DejaVu Sans";
constexpr char32_t WordJoiner = 0x2060;  // of our own escapes; drawn as nothing
constexpr char32_t LeftToRightMark = 0x200E, RightToLeftMark = 0x200F;  // of directed_line(); so are they
constexpr int WidestLine = 16'384;                                      // px

struct Closer {
  void operator()(ASS_Library* library) const { ass_library_done(library); }
  void operator()(ASS_Renderer* renderer) const { ass_renderer_done(renderer); }
  void operator()(ASS_Track* track) const { ass_free_track(track); }
};

// Who hears what libass says.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  virtual void told(const std::string& message) = 0;
};

}  // namespace

struct TextEngine::Parts final : MessageSink {
  std::unique_ptr<ASS_Library, Closer> library;
  std::unique_ptr<ASS_Renderer, Closer> renderer;
  std::set<char32_t> missing;
  std::string other_font;
  bool font_seen = false;

  void told(const std::string& message) override;
  std::unique_ptr<ASS_Track, Closer> track_of(std::string_view line, int font_px, bool bold);
};

// libass says what it could not find in its messages only (0.17.1, ass_fontselect.c):
// "fontselect: failed to find any fallback with glyph 0x1F600 for font: (…)" and
// "fontselect: (DejaVu Sans, 400, 0) -> DejaVuSans, 0, DejaVuSans", the first of which is the family asked
// for.
void TextEngine::Parts::told(const std::string& message) {
  constexpr std::string_view Lacking = "any fallback with glyph 0x", Chosen = " -> ";
  if (const auto at = message.find(Lacking); at != std::string::npos) {
    const auto code = static_cast<char32_t>(std::strtoul(message.c_str() + at + Lacking.size(), nullptr, 16));
    if (code != WordJoiner && code != LeftToRightMark && code != RightToLeftMark) missing.insert(code);
  } else if (const auto chosen = message.find(Chosen); chosen != std::string::npos && !font_seen) {
    font_seen = true;
    const std::string name = message.substr(chosen + Chosen.size());
    if (name.find("DejaVu") == std::string::npos) other_font = name.substr(0, name.find(','));
  }
}

namespace {

// libass writes all it has to say here; 5 and above is chatter.
__attribute__((format(printf, 2, 0))) void on_ass_message(int level, const char* format, va_list arguments,
                                                          void* told) {
  if (level > 5) return;
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  static_cast<MessageSink*>(told)->told(text.data());
}

// libass frees with free().
char* copy_of(const std::string& text) { return ::strdup(text.c_str()); }

// libass pads its bitmaps on the right.
int inked_width(const ASS_Image& image) {
  for (int column = image.w; column > 0; --column)
    for (int row = 0; row < image.h; ++row)
      if (image.bitmap[std::ptrdiff_t{row} * image.stride + column - 1] != 0) return column;
  return 0;
}

void add_image(TextMask& mask, const ASS_Image& image) {
  const unsigned opacity = 255U - (image.color & 0xFFU);
  for (int row = std::max(0, -image.dst_y); row < image.h && image.dst_y + row < mask.height_px; ++row)
    for (int column = std::max(0, -image.dst_x); column < image.w && image.dst_x + column < mask.width_px;
         ++column) {
      const unsigned covered = image.bitmap[std::ptrdiff_t{row} * image.stride + column] * opacity / 255U;
      std::uint8_t& pixel =
          mask.cover[static_cast<std::size_t>(image.dst_y + row) * static_cast<std::size_t>(mask.width_px) +
                     static_cast<std::size_t>(image.dst_x + column)];
      pixel = static_cast<std::uint8_t>(covered + pixel * (255U - covered) / 255U);
    }
}

}  // namespace

std::unique_ptr<ASS_Track, Closer> TextEngine::Parts::track_of(std::string_view line, int font_px,
                                                               bool bold) {
  std::unique_ptr<ASS_Track, Closer> track(ass_new_track(library.get()));
  if (!track) return nullptr;
  track->PlayResX = WidestLine;
  track->PlayResY = font_px;
  track->WrapStyle = 2;
  track->ScaledBorderAndShadow = 1;
  ass_track_set_feature(track.get(), ASS_FEATURE_BIDI_BRACKETS, 1);  // pairs stand as UAX #9 (N0) has them
  const int style_at = ass_alloc_style(track.get());                 // moves the array
  ASS_Style& style = track->styles[style_at];
  style.Name = copy_of("line");
  style.FontName = copy_of(Family);
  style.FontSize = font_px;
  style.PrimaryColour = 0xFFFFFF00;
  style.Bold = bold ? 1 : 0;
  style.ScaleX = style.ScaleY = 1;
  style.BorderStyle = 1;
  style.Alignment = VALIGN_TOP | HALIGN_LEFT;
  style.Encoding = -1;  // the base direction is that of the first strong letter
  const int event_at = ass_alloc_event(track.get());
  ASS_Event& event = track->events[event_at];
  event.Duration = 1000;
  event.Style = style_at;
  event.Name = copy_of("");
  event.Effect = copy_of("");
  event.Text = copy_of(escaped_for_ass(line));
  return track;
}

TextEngine::TextEngine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TextEngine::TextEngine(TextEngine&&) noexcept = default;
TextEngine::~TextEngine() = default;

namespace {

// libass 0.17 crashes when its own caches (about 3 MiB) find no memory (R101): it is asked for where we can
// refuse.
constexpr std::size_t ForLibass = std::size_t{32} << 20;
bool room_for_libass() {
  const std::unique_ptr<std::byte[]> room(new (std::nothrow) std::byte[ForLibass]);
  if (room) *static_cast<volatile std::byte*>(room.get()) = std::byte{1};  // or the compiler asks for nothing
  return room != nullptr;
}

}  // namespace

Result<TextEngine> TextEngine::create() {
  if (!room_for_libass()) return fail("out of memory");
  auto parts = std::make_unique<Parts>();
  parts->library.reset(ass_library_init());
  if (!parts->library) return fail("libass does not start");
  ass_set_message_cb(parts->library.get(), on_ass_message, static_cast<MessageSink*>(parts.get()));
  ass_set_extract_fonts(parts->library.get(), 0);
  parts->renderer.reset(ass_renderer_init(parts->library.get()));
  if (!parts->renderer) return fail("libass does not make a renderer");
  ass_set_fonts(parts->renderer.get(), nullptr, Family, ASS_FONTPROVIDER_FONTCONFIG, nullptr, 1);
  ass_set_hinting(parts->renderer.get(), ASS_HINTING_LIGHT);
  ass_set_shaper(parts->renderer.get(), ASS_SHAPING_COMPLEX);
  return TextEngine(std::move(parts));
}

TextMask TextEngine::draw(std::string_view line, int font_px, bool bold, int max_width_px) {
  const int height = std::max(font_px, 2);
  TextMask mask;
  mask.height_px = height;
  const auto track = parts_->track_of(line, height, bold);
  if (!track) return mask;
  // Not cut by libass: where a cut falls between two letters, nothing would show that there was more.
  ass_set_storage_size(parts_->renderer.get(), WidestLine, height);
  ass_set_frame_size(parts_->renderer.get(), WidestLine, height);
  const ASS_Image* const first = ass_render_frame(parts_->renderer.get(), track.get(), 0, nullptr);
  for (const ASS_Image* image = first; image != nullptr; image = image->next)
    mask.line_px = std::max(mask.line_px, image->dst_x + inked_width(*image));
  mask.width_px = std::clamp(mask.line_px, 0, std::max(max_width_px, 2));
  mask.cover.resize(static_cast<std::size_t>(mask.width_px) * static_cast<std::size_t>(height));
  for (const ASS_Image* image = first; image != nullptr; image = image->next) add_image(mask, *image);
  return mask;
}

std::set<char32_t> TextEngine::take_missing() { return std::exchange(parts_->missing, {}); }
const std::string& TextEngine::other_font() const { return parts_->other_font; }

LibraryVersions text_library_versions() {
  // 0x01701000 is 0.17.1: two digits each, the first counted in hexadecimal.
  const unsigned version = static_cast<unsigned>(ass_library_version());
  return {
      {"libass", fmt::format("{:x}.{:x}.{:x}", version >> 28, version >> 20 & 0xFF, version >> 12 & 0xFF)}};
}

}  // namespace greffe::canvas
