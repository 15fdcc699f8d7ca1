// Which library at which version took part: for --version and receipts.
#pragma once

#include <string>
#include <vector>

namespace greffe {

struct LibraryVersion {
  std::string name;
  std::string version;
};
using LibraryVersions = std::vector<LibraryVersion>;

}  // namespace greffe
