// What libavformat cannot be told of an MP4 file's tracks.
#pragma once

#include "base/file.h"

namespace greffe::container {

// Players show the captions of a finished file only when asked: takes "enabled" off its tracks of text
// (ISO 14496-12 §8.3.2; handler "sbtl"), which libavformat sets on the first of each kind.
Status disable_text_tracks(const Path& path);

}  // namespace greffe::container
