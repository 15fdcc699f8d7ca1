// Any bytes as an agenda that people wrote: its chapters rise and lie in the meeting.
#include "base/text.h"
#include "layout/agenda.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const MeetingTime end(std::chrono::hours(2));
  const auto chapters = layout::parse_agenda(text, end);
  if (!chapters) return 0;
  MeetingTime before{};
  for (const layout::Chapter& chapter : *chapters) {
    fuzz::require(chapter.start >= before && chapter.start < end);
    fuzz::require(!chapter.title.empty() && chapter.title.size() <= size);
    before = chapter.start;
  }
  return 0;
}
