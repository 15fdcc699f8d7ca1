// disposals/ID/closed.json, greffe.disposal-closed/1: nothing can come of the list any more, and what came of
// each line.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/file.h"
#include "retention/disposal.h"
#include "units/time.h"

namespace greffe::catalog {

struct ClosedLine {
  retention::LineState state = retention::LineState::Destroyed;
  std::optional<CivilDate> again_from;  // first day on which it may be proposed in another list
  std::string destroyed_by;             // DestroyedElsewhere: id of the list through which it was
};

struct ClosedList {
  std::string list;
  WallTime when{};
  std::map<std::string, ClosedLine, std::less<>> lines;  // by meeting
};

inline constexpr const char* ClosedFile = "closed.json";

std::string text_of(const ClosedList& closed);
// nullopt where the list is not closed. Fails with ErrorKind::Integrity for a file that is not what its name
// says.
Result<std::optional<ClosedList>> read_closed(const Path& folder);

}  // namespace greffe::catalog
