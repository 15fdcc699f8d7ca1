#include "package/bag_finding.h"

#include <algorithm>

namespace greffe::package {
namespace {
constexpr std::size_t MostKept = 1000;
}

void BagFindings::add(Grade grade, std::string_view reason, std::string place, std::string text) {
  gravest_ = std::max(gravest_, grade);
  if (++counts_[reason] <= MostKept) kept_.push_back({grade, reason, std::move(place), std::move(text)});
}

std::size_t BagFindings::count(std::string_view reason) const {
  const auto found = counts_.find(reason);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace greffe::package
