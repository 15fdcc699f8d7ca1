// A picture as a JPEG file, through libavcodec: for what web players show of a film.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "media/picture.h"

namespace greffe::codec {

// JFIF, whose colours are those of BT.601 in full range: a picture of another matrix is refused. 4:2:0, of a
// quality at which no blocks are seen. The same picture gives the same bytes.
Result<std::vector<std::uint8_t>> write_jpeg(const media::Picture& picture);

}  // namespace greffe::codec
