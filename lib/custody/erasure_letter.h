// What a person who asked for erasure may be told.
#pragma once

#include <vector>

#include "custody/erasure_requests.h"
#include "custody/paper.h"
#include "custody/paper_words.h"

namespace greffe::custody {

// A draft: people add whom it is for and who signs. It names no people and no titles, and of a hold that is
// confidential nothing but that the meeting is to be kept (H13).
Paper erasure_letter(const catalog::ErasureRequest& request, const std::vector<MeetingErasure>& erasures,
                     Language language);

}  // namespace greffe::custody
