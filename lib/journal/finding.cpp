#include "journal/finding.h"

namespace greffe::journal {
namespace {
constexpr std::size_t KeptOfEach = 5;
}

void Findings::add(Finding finding) {
  if (++counts_[finding.reason] <= KeptOfEach) kept_.push_back(std::move(finding));
}

std::size_t Findings::count(std::string_view reason) const {
  const auto found = counts_.find(reason);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace greffe::journal
