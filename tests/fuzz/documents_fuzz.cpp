// Any bytes as each of greffe's JSON documents: what is accepted is written so that it reads and writes the
// same again.
#include <cstdlib>

#include "../layout/meetings.h"
#include "caption/cue_json.h"
#include "json/lines.h"
#include "layout/plan.h"
#include "layout/read_regions.h"
#include "layout/read_scenes.h"
#include "timeline/meeting.h"
#include "timeline/meeting_description.h"
#include "timeline/missing.h"

namespace {

using namespace greffe;

json::Value to_json(const timeline::TrackSidecar& sidecar) {
  auto written = json::parse(timeline::text_of(sidecar));
  if (!written) std::abort();
  return std::move(*written);
}

template <class Document, class Read>
void check_round_trip(const Result<Document>& read, Read read_again) {
  if (!read) return;
  const json::Value written = to_json(*read);
  const auto again = read_again(written);
  if (!again || json::write(to_json(*again)) != json::write(written)) std::abort();
}

// Whatever regions are accepted, the plan made of them is sound.
void check_regions(const json::Value& value) {
  layout::RegionsRead read = layout::read_regions(value, {0, 0, 1280, 720});
  if (!read.mistakes.empty()) return;
  static const timeline::Meeting meeting = [] {
    std::vector<timeline::TrackSidecar> tracks;
    for (int i = 0; i < 60; ++i)
      tracks.push_back(layout::video(std::string(1, static_cast<char>('A' + i)), i == 3 ? "screen" : "camera",
                                     {{i * 100, 30'000 - i * 50}}));
    return layout::meeting_of_tracks(std::move(tracks));
  }();
  layout::PlanOptions options{.layout = read.kind, .regions = std::move(read.regions)};
  if (read.canvas) {
    options.width = read.canvas->width;
    options.height = read.canvas->height;
  }
  const auto plan = layout::plan_of(meeting, {}, options);
  if (!plan || !layout::read_scenes(layout::to_json(*plan)).mistakes.empty()) std::abort();
}

void check_lines(std::string_view text, const std::vector<json::Mistake>& mistakes) {
  std::vector<std::string> places;
  for (const json::Mistake& mistake : mistakes) places.push_back(mistake.place);
  for (const auto& [place, line] : json::lines_of(text, places))
    if (line < 1 || static_cast<std::size_t>(line) > text.size() + 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value) return 0;
  std::vector<std::string> warnings;
  static_cast<void>(timeline::description_of(*value, warnings));
  static_cast<void>(caption::cues_of_json(*value, "cues.json"));
  check_round_trip(timeline::meeting_of(*value),
                   [](const auto& written) { return timeline::meeting_of(written); });
  check_round_trip(layout::scene_plan_of(*value),
                   [](const auto& written) { return layout::scene_plan_of(written); });
  check_regions(*value);
  check_lines(std::string_view(reinterpret_cast<const char*>(data), size),
              layout::read_scenes(*value).mistakes);
  const auto read_sidecar = [](const json::Value& written) {
    std::string text = json::write(written);
    return timeline::read_sidecar(
        [&](std::span<char> piece) -> Result<std::size_t> {
          const std::size_t length = text.copy(piece.data(), piece.size());
          text.erase(0, length);
          return length;
        },
        "a.track.json");
  };
  const auto sidecar = read_sidecar(*value);
  check_round_trip(sidecar, read_sidecar);
  if (sidecar) static_cast<void>(timeline::totals_of(*sidecar, timeline::missing_of(*sidecar)));
  return 0;
}
