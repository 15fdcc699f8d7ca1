// Libraries that another one brings along and that tell no version by themselves.
#pragma once

#include <string>
#include <string_view>

namespace greffe::codec {

// Of the loaded library "STEM.so…": what follows ".so." in the name of its file, as in "libx264.so.164".
// Empty when it is not loaded.
std::string loaded_version(std::string_view stem);

}  // namespace greffe::codec
