// How cues are numbered: those of one meeting in a row, and those of a newer meeting above those of an older
// one. So the index of words, which goes by number, finds the newest first without sorting.
//
//   62                  29 28        21 20             0
//   | seconds since 1970  |    slot    |    position    |
//
// A meeting takes the first slot of its second that is free, or one of a later second where all are taken.
#pragma once

#include <cstdint>

#include "catalog/connection.h"

namespace greffe::catalog {

constexpr std::int64_t MostCuesOfMeeting = std::int64_t{1} << 21;

// Equal for the cues of one meeting, higher for those of a newer one.
constexpr std::int64_t slot_of_cue(std::int64_t number) { return number / MostCuesOfMeeting; }

// The number of the cue at position 0 of a meeting that has no cues yet. To be used in the transaction that
// inserts them; SQLite's exceptions pass.
std::int64_t first_cue_number(SQLite::Database& database, std::int64_t start_unix_ms);

}  // namespace greffe::catalog
