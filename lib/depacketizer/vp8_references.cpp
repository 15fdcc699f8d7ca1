#include "depacketizer/vp8_references.h"

namespace greffe::depacketizer {
namespace {

constexpr std::uint32_t BaseCircle = 256;  // of TL0PICIDX

// Layers count only where TL0PICIDX comes with them: RFC 7741 §4.2 wants both.
bool has_layers(const Vp8Descriptor& descriptor) {
  return descriptor.temporal_layer.has_value() && descriptor.tl0_index.has_value();
}

std::uint8_t layer_of(const Vp8Descriptor& descriptor) {
  return has_layers(descriptor) ? *descriptor.temporal_layer : std::uint8_t{0};
}

}  // namespace

void Vp8References::reset() { *this = Vp8References(); }

void Vp8References::see(const Vp8Descriptor& descriptor) {
  missing_ = 0;
  frames_missing_ = false;
  if (hole_ > 0) settle_hole(descriptor);
  hole_ = 0;
  last_seen_ = descriptor;
  last_seen_->payload = {};
}

void Vp8References::settle_hole(const Vp8Descriptor& descriptor) {
  if (!last_seen_) return;
  // A lost packet holds one frame at most: fewer than a circle of them cannot bring the same index again.
  const auto circle = static_cast<std::uint32_t>(picture_circle(*last_seen_, descriptor));
  const auto step = picture_distance(*last_seen_, descriptor);
  if (step && *step <= 1 && hole_ < circle - 1) return;
  frames_missing_ = true;
  if (step && *step > 1) missing_ = *step - 1;
  layer_intact_.fill(false);
  // With layers, TL0PICIDX of what follows tells about layer 0.
  if (!has_layers(descriptor) || !base_index_ || hole_ >= BaseCircle - 1) base_intact_ = false;
}

bool Vp8References::layers_intact(const Vp8Descriptor& descriptor) const {
  if (!base_intact_) return false;
  if (descriptor.key_index && key_index_ && *descriptor.key_index != *key_index_) return false;
  if (!has_layers(descriptor) || !base_index_) return true;
  const std::uint8_t layer = layer_of(descriptor);
  const auto base_step = static_cast<std::uint8_t>(*descriptor.tl0_index - *base_index_);
  if (base_step != (layer == 0 ? 1 : 0)) return false;
  if (descriptor.layer_sync) return true;
  for (std::size_t lower = 1; lower <= layer; ++lower)
    if (!layer_intact_[lower]) return false;
  return true;
}

bool Vp8References::take_if_decodable(const Vp8Descriptor& descriptor, bool key) {
  if (!key && !layers_intact(descriptor)) {
    lose(descriptor, false);
    return false;
  }
  if (key) {
    any_key_ = base_intact_ = true;
    layer_intact_.fill(true);
    key_index_ = descriptor.key_index;
    base_index_.reset();
  }
  const std::uint8_t layer = layer_of(descriptor);
  if (layer == 0 && descriptor.tl0_index) base_index_ = descriptor.tl0_index;
  if (layer > 0 && descriptor.layer_sync) layer_intact_[layer] = true;
  return true;
}

void Vp8References::lose(const Vp8Descriptor& descriptor, bool leaves_nothing) {
  if (descriptor.non_reference || leaves_nothing) {
    // It counts in TL0PICIDX all the same.
    const bool next_base = has_layers(descriptor) && layer_of(descriptor) == 0 && base_index_ &&
                           *descriptor.tl0_index == static_cast<std::uint8_t>(*base_index_ + 1);
    if (next_base) base_index_ = descriptor.tl0_index;
    return;
  }
  for (std::size_t layer = layer_of(descriptor); layer < Layers; ++layer) layer_intact_[layer] = false;
  if (layer_of(descriptor) == 0) base_intact_ = false;
}

}  // namespace greffe::depacketizer
