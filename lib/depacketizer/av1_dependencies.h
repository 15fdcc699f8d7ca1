// The dependency descriptor, a header extension that says of each frame which ones it is predicted from (RTP
// Payload Format For AV1, Appendix A).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bit_reader.h"
#include "base/byte_reader.h"

namespace greffe::depacketizer {

// What a sender says of the frame in a packet.
struct Av1Dependencies {
  bool starts_frame = false;
  bool ends_frame = false;
  std::uint16_t number = 0;  // frame_number; wraps
  std::uint8_t spatial_layer = 0;
  std::uint8_t temporal_layer = 0;
  std::uint8_t references = 0;
  std::array<std::uint16_t, 8> distances{};  // frame_fdiff: frames back
};

// Reads the descriptors of one track, in order: the structure they share comes with key frames only.
class Av1DependencyReader {
 public:
  void reset() { templates_.clear(); }
  // nullopt when it is cut, its structure is not known, or it names more than eight references.
  std::optional<Av1Dependencies> read(Bytes descriptor);

 private:
  struct Template {
    std::uint8_t spatial_layer = 0;
    std::uint8_t temporal_layer = 0;
    std::uint8_t references = 0;
    std::array<std::uint16_t, 8> distances{};
  };
  bool read_structure(BitReader& reader);
  bool read_layers(BitReader& reader);
  bool read_distances(BitReader& reader);
  void skip_chains(BitReader& reader);

  std::vector<Template> templates_;  // 64 at most
  std::uint8_t id_offset_ = 0;
  std::uint8_t decode_targets_ = 0;  // 1…32
};

}  // namespace greffe::depacketizer
