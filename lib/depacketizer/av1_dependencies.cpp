#include "depacketizer/av1_dependencies.h"

#include <bit>

namespace greffe::depacketizer {
namespace {

constexpr std::size_t MostTemplates = 64;

// ns(n), AV1 specification §4.10.7: a number below `count`.
std::uint32_t read_below(BitReader& reader, std::uint32_t count) {
  if (count == 0) return 0;
  const auto width = static_cast<unsigned>(std::bit_width(count));
  const std::uint32_t short_ones = (1u << width) - count;
  const std::uint32_t value = reader.bits(width - 1);
  return value < short_ones ? value : (value << 1) - short_ones + reader.bits(1);
}

}  // namespace

// template_layers(): next_layer_idc 0 same layer, 1 next temporal, 2 next spatial layer, 3 the end.
bool Av1DependencyReader::read_layers(BitReader& reader) {
  Template layer;
  std::uint32_t next = 0;
  do {
    if (templates_.size() == MostTemplates) return false;
    templates_.push_back(layer);
    next = reader.bits(2);
    if (next == 1) ++layer.temporal_layer;
    if (next == 2) ++layer.spatial_layer, layer.temporal_layer = 0;
  } while (next != 3 && !reader.failed());
  return !reader.failed();
}

bool Av1DependencyReader::read_distances(BitReader& reader) {
  for (Template& layer : templates_) {
    while (reader.flag()) {
      const std::uint32_t distance = reader.bits(4) + 1;
      if (layer.references == layer.distances.size()) return false;
      layer.distances[layer.references++] = static_cast<std::uint16_t>(distance);
    }
  }
  return !reader.failed();
}

void Av1DependencyReader::skip_chains(BitReader& reader) {
  const std::uint32_t chains = read_below(reader, decode_targets_ + 1u);
  if (chains == 0) return;
  for (std::size_t target = 0; target < decode_targets_; ++target) read_below(reader, chains);
  reader.skip(4 * chains * templates_.size());
}

bool Av1DependencyReader::read_structure(BitReader& reader) {
  templates_.clear();
  id_offset_ = static_cast<std::uint8_t>(reader.bits(6));
  decode_targets_ = static_cast<std::uint8_t>(reader.bits(5) + 1);
  if (!read_layers(reader)) return false;
  reader.skip(2 * decode_targets_ * templates_.size());
  if (!read_distances(reader)) return false;
  skip_chains(reader);
  if (reader.flag()) reader.skip(std::size_t{32} * (templates_.back().spatial_layer + 1u));
  return !reader.failed();
}

std::optional<Av1Dependencies> Av1DependencyReader::read(Bytes descriptor) {
  BitReader reader(descriptor);
  Av1Dependencies frame{.starts_frame = reader.flag(), .ends_frame = reader.flag()};
  const std::uint32_t id = reader.bits(6);
  frame.number = static_cast<std::uint16_t>(reader.bits(16));
  bool has_targets = false, custom_targets = false, custom_distances = false;
  if (descriptor.size() > 3) {
    const bool has_structure = reader.flag();
    has_targets = reader.flag();
    custom_targets = reader.flag();
    custom_distances = reader.flag();
    reader.skip(1);  // custom_chains_flag
    if (has_structure && !read_structure(reader)) templates_.clear();
  }
  const std::size_t index = (id + 64u - id_offset_) % 64u;
  if (reader.failed() || index >= templates_.size()) return std::nullopt;
  if (has_targets) reader.skip(decode_targets_);
  if (custom_targets) reader.skip(std::size_t{2} * decode_targets_);
  const Template& layer = templates_[index];
  frame.spatial_layer = layer.spatial_layer;
  frame.temporal_layer = layer.temporal_layer;
  frame.references = custom_distances ? std::uint8_t{0} : layer.references;
  if (!custom_distances) frame.distances = layer.distances;
  while (custom_distances) {
    const unsigned width = 4 * reader.bits(2);
    if (width == 0) break;
    if (frame.references == frame.distances.size()) return std::nullopt;
    frame.distances[frame.references++] = static_cast<std::uint16_t>(reader.bits(width) + 1);
  }
  if (reader.failed()) return std::nullopt;
  return frame;
}

}  // namespace greffe::depacketizer
