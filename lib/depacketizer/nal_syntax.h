// What NalDepacketizer asks of a codec that is made of NAL units. H.264 and H.265 answer.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/coded_frame.h"
#include "media/recovery_point.h"

namespace greffe::depacketizer {

// A unit in an RTP payload, or a fragment of one. Views into the payload.
struct NalPart {
  Bytes bytes;
  // Of fragments only: the unit's header, which its fragments carry in another form.
  std::array<std::uint8_t, 2> header{};
  bool fragment = false;
  bool starts = true;  // the unit
  bool ends = true;
};

// What is wrong with a payload, or with what follows its good parts.
struct PayloadTrouble {
  std::string_view condition;  // of damage
  std::string why;
  bool loses_media = true;  // false: nothing is missing from the frame
};

enum class NalKind : std::uint8_t { Slice, ParameterSet, Delimiter, Other };

struct SliceFacts {
  bool key = false;               // of an IDR picture, or of a random access point of H.265
  bool clean_key = true;          // of key frames: nothing after it in the file refers to what lies before it
  bool first_of_picture = false;  // the picture begins here, as far as the codec says so
  bool leading = false;           // refers to what lies before the last random access point (H.265 RASL)
  bool droppable = false;         // no other picture refers to this one
  bool any_order = false;         // of key frames: slices come in any order, so none proves the beginning
  int pps_id = 0;
};

// A parameter set as it came. Ranks count from the top: 0 SPS, 1 PPS for H.264; 0 VPS, 1 SPS, 2 PPS for
// H.265.
struct ParameterSet {
  int rank = 0;
  int id = 0;
  std::optional<int> parent;               // id of the set one rank above that it needs
  std::optional<media::PictureSize> size;  // that an SPS declares
  std::vector<std::uint8_t> bytes;         // the whole unit
};
// The newest of each rank and id.
using ParameterSets = std::map<std::pair<int, int>, ParameterSet>;

class NalSyntax {
 public:
  virtual ~NalSyntax() = default;
  virtual media::CodecId codec() const = 0;
  virtual std::size_t header_bytes() const = 0;
  virtual int lowest_rank() const = 0;  // of the sets that slices name
  // Appends the parts of one payload (not empty). Good ones before the trouble are kept.
  virtual std::optional<PayloadTrouble> unpack(Bytes payload, std::vector<NalPart>& parts) = 0;
  // Of a unit that has its header.
  virtual NalKind kind_of(Bytes unit) const = 0;
  // Fail where the unit is cut or a number out of range.
  virtual Result<SliceFacts> read_slice(Bytes unit, const ParameterSets& sets) const = 0;
  virtual Result<ParameterSet> read_set(Bytes unit) const = 0;
  // Of a unit of another kind: where decoding may begin without a key frame.
  virtual std::optional<media::RecoveryPoint> find_recovery_point(Bytes unit) const = 0;
  // The record for Matroska. `chain` has one set of each rank: what the first frame needs. All of `sets` go
  // in.
  virtual std::vector<std::uint8_t> codec_private(const std::vector<const ParameterSet*>& chain,
                                                  const ParameterSets& sets) const = 0;
  // Units in SDP's format parameters (sprop-…), in order; what is no base64 is left out.
  virtual std::vector<std::vector<std::uint8_t>> units_of(std::string_view format_parameters) const = 0;
};

// `format_parameters` as in SDP (a=fmtp without the type); may be empty.
std::unique_ptr<NalSyntax> make_h264_syntax();
std::unique_ptr<NalSyntax> make_h265_syntax(std::string_view format_parameters);

}  // namespace greffe::depacketizer
