#include "catalog/cue_numbers.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

namespace greffe::catalog {
namespace {

constexpr std::int64_t SlotsOfSecond = 256;
constexpr std::int64_t LatestSecond = std::int64_t{17'000'000'000};  // in the year 2508; there is room behind

}  // namespace

std::int64_t first_cue_number(SQLite::Database& database, std::int64_t start_unix_ms) {
  SQLite::Statement last(database, "SELECT max(number) FROM cues WHERE number >= ? AND number < ?");
  for (std::int64_t second = std::clamp<std::int64_t>(start_unix_ms / 1000, 0, LatestSecond);; ++second) {
    const std::int64_t first = second * SlotsOfSecond, end = first + SlotsOfSecond;
    last.reset();
    last.bind(1, first * MostCuesOfMeeting);
    last.bind(2, end * MostCuesOfMeeting);
    if (!last.executeStep() || last.getColumn(0).isNull()) return first * MostCuesOfMeeting;
    const std::int64_t slot = slot_of_cue(last.getColumn(0).getInt64()) + 1;
    if (slot < end) return slot * MostCuesOfMeeting;
  }
}

}  // namespace greffe::catalog
