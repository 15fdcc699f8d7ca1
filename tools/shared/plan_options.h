// The options about who is where, which greffe-plan and greffe-compose share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "film/read_plan.h"
#include "layout/plan.h"

namespace greffe {

// As the user gave them.
struct PlanWords {
  std::string layout = "grid";
  std::optional<std::string> size;
  std::optional<std::string> regions;
  std::string min_stay = "2s";
  std::string look_ahead = "5s";
  std::string order = "join";
  std::string lock;
  std::vector<std::string> without;
  bool hide_no_picture = false;
  bool chapters = false;
  bool no_labels = false;
  bool no_highlights = false;
  int most_tiles = static_cast<int>(layout::UsualTiles);
};

inline void add_plan_options(cli::CommandLine& command_line, PlanWords& words) {
  command_line.choice("--layout", words.layout, layout::layout_names(), "Where the tiles stand")
      .option("--size", words.size, "WxH", "Size of the film's picture; by default 1280x720")
      .option("--regions", words.regions, "FILE",
              "Take the layout from this file: rectangles and who is in them")
      .option("--min-stay", words.min_stay, "TIME",
              "No tile moves for an utterance shorter than this, nor sooner after a move; by default 2s")
      .option("--look-ahead", words.look_ahead, "TIME",
              "How far ahead to look for who has more to say, and who comes; by default 5s")
      .choice("--order", words.order, {"join", "speaking", "name"},
              "Who stands first: by when they joined, by "
              "speaking time, or by name")
      .option("--lock", words.lock, "PARTICIPANT", "Who has the main place whenever they are there")
      .option("--without", words.without, "PARTICIPANT", "Who never appears; may be given several times")
      .flag("--hide-no-picture", words.hide_no_picture, "No tiles for people without a picture")
      .option("--most-tiles", words.most_tiles, 1, static_cast<int>(layout::MaxTiles), "N",
              "How many tiles are shown at once; by default 49")
      .flag("--no-labels", words.no_labels, "No names on the tiles")
      .flag("--no-highlights", words.no_highlights, "No borders around who speaks")
      .flag("--chapters", words.chapters, "Chapters where people join and screens are shared")
      .not_with("--regions", {"--layout"}, "has no say where --regions gives the layout");
}

// Scenes of a file are as they are: nobody may believe that --without had a say in them.
inline void add_scenes_option(cli::CommandLine& command_line, std::optional<std::string>& scenes,
                              const std::string& help) {
  command_line.option("--scenes", scenes, "FILE", help)
      .not_with(
          "--scenes",
          {"--layout", "--size", "--regions", "--min-stay", "--look-ahead", "--order", "--lock", "--without",
           "--hide-no-picture", "--most-tiles", "--no-labels", "--no-highlights", "--chapters"},
          "has no say where --scenes gives a plan that is made; greffe-plan makes another");
}

inline Result<layout::PlanOptions> plan_options_of(const PlanWords& words) {
  layout::PlanOptions options;
  GREFFE_TRY(options.layout, layout::layout_kind_of(words.layout));
  if (words.size) {
    GREFFE_TRY(const auto size, cli::parse_size(*words.size));
    options.width = size.first;
    options.height = size.second;
  }
  if (words.regions) GREFFE_CHECK(film::read_regions(*words.regions, words.size.has_value(), options));
  GREFFE_TRY(options.min_stay, cli::parse_duration(words.min_stay));
  GREFFE_TRY(options.look_ahead, cli::parse_duration(words.look_ahead));
  GREFFE_TRY(options.order, layout::order_of(words.order));
  options.lock = words.lock;
  options.without = words.without;
  options.hide_no_picture = words.hide_no_picture;
  options.chapters = words.chapters;
  options.labels = !words.no_labels;
  options.highlights = !words.no_highlights;
  options.most_tiles = static_cast<std::size_t>(words.most_tiles);
  return options;
}

}  // namespace greffe
