#include "greffe-plan/explain.h"

#include "cli/table.h"
#include "layout/steadiness.h"

namespace greffe {
namespace {

std::string seconds_text(Duration duration) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
}

// "ann 1024x720+0+0", "bob (screen) …", "cy (no picture) …".
std::string tile_text(const layout::Tile& tile) {
  const char* what = tile.kind == layout::TileKind::Screen        ? " (screen)"
                     : tile.kind == layout::TileKind::Placeholder ? " (no picture)"
                                                                  : "";
  return fmt::format("{}{} {}x{}+{}+{}", tile.participant, what, tile.area.width, tile.area.height,
                     tile.area.x, tile.area.y);
}

std::string tiles_text(const std::vector<layout::Tile>& tiles) {
  std::vector<std::string> texts;
  for (const layout::Tile& tile : tiles) texts.push_back(tile_text(tile));
  return tiles.empty() ? "nobody" : fmt::format("{}", fmt::join(texts, ", "));
}

std::string steadiness_text(const layout::ScenePlan& plan) {
  const layout::Steadiness steadiness = layout::steadiness_of(plan);
  std::string text =
      fmt::format("{} scenes, {} moves ({:.2f} a minute), mean stay {}", plan.scenes.size(), steadiness.moves,
                  steadiness.moves_per_minute(), seconds_text(steadiness.mean_stay()));
  if (steadiness.shortest_stay > Duration::zero())
    text += ", shortest " + seconds_text(steadiness.shortest_stay);
  return text + "\n";
}

}  // namespace

std::string explained(const layout::ScenePlan& plan) {
  using cli::Align;
  cli::Table scenes({{"scene", Align::Right},
                     {"from"},
                     {"to"},
                     {"stay", Align::Right},
                     {"layout"},
                     {"reason", Align::Left, true},
                     {"tiles", Align::Left, true}});
  for (std::size_t i = 0; i < plan.scenes.size(); ++i) {
    const layout::Scene& scene = plan.scenes[i];
    scenes.add({std::to_string(i), clock_text(scene.range.start), clock_text(scene.range.end),
                seconds_text(scene.range.duration()), scene.layout, scene.reason, tiles_text(scene.tiles)});
  }
  std::string text = scenes.text(cli::terminal_width());
  if (!plan.chapters.empty()) {
    cli::Table chapters({{"chapter"}, {"title", Align::Left, true}});
    for (const layout::Chapter& chapter : plan.chapters)
      chapters.add({clock_text(chapter.start), chapter.title});
    text += "\n" + chapters.text(cli::terminal_width());
  }
  return text + "\n" + steadiness_text(plan);
}

}  // namespace greffe
