// Files of a folder that others may have filled: links that lead out of it are not followed (R70).
#pragma once

#include "base/file.h"

namespace greffe {

// True when a link on the way to `path`, below `folder`, leads to a place outside of that folder, or to
// nothing. False where there is neither file nor link.
bool leads_out(const Path& folder, const Path& path);

// As open_input(). Links inside of the folder are followed once; what is put in their place meanwhile is not.
Result<InputFile> open_contained(const Path& folder, const Path& path);

}  // namespace greffe
