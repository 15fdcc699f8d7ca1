// When each meeting was last verified, kept from night to night, and which of them are due tonight.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "units/time.h"

namespace greffe::custody {

struct FixityRecord {
  WallTime verified{};        // when its last verification ended, to the second
  std::int64_t findings = 0;  // of that verification
  bool operator==(const FixityRecord&) const = default;
};
using FixityRecords = std::map<std::string, FixityRecord, std::less<>>;  // by meeting id

// greffe.fixity-state/1. A missing file is no records; one that cannot be read fails.
Result<FixityRecords> read_fixity_records(const Path& file);
Status write_fixity_records(const Path& file, const FixityRecords& records);

struct FixityChoice {
  int percent = 100;                                         // of the meetings, at least one
  bool by_age = false;                                       // records are kept: the oldest first
  std::optional<std::chrono::milliseconds> older_than = {};  // verified longer ago than this, or never
  WallTime now{};
};

// Which of `ids` to verify, in that order. By age: those never verified, then those verified longest ago; a
// sample is the head of that order. A record of the future counts for nothing (T6). Without records a sample
// is cut by the digests of the ids and the day: the same on one day, and each meeting once in 100 / percent
// days, rounded up, that follow one another.
std::vector<std::string> choose_meetings(std::vector<std::string> ids, const FixityRecords& records,
                                         const FixityChoice& choice);

}  // namespace greffe::custody
