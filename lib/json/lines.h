// Places of a JSON document → the lines on which people find them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace greffe::json {

// The line (from 1) on which each of `places` begins, spelt as Reader names them: "scenes[3].tiles[1].track".
// A place that is not there has the line of the nearest that would hold it. `text` is what parse() accepts.
std::map<std::string, int> lines_of(std::string_view text, const std::vector<std::string>& places);

}  // namespace greffe::json
