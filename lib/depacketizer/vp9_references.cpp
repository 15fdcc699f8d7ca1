#include "depacketizer/vp9_references.h"

#include <algorithm>

namespace greffe::depacketizer {
namespace {

std::uint8_t layer_bit(std::uint8_t layer) { return static_cast<std::uint8_t>(1u << layer); }

}  // namespace

void Vp9References::begin_picture(const Vp9Descriptor& descriptor) {
  ++picture_;
  layers_before_ = layers_;
  layers_ = 0;
  if (descriptor.picture_id)
    history_[*descriptor.picture_id % history_.size()] = {.picture_id = *descriptor.picture_id,
                                                          .picture = picture_};
}

void Vp9References::lose_unknown(std::uint8_t from_layer) {
  for (Slot& slot : slots_) slot.trusted_below = std::min(slot.trusted_below, from_layer);
  contexts_.fill(false);
  goes_on_ = false;
}

void Vp9References::lose(const media::Vp9FrameHeader& header) {
  if (header.existing) return;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot)
    if ((header.refreshed >> slot & 1) != 0) slots_[slot] = {};
  if (header.key || header.error_resilient || header.reset_context == 3) {
    contexts_.fill(false);
  } else if (header.intra_only && header.reset_context == 2) {
    contexts_[header.context] = false;
  }
  if (header.keeps_context) contexts_[header.intra() ? 0 : header.context] = false;
  goes_on_ = false;
}

media::PictureSize Vp9References::size_of(const media::Vp9FrameHeader& header) const {
  if (header.existing) return slots_[*header.existing].size;
  return header.size ? *header.size : slots_[header.references[header.size_reference]].size;
}

// VP9 specification §6.2: setup_past_independence() and what follows it, load_probs().
bool Vp9References::has_context(const media::Vp9FrameHeader& header) const {
  if (header.error_resilient) return true;
  if (!header.intra_only) return goes_on_ && contexts_[header.context];
  const bool resets_first = header.reset_context == 3 || (header.reset_context == 2 && header.context == 0);
  return resets_first || contexts_[0];
}

// The serial of the picture `back` pictures ago, when it was given in this frame's layer.
std::optional<std::uint64_t> Vp9References::find_given(const Vp9Descriptor& descriptor,
                                                       std::uint8_t back) const {
  const int circle = descriptor.picture_id_is_long ? 0x7fff : 0x7f;
  const auto id = static_cast<std::uint16_t>((*descriptor.picture_id - back) & circle);
  const Given& given = history_[id % history_.size()];
  const bool is_it = given.picture != 0 && given.picture_id == id && given.picture + back >= picture_;
  if (!is_it || (given.layers & layer_bit(descriptor.spatial_layer())) == 0) return std::nullopt;
  return given.picture;
}

// What the descriptor of an upper layer says it is predicted from was given.
bool Vp9References::has_claimed(const Vp9Descriptor& descriptor) const {
  const std::uint8_t layer = descriptor.spatial_layer();
  if (layer == 0) return true;
  const bool lower = (layers_ & layer_bit(static_cast<std::uint8_t>(layer - 1))) != 0;
  if (descriptor.layer->inter_layer && !lower) return false;
  if (!descriptor.inter_picture) return true;
  if (!descriptor.flexible) return (layers_before_ & layer_bit(layer)) != 0;
  if (!descriptor.picture_id) return true;
  return std::all_of(descriptor.distances.begin(), descriptor.distances.begin() + descriptor.references,
                     [&](std::uint8_t back) { return find_given(descriptor, back).has_value(); });
}

bool Vp9References::names(const media::Vp9FrameHeader& header, std::uint64_t picture,
                          std::uint8_t layer) const {
  return std::any_of(header.references.begin(), header.references.end(), [&](std::uint8_t reference) {
    const Slot& slot = slots_[reference];
    return slot.picture == picture && slot.layer == layer;
  });
}

// Rule 5.
bool Vp9References::names_claimed(const media::Vp9FrameHeader& header,
                                  const Vp9Descriptor& descriptor) const {
  const std::uint8_t layer = descriptor.spatial_layer();
  const bool inter_layer = descriptor.layer && descriptor.layer->inter_layer && layer > 0;
  if (!descriptor.inter_picture && !inter_layer) return false;
  if (inter_layer && !names(header, picture_, static_cast<std::uint8_t>(layer - 1))) return false;
  if (!descriptor.inter_picture) return true;
  if (!descriptor.flexible || !descriptor.picture_id) return false;
  return std::all_of(descriptor.distances.begin(), descriptor.distances.begin() + descriptor.references,
                     [&](std::uint8_t back) {
                       const auto picture = find_given(descriptor, back);
                       return picture && names(header, *picture, layer);
                     });
}

bool Vp9References::is_decodable(const media::Vp9FrameHeader& header, const Vp9Descriptor& descriptor) const {
  if (header.key) return true;
  if (!any_key_) return false;
  const std::uint8_t layer = descriptor.spatial_layer();
  if (header.existing) return trusts(*header.existing, layer);
  if (!has_context(header)) return false;
  if (header.intra_only) return true;
  if (!has_claimed(descriptor)) return false;
  const bool trusts_all = std::all_of(header.references.begin(), header.references.end(),
                                      [&](std::uint8_t slot) { return trusts(slot, layer); });
  return trusts_all || names_claimed(header, descriptor);
}

void Vp9References::take(const media::Vp9FrameHeader& header, const Vp9Descriptor& descriptor,
                         media::PictureSize size) {
  const std::uint8_t layer = descriptor.spatial_layer();
  layers_ = static_cast<std::uint8_t>(layers_ | layer_bit(layer));
  if (descriptor.picture_id)
    history_[*descriptor.picture_id % history_.size()] = {*descriptor.picture_id, picture_, layers_};
  if (header.existing) return;
  any_key_ = any_key_ || header.key;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot)
    if ((header.refreshed >> slot & 1) != 0) slots_[slot] = {AllLayers, layer, picture_, size};
  if (header.key || header.error_resilient || header.reset_context == 3) {
    contexts_.fill(true);
  } else if (header.intra_only && header.reset_context == 2) {
    contexts_[header.context] = true;
  }
  if (header.keeps_context) contexts_[header.intra() ? 0 : header.context] = true;
  if (header.intra() || header.error_resilient) goes_on_ = true;
}

}  // namespace greffe::depacketizer
