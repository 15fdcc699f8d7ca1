#include "layout/layouts.h"

#include <algorithm>
#include <array>

namespace greffe::layout {
namespace {

struct LayoutName {
  LayoutKind kind;
  std::string_view name;
};
constexpr std::array LayoutNames{LayoutName{LayoutKind::Grid, "grid"},
                                 LayoutName{LayoutKind::Speaker, "speaker"},
                                 LayoutName{LayoutKind::StripBottom, "strip-bottom"},
                                 LayoutName{LayoutKind::Presentation, "presentation"},
                                 LayoutName{LayoutKind::Pip, "pip"},
                                 LayoutName{LayoutKind::Single, "single"},
                                 LayoutName{LayoutKind::SideBySide, "side-by-side"},
                                 LayoutName{LayoutKind::Regions, "regions"}};

struct OrderName {
  Order order;
  std::string_view name;
};
constexpr std::array OrderNames{OrderName{Order::Join, "join"}, OrderName{Order::Speaking, "speaking"},
                                OrderName{Order::Name, "name"}};

// Down to whole blocks of the encoder.
int blocks(int length) { return length / 16 * 16; }

Region region(std::string name, const Rectangle& area, Audience audience, std::size_t most) {
  Region made;
  made.name = std::move(name);
  made.area = area;
  made.audience = audience;
  made.reuse = Reuse::Speaking;
  made.most = most;
  return made;
}

enum class Side { Right, Bottom };

// The main place, and beside it a strip of `thickness` for the others.
std::vector<Region> with_strip(const Rectangle& canvas, Side side, int thickness, std::size_t others,
                               std::size_t most) {
  if (others == 0 || most == 0 || thickness < 16) return {region("main", canvas, Audience::Main, MaxTiles)};
  Rectangle main = canvas, strip = canvas;
  if (side == Side::Right) {
    main.width = canvas.width - thickness;
    strip.x = main.width;
    strip.width = thickness;
  } else {
    main.height = canvas.height - thickness;
    strip.y = main.height;
    strip.height = thickness;
  }
  return {region("main", main, Audience::Main, MaxTiles), region("strip", strip, Audience::Others, most)};
}

// Slides as large as they can be with a fifth of the canvas for people, who get all that the slides leave.
// The same for the whole meeting, so that people stay where they are.
int thickness_beside(const std::vector<Aspect>& slides, const Rectangle& canvas, Side side) {
  const int length = side == Side::Right ? canvas.width : canvas.height;
  int left = slides.empty() ? 0 : length;
  for (const Aspect& aspect : slides) {
    const Rectangle slide = fitted(aspect, canvas);
    left = std::min(left, length - (side == Side::Right ? slide.width : slide.height));
  }
  return std::clamp(blocks(left), blocks(length / 5), std::max(blocks(length / 5), blocks(length / 2)));
}

// Upper right, where neither captions nor the name of the main place are.
Region corner(const Rectangle& canvas) {
  const int width = std::max(16, blocks(canvas.width / 4)), height = std::max(16, blocks(canvas.height / 4));
  const int margin = std::max(2, canvas.height / 40 / 2 * 2);
  const int x = blocks(canvas.width - margin - width);
  Region made =
      region("corner", {x, margin >= 16 ? blocks(margin) : margin, width, height}, Audience::Others, 1);
  made.z = 1;
  return made;
}

}  // namespace

std::string_view name_of(LayoutKind kind) {
  for (const LayoutName& known : LayoutNames)
    if (known.kind == kind) return known.name;
  return "grid";
}

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const LayoutName& known : LayoutNames)
    if (known.kind != LayoutKind::Regions) names.emplace_back(known.name);
  return names;
}

Result<LayoutKind> layout_kind_of(std::string_view name) {
  for (const LayoutName& known : LayoutNames)
    if (known.name == name) return known.kind;
  return fail(ErrorKind::Usage, "layout \"{}\": greffe knows {}", name, fmt::join(layout_names(), ", "));
}

std::string_view name_of(Order order) {
  for (const OrderName& known : OrderNames)
    if (known.order == order) return known.name;
  return "join";
}

Result<Order> order_of(std::string_view name) {
  for (const OrderName& known : OrderNames)
    if (known.name == name) return known.order;
  return fail(ErrorKind::Usage, "order \"{}\": join, speaking or name", name);
}

bool has_main(LayoutKind kind) {
  return kind != LayoutKind::Grid && kind != LayoutKind::SideBySide && kind != LayoutKind::Regions;
}

std::vector<Region> regions_of(const PlanOptions& options, const Audiences& audiences) {
  const Rectangle canvas{0, 0, options.width, options.height};
  const std::size_t most = options.most_tiles, most_beside = most - std::min(most, audiences.main);
  const Side side = options.height > options.width ? Side::Bottom : Side::Right;
  const int fifth = blocks((side == Side::Right ? options.width : options.height) / 5);
  switch (options.layout) {
    case LayoutKind::Speaker: return with_strip(canvas, side, fifth, audiences.others, most_beside);
    case LayoutKind::StripBottom:
      return with_strip(canvas, Side::Bottom, blocks(options.height / 5), audiences.others, most_beside);
    case LayoutKind::Presentation:
      return with_strip(canvas, side, thickness_beside(audiences.slides, canvas, side), audiences.others,
                        most_beside);
    case LayoutKind::Pip: return {region("main", canvas, Audience::Main, 1), corner(canvas)};
    case LayoutKind::Single: return {region("main", canvas, Audience::Main, 1)};
    case LayoutKind::SideBySide: return {region("pair", canvas, Audience::Others, 2)};
    case LayoutKind::Regions: return options.regions;
    case LayoutKind::Grid: break;
  }
  return {region("grid", canvas, Audience::Others, most)};
}

}  // namespace greffe::layout
