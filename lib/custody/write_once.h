// What is written once and never changed: files and folders of policy/, holds/, disposals/, exports/ and the
// like.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"

namespace greffe::custody {

// Whole or not at all; fails where the name is taken. What a killed run left half-written of it goes.
Status write_once(const Path& file, std::string_view text);

// The folder `final_folder` with these files, name and text, in one step. It is made in `staged`, on the same
// file system; what a killed run left there goes.
Status publish_folder(const Path& staged, const Path& final_folder,
                      const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace greffe::custody
