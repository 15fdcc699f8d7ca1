// The option --extmap, which greffe-ingest and greffe-probe share.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/parse.h"
#include "base/result.h"
#include "base/text.h"

namespace greffe {

// "ID=URI" of each; ids of header extensions are 1 to 255 (RFC 8285 §4.3).
inline Result<std::map<int, std::string>> parse_extmap(const std::vector<std::string>& pairs) {
  std::map<int, std::string> extmap;
  for (const std::string& pair : pairs) {
    std::string_view uri = pair;
    const auto id = find_number<int>(take_until(uri, '='));
    if (!id || *id < 1 || *id > 255 || uri.empty())
      return fail(ErrorKind::Usage,
                  "--extmap {}: expected ID=URI, such as 1=urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                  printable(pair));
    extmap[*id] = std::string(uri);
  }
  return extmap;
}

}  // namespace greffe
