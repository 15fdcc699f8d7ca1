// Any bytes as SubRip: what was read, written in the usual form, reads the same and has nothing odd.
#include <cstdlib>

#include "base/text.h"
#include "caption/subrip.h"
#include "caption/webvtt.h"

namespace {

// hh:mm:ss,mmm
std::string time_of(greffe::MeetingTime time) {
  std::string text = greffe::caption::webvtt_time(time);
  text[text.find('.')] = ',';
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const std::string text = valid_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  (void)caption::looks_like_subrip(text);
  DamageLog damage;
  const auto cues = caption::read_subrip(text, "fuzz", damage);
  std::string written;
  std::size_t number = 0;
  for (const caption::Cue& cue : cues)
    written +=
        fmt::format("{}\n{} --> {}\nx\n\n", ++number, time_of(cue.range.start), time_of(cue.range.end));
  DamageLog none;
  const auto again = caption::read_subrip(written, "fuzz", none);
  if (again.size() != cues.size()) std::abort();
  for (std::size_t i = 0; i < cues.size(); ++i)
    if (whole_ms(again[i].range.start) != whole_ms(cues[i].range.start)) std::abort();
  return 0;
}
