// What of a meeting is missing, for programs and as a picture for whoever looks in the morning.
#pragma once

#include <cstdint>
#include <vector>

#include "json/value.h"
#include "timeline/meeting.h"
#include "timeline/missing.h"

namespace greffe::intake {

// Their names in a meeting folder.
inline constexpr const char* MissingReport = "reports/missing.json";
inline constexpr const char* MissingStrips = "reports/missing.png";

// What is missing of each track of a meeting, in the order of its tracks.
using MissingOfTracks = std::vector<std::vector<timeline::MissingSpan>>;
MissingOfTracks missing_of_tracks(const timeline::Meeting& meeting);

// reports/missing.json, schema greffe.missing/1. `meeting` with its sidecars.
json::Value missing_report(const timeline::Meeting& meeting, const MissingOfTracks& missing);

// A PNG: time runs to the right, one strip for each track, coloured by the worst that befell it there.
Result<std::vector<std::uint8_t>> missing_strips(const timeline::Meeting& meeting,
                                                 const MissingOfTracks& missing);

}  // namespace greffe::intake
