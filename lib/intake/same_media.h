// Several recordings of the same media → one of them, the fullest.
#pragma once

#include <vector>

#include "intake/recorded_files.h"

namespace greffe::intake {

// Moves into `read` the streams of all files, each media once. Where one recording is fuller than another
// (when it began and ended, and how much of the other's packets it has) it is kept; where they are about the
// same, a file whose header names codec and times goes before a capture. A capture left out is a witness,
// other files and flows are told; what they have alone is damage "media-left-out". Streams of captures are
// named after whom other files know by the same media, or by other media from the same address.
void keep_one_of_each(std::vector<RecordedStream> streams, RecordedFiles& read);

}  // namespace greffe::intake
