// What libavcodec decodes → pictures as the house knows them; for codec's own .cpp files.
#pragma once

#include <memory>
#include <optional>

#include "media/picture.h"

struct AVFrame;

namespace greffe::codec {

// Nothing is lost by taking the frame as a picture: it is YUV 4:2:0 of 8 bits already.
bool is_plain(const AVFrame& frame);

// A picture that shares the frame's memory where it is plain, else one of 8 bits and 4:2:0 made from it:
// rounded, and colours averaged over what one sample stands for. nullopt for what is not planar YUV or grey
// of 8 to 16 bits, and where memory ends.
std::optional<media::Picture> picture_of(std::shared_ptr<AVFrame> frame);

}  // namespace greffe::codec
