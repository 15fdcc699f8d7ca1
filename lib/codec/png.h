// A picture as a PNG file, through libavcodec: for contact sheets and reports.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "media/picture.h"

namespace greffe::codec {

// 8 bits RGB, converted by the picture's own matrix and range. The same picture gives the same bytes.
Result<std::vector<std::uint8_t>> write_png(const media::Picture& picture);

}  // namespace greffe::codec
