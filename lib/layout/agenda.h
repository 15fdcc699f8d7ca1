// An agenda that people wrote → chapters.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "layout/scene.h"

namespace greffe::layout {

// A line for each chapter, a time and a title: "1:05:30 Any other business", "12:00 Budget", "90.5 Vote".
// Empty lines and those that begin with # say nothing. Fails with all lines that are no such, go back in time
// or lie at or after `end`.
Result<std::vector<Chapter>> parse_agenda(std::string_view text, MeetingTime end);

}  // namespace greffe::layout
