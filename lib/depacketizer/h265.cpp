// H.265 in RTP (RFC 7798), in one stream (tx-mode SRST).

#include "base/parse.h"
#include "depacketizer/format_parameters.h"
#include "depacketizer/nal_syntax.h"
#include "media/h265_headers.h"
#include "units/rtp.h"

namespace greffe::depacketizer {
namespace {

using media::H265UnitType;

// RFC 7798 §4.4: 0 … 47 are units, these are packets of another shape.
enum PacketType : std::uint8_t { Aggregate = 48, Fragment = 49, Paci = 50 };
constexpr int VpsRank = 0;
constexpr int SpsRank = 1;
constexpr int PpsRank = 2;

PayloadTrouble malformed(std::string why) { return {"packet-malformed", std::move(why)}; }

bool is_within(std::uint8_t type, H265UnitType first, H265UnitType last) {
  return type >= static_cast<std::uint8_t>(first) && type <= static_cast<std::uint8_t>(last);
}

// Decoding order numbers are in the packets when the sender may change the order (RFC 7798 §7.1).
bool has_order_numbers(std::string_view format_parameters) {
  const auto text = find_parameter(format_parameters, "sprop-max-don-diff");
  return text && find_number<unsigned>(*text).value_or(0) > 0;
}

class H265Syntax final : public NalSyntax {
 public:
  explicit H265Syntax(std::string_view format_parameters)
      : order_bytes_(has_order_numbers(format_parameters) ? 2 : 0) {}

  media::CodecId codec() const override { return media::CodecId::H265; }
  std::size_t header_bytes() const override { return media::H265HeaderBytes; }
  int lowest_rank() const override { return PpsRank; }
  std::optional<PayloadTrouble> unpack(Bytes payload, std::vector<NalPart>& parts) override;
  NalKind kind_of(Bytes unit) const override;
  Result<SliceFacts> read_slice(Bytes unit, const ParameterSets& sets) const override;
  Result<ParameterSet> read_set(Bytes unit) const override;
  std::optional<media::RecoveryPoint> find_recovery_point(Bytes unit) const override {
    return media::find_h265_recovery_point(unit);
  }
  std::vector<std::uint8_t> codec_private(const std::vector<const ParameterSet*>& chain,
                                          const ParameterSets& sets) const override;
  std::vector<std::vector<std::uint8_t>> units_of(std::string_view format_parameters) const override;

 private:
  std::optional<PayloadTrouble> unpack_single(Bytes payload, std::vector<NalPart>& parts);
  std::optional<PayloadTrouble> unpack_aggregate(Bytes payload, std::vector<NalPart>& parts);
  std::optional<PayloadTrouble> unpack_fragment(Bytes payload, std::vector<NalPart>& parts);
  bool goes_on(std::uint16_t order);

  std::size_t order_bytes_;  // of DONL: 2 or 0
  std::optional<std::uint16_t> order_;
  std::vector<std::uint8_t> joined_;  // a unit whose header and rest were parted by DONL
};

//  0                   1
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5     §1.1.4
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |F|   Type    |  LayerId  | TID |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<PayloadTrouble> H265Syntax::unpack(Bytes payload, std::vector<NalPart>& parts) {
  if (payload.size() < header_bytes()) return malformed("a packet without a whole header");
  if ((payload.front() & 0x80) != 0) return malformed("the forbidden bit is set");
  const std::uint8_t type = media::h265_unit_type(payload);
  if (type < Aggregate) return unpack_single(payload, parts);
  if (type == Aggregate) return unpack_aggregate(payload, parts);
  if (type == Fragment) return unpack_fragment(payload, parts);
  if (type == Paci) return PayloadTrouble{"packet-unsupported", "PACI packets are not read"};
  return malformed(fmt::format("type {} means nothing", type));
}

// Senders that number units may give them in another order than they are decoded in (§4.5); greffe keeps the
// order of the packets, so a unit that should have come earlier is damage.
bool H265Syntax::goes_on(std::uint16_t order) {
  const bool forward = !order_ || wrapped_distance(*order_, order) >= 0;
  order_ = order;
  return forward;
}

// §4.4.1: the header, DONL when numbers are in use, the rest of the unit.
std::optional<PayloadTrouble> H265Syntax::unpack_single(Bytes payload, std::vector<NalPart>& parts) {
  if (order_bytes_ == 0) {
    parts.push_back({.bytes = payload});
    return std::nullopt;
  }
  ByteReader reader(payload.subspan(header_bytes()));
  const std::uint16_t order = reader.u16();
  if (reader.failed()) return malformed("a unit without its decoding order number");
  if (!goes_on(order)) return PayloadTrouble{"packet-interleaved", "units are not in decoding order"};
  const Bytes header = payload.first(header_bytes());
  joined_.assign(header.begin(), header.end());
  const Bytes rest = reader.rest();
  joined_.insert(joined_.end(), rest.begin(), rest.end());
  parts.push_back({.bytes = joined_});
  return std::nullopt;
}

// §4.4.2: behind the header, for each unit DONL (DOND of 8 bits from the second on), its size in 16 bits, and
// itself.
std::optional<PayloadTrouble> H265Syntax::unpack_aggregate(Bytes payload, std::vector<NalPart>& parts) {
  std::optional<PayloadTrouble> trouble;
  ByteReader reader(payload.subspan(header_bytes()));
  if (reader.remaining() == 0) return malformed("an aggregate of nothing");
  for (bool first = true; reader.remaining() > 0; first = false) {
    if (order_bytes_ > 0) {
      const int order = first ? reader.u16() : order_.value_or(0) + reader.u8() + 1;
      if (!goes_on(static_cast<std::uint16_t>(order)))
        return PayloadTrouble{"packet-interleaved", "units are not in decoding order"};
    }
    const std::uint16_t size = reader.u16();
    const Bytes unit = reader.take(size);
    if (reader.failed()) return malformed("a unit of an aggregate runs past its end");
    if (unit.empty()) {
      trouble = {"packet-malformed", "a unit of an aggregate is empty", false};
    } else if (unit.size() < header_bytes() || media::h265_unit_type(unit) >= Aggregate ||
               (unit.front() & 0x80) != 0) {
      return malformed("what an aggregate holds is no unit");
    } else {
      parts.push_back({.bytes = unit});
    }
  }
  return trouble;
}

//  0 1 2 3 4 5 6 7      §4.4.3, behind the packet's header, which but for the type is that of the unit. DONL
// +-+-+-+-+-+-+-+-+     follows in the first fragment.
// |S|E|   Type    |
// +-+-+-+-+-+-+-+-+
std::optional<PayloadTrouble> H265Syntax::unpack_fragment(Bytes payload, std::vector<NalPart>& parts) {
  ByteReader reader(payload.subspan(header_bytes()));
  const std::uint8_t header = reader.u8();
  NalPart part{.fragment = true, .starts = (header & 0x80) != 0, .ends = (header & 0x40) != 0};
  const auto type = static_cast<std::uint8_t>(header & 0x3F);
  if (part.starts && order_bytes_ > 0) {
    const std::uint16_t order = reader.u16();
    if (!reader.failed() && !goes_on(order))
      return PayloadTrouble{"packet-interleaved", "units are not in decoding order"};
  }
  if (reader.failed()) return malformed("a fragment without its header");
  if (type >= Aggregate) return malformed("a fragment of no unit");
  part.header = {static_cast<std::uint8_t>((payload[0] & 0x81) | type << 1), payload[1]};
  part.bytes = reader.rest();
  parts.push_back(part);
  return std::nullopt;
}

// Layers above the base (scalable and 3D extensions) are kept as they are: decoders of the base pass over
// them.
NalKind H265Syntax::kind_of(Bytes unit) const {
  const std::uint8_t type = media::h265_unit_type(unit);
  if (media::h265_layer_of(unit) > 0) return NalKind::Other;
  if (type <= static_cast<std::uint8_t>(H265UnitType::LastSlice)) return NalKind::Slice;
  if (is_within(type, H265UnitType::Vps, H265UnitType::Pps)) return NalKind::ParameterSet;
  return type == static_cast<std::uint8_t>(H265UnitType::Delimiter) ? NalKind::Delimiter : NalKind::Other;
}

// Pictures that lead a random access point in display (RASL) may refer to what lies before it. They exist
// only where pictures are reordered; there, of CRA pictures, only the one that decoding begins with is a key
// frame, and its RASL pictures are left out.
Result<SliceFacts> H265Syntax::read_slice(Bytes unit, const ParameterSets& sets) const {
  GREFFE_TRY(const auto header, media::parse_h265_slice_header(unit));
  const std::uint8_t type = media::h265_unit_type(unit);
  SliceFacts facts{.first_of_picture = header.first_of_picture, .pps_id = header.pps_id};
  facts.key = media::is_h265_random_access(type);
  facts.leading = is_within(type, H265UnitType::RaslN, H265UnitType::RaslR);
  if (type == static_cast<std::uint8_t>(H265UnitType::Cra)) {
    const auto pps = sets.find({PpsRank, header.pps_id});
    const auto set = pps == sets.end() ? sets.end() : sets.find({SpsRank, pps->second.parent.value_or(0)});
    if (set != sets.end()) {
      const auto sps = media::parse_h265_sps(set->second.bytes);
      facts.clean_key = sps && !sps->reorders;
    }
  }
  return facts;
}

Result<ParameterSet> H265Syntax::read_set(Bytes unit) const {
  ParameterSet set{.bytes = {unit.begin(), unit.end()}};
  const std::uint8_t type = media::h265_unit_type(unit);
  if (type == static_cast<std::uint8_t>(H265UnitType::Vps)) {
    GREFFE_TRY(set.id, media::parse_h265_vps_id(unit));
    set.rank = VpsRank;
  } else if (type == static_cast<std::uint8_t>(H265UnitType::Sps)) {
    GREFFE_TRY(const auto sps, media::parse_h265_sps(unit));
    set.rank = SpsRank;
    set.id = sps.id;
    set.parent = sps.vps_id;
    set.size = sps.size;
  } else {
    GREFFE_TRY(const auto pps, media::parse_h265_pps(unit));
    set.rank = PpsRank;
    set.id = pps.id;
    set.parent = pps.sps_id;
  }
  return set;
}

std::vector<std::uint8_t> H265Syntax::codec_private(const std::vector<const ParameterSet*>& chain,
                                                    const ParameterSets& sets) const {
  const auto first = media::parse_h265_sps(chain[SpsRank]->bytes);
  if (!first) return {};
  std::array<std::vector<Bytes>, 3> units;
  // The first SPS is the one the first frame needs: readers that look at one only take that.
  units[SpsRank].emplace_back(chain[SpsRank]->bytes);
  for (const auto& [key, set] : sets)
    if (set.rank != SpsRank || set.id != chain[SpsRank]->id)
      units[static_cast<std::size_t>(set.rank)].emplace_back(set.bytes);
  return media::hvcc_of(*first, units[VpsRank], units[SpsRank], units[PpsRank]);
}

std::vector<std::vector<std::uint8_t>> H265Syntax::units_of(std::string_view format_parameters) const {
  std::vector<std::vector<std::uint8_t>> units;
  for (const std::string_view name : {"sprop-vps", "sprop-sps", "sprop-pps"})
    for (auto& unit : decode_units(find_parameter(format_parameters, name).value_or("")))
      units.push_back(std::move(unit));
  return units;
}

}  // namespace

std::unique_ptr<NalSyntax> make_h265_syntax(std::string_view format_parameters) {
  return std::make_unique<H265Syntax>(format_parameters);
}

}  // namespace greffe::depacketizer
