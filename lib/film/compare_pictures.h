// How far the pictures of two films are apart.
#pragma once

#include <optional>

#include "base/file.h"
#include "media/codec_id.h"

namespace greffe::film {

struct PictureDistance {
  std::uint64_t pictures = 0;     // that both have
  std::optional<double> psnr_db;  // over all samples of all planes; nullopt: there is no difference
};

// Picture by picture, in order; nullopt where it cannot be told: a film that is neither WebM nor Matroska,
// FFV1, or pictures of two sizes. Fails when asked to stop.
Result<std::optional<PictureDistance>> distance_of(const Path& one, const Path& other, media::CodecId codec);

}  // namespace greffe::film
