#include "custody/check_clock.h"

#include "journal/entry.h"
#include "journal/segment.h"
#include "retention/clock_guard.h"

namespace greffe::custody {
namespace {

Result<std::optional<WallTime>> newest_entry(const Path& folder) {
  GREFFE_TRY(const std::vector<std::string> segments, journal::segments_in(folder));
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    GREFFE_TRY(const journal::SegmentEnd end, journal::end_of_segment(folder / *segment));
    if (!end.last_line) continue;
    const auto entry = journal::entry_of_line(*end.last_line);
    if (!entry) return fail(ErrorKind::Integrity, "journal/{}: {}", *segment, entry.error().message());
    return entry->utc;
  }
  return std::nullopt;
}

}  // namespace

Status check_clock(const catalog::Archive& archive, WallTime now, const std::string& jump_accepted) {
  GREFFE_TRY(const std::optional<WallTime> newest, newest_entry(archive.journal_folder()));
  const auto fault = retention::clock_fault(now, newest);
  if (fault == retention::ClockFault::SetBack)
    return fail(ErrorKind::Refused, "CLOCK_REFUSED: it is {}, but the journal has an entry of {}",
                rfc3339(now), rfc3339(*newest));
  if (fault == retention::ClockFault::FarAhead && jump_accepted.empty())
    return fail(
        ErrorKind::Refused,
        "CLOCK_REFUSED: it is {}, more than {} days after the newest entry of the journal ({}); where "
        "the clock is right, give --accept-clock-jump REASON",
        rfc3339(now), retention::ClockJumpDays, rfc3339(*newest));
  return {};
}

}  // namespace greffe::custody
