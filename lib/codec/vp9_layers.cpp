#include "codec/vp9_layers.h"

#include <algorithm>

#include "media/vp9_frame_header.h"
#include "media/vp9_superframe.h"

namespace greffe::codec {
namespace {

// A layer that leaves out more pictures than that in a row does not show what happens.
constexpr std::uint64_t MostLeftOut = 8;

bool fills(media::PictureSize size, media::PictureSize place) {
  return size.width_px >= place.width_px && size.height_px >= place.height_px;
}

}  // namespace

Result<Vp9LayerFrame> Vp9LayerReader::read_frame(Bytes frame) {
  GREFFE_TRY(const auto header, media::parse_vp9_frame_header(frame));
  Vp9LayerFrame read{.bytes = frame, .key = header.key, .shown = header.shown};
  if (header.existing) {
    read.self_reliant = true;
    read.size = slots_[*header.existing];
    return read;
  }
  read.self_reliant = header.key || header.error_resilient;
  read.size = header.size ? *header.size : slots_[header.references[header.size_reference]];
  if (!header.intra())
    for (const std::uint8_t slot : header.references)
      read.reads_px = std::max(read.reads_px, slots_[slot].area());
  for (std::size_t slot = 0; slot < slots_.size(); ++slot)
    if ((header.refreshed >> slot & 1) != 0) slots_[slot] = read.size;
  return read;
}

Result<std::vector<Vp9LayerFrame>> Vp9LayerReader::read(Bytes superframe) {
  std::vector<Vp9LayerFrame> frames;
  for (const Bytes bytes : media::split_superframe(superframe)) {
    auto frame = read_frame(bytes);
    if (!frame) {
      slots_.fill({});
      return tl::unexpected(frame.error());
    }
    frames.push_back(*frame);
  }
  return frames;
}

void Vp9LayerProof::add_frame(const Vp9LayerFrame& frame) {
  const std::int64_t px = frame.size.area();
  if (frame.key) {
    sound_ = true;
    sizes_.clear();
  }
  sound_ = sound_ && frame.self_reliant && frame.shown && px > 0 && frame.reads_px <= px;
  const auto known =
      std::find_if(sizes_.begin(), sizes_.end(), [&](const Size& size) { return size.px == px; });
  if (known == sizes_.end())
    sizes_.push_back({px, picture_});
  else
    known->last_picture = picture_;
}

void Vp9LayerProof::add(Bytes superframe) {
  const auto frames = reader_.read(superframe);
  if (!frames) {
    sound_ = false;
    return;
  }
  ++picture_;
  std::int64_t below_px = 0;
  for (const Vp9LayerFrame& frame : *frames) {
    add_frame(frame);
    sound_ = sound_ && frame.size.area() > below_px;
    below_px = frame.size.area();
  }
  // The largest may end: it is what a decoder of the whole misses, too.
  for (const Size& size : sizes_) {
    const bool larger_goes_on = std::any_of(sizes_.begin(), sizes_.end(), [&](const Size& other) {
      return other.px > size.px && other.last_picture == picture_;
    });
    if (larger_goes_on && picture_ - size.last_picture > MostLeftOut) sound_ = false;
  }
}

Bytes Vp9LayerCutter::cut(Bytes superframe, media::PictureSize enough) {
  const auto frames = reader_.read(superframe);
  if (!frames) return superframe;
  if (frames->front().key) limit_px_ = INT64_MAX;
  const auto filling = std::find_if(frames->begin(), frames->end(),
                                    [&](const Vp9LayerFrame& frame) { return fills(frame.size, enough); });
  // A larger picture shows which size this one is: alone it may be all that the sender had.
  if (filling != frames->end() && std::next(filling) != frames->end())
    limit_px_ = std::min(limit_px_, filling->size.area());

  std::vector<Bytes> kept;
  for (const Vp9LayerFrame& frame : *frames)
    if (frame.size.area() <= limit_px_) kept.push_back(frame.bytes);
  if (kept.size() == frames->size()) return superframe;
  if (kept.size() < 2) return kept.empty() ? Bytes{} : kept.front();
  joined_ = media::join_superframe(kept);
  return joined_;
}

}  // namespace greffe::codec
