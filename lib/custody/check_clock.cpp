#include "custody/check_clock.h"

#include <algorithm>
#include <array>

#include "custody/catalog_index.h"
#include "retention/clock_guard.h"

namespace greffe::custody {
namespace {

// What is done only after its clock was believed.
constexpr std::string_view Accepted = "clock-accept";
constexpr std::array<std::string_view, 6> Asked{"approve", Accepted, "dispose",
                                                "propose", "purge",  "rules-activate"};

Result<std::optional<WallTime>> newest_vouched(const catalog::Catalog& catalog) {
  retention::VouchedTime time;
  GREFFE_CHECK(catalog.each_journal_time([&](std::string_view utc, std::string_view action) {
    time.see(parse_rfc3339(utc).value_or(WallTime{}),
             std::find(Asked.begin(), Asked.end(), action) != Asked.end());
  }));
  return time.newest();
}

}  // namespace

Status check_clock(const catalog::Archive& archive, catalog::Catalog& catalog, const Acting& acting,
                   const std::string& jump_accepted) {
  const WallTime now = acting.now;
  GREFFE_CHECK(index_journal(archive, catalog));
  GREFFE_TRY(const std::optional<WallTime> newest, newest_vouched(catalog));
  const auto fault = retention::clock_fault(now, newest);
  if (fault == retention::ClockFault::SetBack)
    return fail(ErrorKind::Refused, "CLOCK_REFUSED: it is {}, but the journal has an entry of {}",
                rfc3339(now), rfc3339(*newest));
  if (fault == retention::ClockFault::FarAhead && jump_accepted.empty())
    return fail(
        ErrorKind::Refused,
        "CLOCK_REFUSED: it is {}, more than {} days after the newest time that the journal vouches for "
        "({}); where the clock is right, give --accept-clock-jump REASON",
        rfc3339(now), retention::ClockJumpDays, rfc3339(*newest));
  if (fault == retention::ClockFault::FarAhead)
    return append_to_journal(archive, acting,
                             {.action = std::string(Accepted), .subjects = {archive.description().id}});
  return {};
}

}  // namespace greffe::custody
