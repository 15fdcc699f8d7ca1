// Any bytes as each of greffe's JSON documents: what is accepted is written so that it reads and writes the
// same again.
#include <cstdlib>

#include "caption/cue_json.h"
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
  static_cast<void>(layout::read_regions(*value, {0, 0, 1280, 720}));
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
