#include "timeline/producers.h"

#include <algorithm>

namespace greffe::timeline {

std::vector<std::string> read_producers(json::Reader& reader) {
  std::vector<std::string> producers;
  for (const json::Value& item : reader.array("producers")) {
    const std::string* name = item.find_text();
    if (name == nullptr || name->empty())
      reader.refuse("producers", "expected names");
    else if (std::find(producers.begin(), producers.end(), *name) != producers.end())
      reader.refuse("producers", fmt::format("\"{}\" stands twice", *name));
    else
      producers.push_back(*name);
  }
  return producers;
}

}  // namespace greffe::timeline
