// H.264 in RTP (RFC 6184), packetization modes 0 and 1.
#include "depacketizer/format_parameters.h"
#include "depacketizer/nal_syntax.h"
#include "media/h264_headers.h"

namespace greffe::depacketizer {
namespace {

using media::H264UnitType;

// RFC 6184 §5.2, Table 1: 1 … 23 are units, these are packets of another shape.
enum PacketType : std::uint8_t { StapA = 24, StapB = 25, Mtap16 = 26, Mtap24 = 27, FuA = 28, FuB = 29 };
constexpr int SpsRank = 0;
constexpr int PpsRank = 1;

PayloadTrouble malformed(std::string why) { return {"packet-malformed", std::move(why)}; }

bool is_unit_type(unsigned type) { return type >= 1 && type <= 23; }

class H264Syntax final : public NalSyntax {
 public:
  media::CodecId codec() const override { return media::CodecId::H264; }
  std::size_t header_bytes() const override { return 1; }
  int lowest_rank() const override { return PpsRank; }
  std::optional<PayloadTrouble> unpack(Bytes payload, std::vector<NalPart>& parts) override;
  NalKind kind_of(Bytes unit) const override;
  Result<SliceFacts> read_slice(Bytes unit, const ParameterSets& sets) const override;
  Result<ParameterSet> read_set(Bytes unit) const override;
  std::optional<media::RecoveryPoint> find_recovery_point(Bytes unit) const override {
    return media::find_h264_recovery_point(unit);
  }
  std::vector<std::uint8_t> codec_private(const std::vector<const ParameterSet*>& chain,
                                          const ParameterSets& sets) const override;
  std::vector<std::vector<std::uint8_t>> units_of(std::string_view format_parameters) const override {
    return decode_units(find_parameter(format_parameters, "sprop-parameter-sets").value_or(""));
  }

 private:
  static std::optional<PayloadTrouble> unpack_aggregate(Bytes payload, std::vector<NalPart>& parts);
  static std::optional<PayloadTrouble> unpack_fragment(Bytes payload, std::vector<NalPart>& parts);
};

//  0 1 2 3 4 5 6 7      §5.3: F must be 0, NRI is 0 for what no other picture refers to.
// +-+-+-+-+-+-+-+-+
// |F|NRI|  Type   |
// +-+-+-+-+-+-+-+-+
std::optional<PayloadTrouble> H264Syntax::unpack(Bytes payload, std::vector<NalPart>& parts) {
  const unsigned type = payload.front() & 0x1Fu;
  if ((payload.front() & 0x80) != 0) return malformed("the forbidden bit is set");
  switch (type) {
    case StapA: return unpack_aggregate(payload.subspan(1), parts);
    case FuA: return unpack_fragment(payload, parts);
    case StapB:
    case Mtap16:
    case Mtap24:
    case FuB:
      return PayloadTrouble{"packet-interleaved", fmt::format("packets of type {} are not read", type)};
    default: break;
  }
  if (!is_unit_type(type)) return malformed(fmt::format("type {} means nothing", type));
  parts.push_back({.bytes = payload});
  return std::nullopt;
}

// §5.7.1: after the header, each unit behind its size in 16 bits (R41).
std::optional<PayloadTrouble> H264Syntax::unpack_aggregate(Bytes payload, std::vector<NalPart>& parts) {
  std::optional<PayloadTrouble> trouble;
  if (payload.empty()) return malformed("an aggregate of nothing");
  ByteReader reader(payload);
  while (reader.remaining() > 0) {
    const std::uint16_t size = reader.u16();
    const Bytes unit = reader.take(size);
    if (reader.failed()) return malformed("a unit of an aggregate runs past its end");
    if (unit.empty()) {
      trouble = {"packet-malformed", "a unit of an aggregate is empty", false};
    } else if (!is_unit_type(unit.front() & 0x1Fu) || (unit.front() & 0x80) != 0) {
      return malformed("what an aggregate holds is no unit");
    } else {
      parts.push_back({.bytes = unit});
    }
  }
  return trouble;
}

//  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7     §5.8: F and NRI of the unit are in the indicator, its type in the FU
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+    header. S: its first fragment, E: its last (R42).
// |F|NRI|  28     |S|E|R|  Type   |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<PayloadTrouble> H264Syntax::unpack_fragment(Bytes payload, std::vector<NalPart>& parts) {
  if (payload.size() < 2) return malformed("a fragment without its header");
  const std::uint8_t indicator = payload[0];
  const std::uint8_t header = payload[1];
  if (!is_unit_type(header & 0x1Fu)) return malformed("a fragment of no unit");
  NalPart part{.bytes = payload.subspan(2), .fragment = true};
  part.header[0] = static_cast<std::uint8_t>((indicator & 0xE0) | (header & 0x1F));
  part.starts = (header & 0x80) != 0;
  part.ends = (header & 0x40) != 0;
  parts.push_back(part);
  return std::nullopt;
}

NalKind H264Syntax::kind_of(Bytes unit) const {
  switch (static_cast<H264UnitType>(media::h264_unit_type(unit))) {
    case H264UnitType::Slice:
    case H264UnitType::PartitionA:
    case H264UnitType::IdrSlice: return NalKind::Slice;
    case H264UnitType::Sps:
    case H264UnitType::Pps: return NalKind::ParameterSet;
    case H264UnitType::Delimiter: return NalKind::Delimiter;
    default: return NalKind::Other;  // SEI, ends, fillers, partitions B and C, extensions
  }
}

// Only IDR pictures are key frames by themselves.
Result<SliceFacts> H264Syntax::read_slice(Bytes unit, const ParameterSets& sets) const {
  GREFFE_TRY(const auto header, media::parse_h264_slice_header(unit));
  SliceFacts facts{.pps_id = header.pps_id};
  facts.key = media::h264_unit_type(unit) == static_cast<std::uint8_t>(H264UnitType::IdrSlice);
  facts.first_of_picture = header.first_macroblock == 0;
  facts.droppable = (unit.front() & 0x60) == 0;
  if (!facts.key) return facts;
  const auto pps = sets.find({PpsRank, header.pps_id});
  const auto set = pps == sets.end() ? sets.end() : sets.find({SpsRank, pps->second.parent.value_or(0)});
  if (set == sets.end()) return facts;
  const auto sps = media::parse_h264_sps(set->second.bytes);
  facts.any_order = sps && sps->any_slice_order();
  return facts;
}

Result<ParameterSet> H264Syntax::read_set(Bytes unit) const {
  ParameterSet set{.bytes = {unit.begin(), unit.end()}};
  if (media::h264_unit_type(unit) == static_cast<std::uint8_t>(H264UnitType::Sps)) {
    GREFFE_TRY(const auto sps, media::parse_h264_sps(unit));
    set.rank = SpsRank;
    set.id = sps.id;
    set.size = sps.size;
  } else {
    GREFFE_TRY(const auto pps, media::parse_h264_pps(unit));
    set.rank = PpsRank;
    set.id = pps.id;
    set.parent = pps.sps_id;
  }
  return set;
}

std::vector<std::uint8_t> H264Syntax::codec_private(const std::vector<const ParameterSet*>& chain,
                                                    const ParameterSets& sets) const {
  const auto first = media::parse_h264_sps(chain[SpsRank]->bytes);
  if (!first) return {};
  // The first SPS is the one the first frame needs: readers that look at one only take that.
  std::vector<Bytes> sps{chain[SpsRank]->bytes};
  std::vector<Bytes> pps;
  for (const auto& [key, set] : sets) {
    if (set.rank == PpsRank && pps.size() < 255) pps.emplace_back(set.bytes);
    if (set.rank == SpsRank && set.id != chain[SpsRank]->id && sps.size() < 31) sps.emplace_back(set.bytes);
  }
  return media::avcc_of(*first, sps, pps);
}

}  // namespace

std::unique_ptr<NalSyntax> make_h264_syntax() { return std::make_unique<H264Syntax>(); }

}  // namespace greffe::depacketizer
