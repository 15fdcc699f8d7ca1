// What a film or a plan is made of must not be what it replaces.
#pragma once

#include <vector>

#include "base/file.h"

namespace greffe::film {

// Fails with kind Usage when one of `targets` is one of `inputs` by any name, or one of the meeting folder's
// own files, or would come to lie among these.
Status check_not_inputs(const std::vector<Path>& targets, const std::vector<Path>& inputs,
                        const Path& meeting_folder);

}  // namespace greffe::film
