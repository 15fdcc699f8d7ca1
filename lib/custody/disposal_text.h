// What people read of a disposal: the list with its visas (bordereau d'élimination) and the certificate.
#pragma once

#include <map>
#include <string>

#include "catalog/disposal_files.h"
#include "custody/paper.h"
#include "custody/paper_words.h"

namespace greffe::custody {

using Titles = std::map<std::string, std::string, std::less<>>;

// Must outlive the call it is given to.
struct DisposalView {
  const catalog::DisposalRecord& record;
  TimeZone zone;                              // of the policy: days are days there
  std::string owner = {};                     // of the archive, may be empty
  const retention::Policy* policy = nullptr;  // the version of the list, for its periods; nullptr: not known
  Titles titles = {};                         // by meeting, where they are known
  std::map<std::string, retention::LineState, std::less<>> states = {};  // of the lines, where they are known
};

// D1, D2: in the columns of French departmental archives, with the visas given and room for one by hand.
Paper bordereau_of(const DisposalView& view, Language language);
// D12. `certificate` is of the record.
Paper certificate_of(const DisposalView& view, const catalog::Certificate& certificate, Language language);

}  // namespace greffe::custody
