// Whose records a meeting is: SEDA's OriginatingAgency, "service producteur" (RETENTION R7).
#pragma once

#include <string>
#include <vector>

#include "json/reader.h"

namespace greffe::timeline {

// The member "producers" of a description or of meeting.json. What is no name, or stands twice, is refused.
std::vector<std::string> read_producers(json::Reader& reader);

}  // namespace greffe::timeline
