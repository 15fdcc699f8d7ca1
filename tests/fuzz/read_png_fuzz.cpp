// Any bytes as a PNG file of a user: what is read is a picture of the size that was allowed.
#include "codec/read_png.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  constexpr int MostPx = 256;
  const auto picture = codec::read_png(std::string_view(reinterpret_cast<const char*>(data), size), MostPx);
  if (!picture) return 0;
  fuzz::require(picture->width_px >= 1 && picture->width_px <= MostPx);
  fuzz::require(picture->height_px >= 1 && picture->height_px <= MostPx);
  fuzz::require(picture->rgba.size() == std::size_t{4} * static_cast<std::size_t>(picture->width_px) *
                                            static_cast<std::size_t>(picture->height_px));
  return 0;
}
