// What is to be packed: every file of some meetings, and which of them go into which part.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/archive.h"
#include "custody/acting.h"
#include "fixity/manifest.h"

namespace greffe::custody {

struct SurveyedFile {
  std::string name;  // relative to the meeting folder
  std::uint64_t bytes = 0;
  fixity::Digest digest;  // that the meeting's manifest has; of the manifest itself, its own
};

// A meeting folder as it was found under its lock.
struct SurveyedMeeting {
  std::string id;
  std::string title;
  std::int64_t start_unix_ms = 0;
  std::int64_t duration_ms = 0;
  std::string origin;
  std::string meeting_class;
  fixity::Digest manifest;
  std::vector<SurveyedFile> files;  // by name; renders/.work is left out
  std::uint64_t bytes() const;
};

// All of them, each under its lock. Files that are missing, that no manifest names, and links fail with
// ErrorKind::Integrity and all their names; ErrorKind::Busy where a lock is taken.
Result<std::vector<SurveyedMeeting>> survey_meetings(const catalog::Archive& archive,
                                                     const std::vector<std::string>& meetings,
                                                     const Acting& acting);

// Problems, one a line below a title; of very many the first.
std::string problem_lines(const std::vector<std::string>& problems);

// One file of one meeting, by indexes.
struct FileIndex {
  std::size_t meeting = 0;
  std::size_t file = 0;
};
using PartFiles = std::vector<FileIndex>;

// What of a part is not its payload.
struct PartCost {
  std::uint64_t fixed = 0;                          // of each part
  std::vector<std::uint64_t> of_meeting;            // of each part that has a file of the meeting
  std::vector<std::vector<std::uint64_t>> of_file;  // of a file, its bytes included
};

// Parts none of which costs more than `limit`, in the order of files. A meeting that fits into one part is in
// one part. Fails with the names of all files that are too large for any.
Result<std::vector<PartFiles>> split_parts(const std::vector<SurveyedMeeting>& meetings, const PartCost& cost,
                                           std::optional<std::uint64_t> limit);

}  // namespace greffe::custody
