// Any bytes as a transcript: words have times inside their cue, and captions can be cut.
#include <cstdlib>

#include "caption/cue_file.h"
#include "caption/place.h"
#include "caption/split.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  DamageLog damage;
  auto transcript = caption::read_transcript({reinterpret_cast<const char*>(data), size}, "fuzz", damage);
  if (!transcript) return 0;
  const MeetingTime end(std::chrono::hours(1));
  const auto cues = caption::clipped(caption::split(std::move(transcript->cues)), end, "fuzz", damage);
  for (const caption::Cue& cue : cues)
    if (cue.range.empty() || cue.range.start < MeetingTime{} || cue.range.end > end || cue.text.empty())
      std::abort();
  return 0;
}
