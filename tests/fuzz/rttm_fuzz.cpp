// Any bytes as RTTM: nobody speaks longer than a span lasts, and two halves make the whole.
#include <cstdlib>

#include "caption/rttm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  DamageLog damage;
  const auto speeches = caption::read_rttm(bytes, "fuzz", damage);
  if (!speeches) return 0;
  if (speeches->empty()) std::abort();
  const MeetingTime start{}, middle{std::chrono::seconds(5)}, end{std::chrono::hours(3000)};
  for (const auto& [speaker, speech] : *speeches) {
    const Duration first = speech.spoken_in({start, middle}), second = speech.spoken_in({middle, end});
    if (speaker.empty() || first < Duration{0} || first > middle - start || second < Duration{0} ||
        first + second != speech.spoken_in({start, end}))
      std::abort();
  }
  std::vector<caption::Cue> cues{{.range = {start, end}, .speaker = {}, .text = "x", .words = {}}};
  caption::name_by_speeches(cues, *speeches);
  if (!cues.front().speaker.empty() && !speeches->contains(cues.front().speaker)) std::abort();
  return 0;
}
