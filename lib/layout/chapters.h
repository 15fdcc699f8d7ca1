// Where viewers may want to begin.
#pragma once

#include <vector>

#include "layout/candidates.h"

namespace greffe::layout {

// The start, under the meeting's title, then each join and each share; what falls within a few seconds is one
// chapter, which tells as much of it as a title holds. In order of time, before `end`.
std::vector<Chapter> chapters_of(const Sources& sources, const std::string& title, MeetingTime end);

}  // namespace greffe::layout
