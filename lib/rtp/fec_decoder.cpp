#include "rtp/fec_decoder.h"

#include <algorithm>
#include <utility>

namespace greffe::rtp {
namespace {

constexpr std::size_t FixedHeader = 12;
constexpr std::int64_t MostApart = 1000;  // in numbers: an old sum must not meet its numbers a cycle later

void add_octets(std::vector<std::uint8_t>& sum, Bytes bytes) {
  for (std::size_t i = 0; i < std::min(sum.size(), bytes.size()); ++i) sum[i] ^= bytes[i];
}

void append(std::vector<std::uint8_t>& bytes, std::uint32_t value, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

FecDecoder::FecDecoder(ReceivedPacketSource& source, Protection protection, std::string place,
                       DamageLog& damage)
    : source_(source),
      protection_(std::move(protection)),
      place_(std::move(place)),
      damage_(damage),
      known_(MostKnown) {}

Result<ReceivedPacket*> FecDecoder::next() {
  if (std::exchange(lent_, false)) rebuilt_.pop_front();
  while (rebuilt_.empty()) {
    GREFFE_TRY(ReceivedPacket* const received, source_.next());
    if (received == nullptr) return nullptr;
    if (passes(*received)) return received;
  }
  lent_ = true;
  const Rebuilt& front = rebuilt_.front();
  given_ = {.parsed = {},
            .arrival = front.arrival,
            .position = front.position,
            .recovered = true,
            .recording = recording_};
  GREFFE_CHECK(parse_packet(front.bytes, given_.parsed));
  return &given_;
}

// False for a packet of another stream. What it makes known is left in rebuilt_.
bool FecDecoder::passes(ReceivedPacket& received) {
  RtpPacket& packet = received.parsed.packet;
  if (std::exchange(recording_, received.recording) != received.recording) forget_all();
  if ((received.from_beside ? protection_.beside : protection_.flexfec).contains(packet.ssrc)) {
    take_fec(received, true);
    return false;
  }
  if (ssrc_ != packet.ssrc) forget_all();
  ssrc_ = packet.ssrc;
  if (packet.payload_type == protection_.ulpfec) {
    take_fec(received, false);
    packet.payload = {};
    return true;
  }
  latest_ = packet.sequence;
  remember(received);
  rebuild();
  return true;
}

void FecDecoder::take_fec(const ReceivedPacket& received, bool flexible) {
  const RtpPacket& packet = received.parsed.packet;
  if (!received.recovered) ++counts_.packets;
  if (packet.payload.empty() || received.cut) return;
  const auto fec = flexible ? parse_flexfec(packet) : parse_ulpfec(packet.payload);
  if (!fec) {
    ++counts_.unusable;
    damage_.add({.condition = "fec-malformed",
                 .place = place_,
                 .unit = "packets",
                 .position = static_cast<std::int64_t>(received.position),
                 .text = fmt::format("packet {} at byte {}: {}: left out", packet.sequence.value,
                                     received.position, fec.error().message())});
    return;
  }
  if (fec->ssrc && fec->ssrc != ssrc_) return;
  if (waiting_.size() == MostWaiting) waiting_.pop_front();
  Waiting& waiting = waiting_.emplace_back();
  waiting.bytes.assign(packet.payload.begin(), packet.payload.end());
  waiting.fec = *fec;
  const auto header = static_cast<std::size_t>(fec->sum.data() - packet.payload.data());
  waiting.fec.sum = Bytes(waiting.bytes).subspan(header, fec->sum.size());
  waiting.arrival = received.arrival;
  waiting.position = received.position;
  rebuild();
}

void FecDecoder::remember(const ReceivedPacket& received) {
  const RtpPacket& packet = received.parsed.packet;
  Known& known = slot(packet.sequence);
  if (known.seen && known.sequence == packet.sequence && known.summable) return;
  const Bytes header = received.parsed.header;
  known.seen = true;
  known.sequence = packet.sequence;
  known.summable = header.size() >= FixedHeader && !received.cut && !received.parsed.padding_wrong;
  if (!received.recovered) types_.at(packet.payload_type.value) = true;
  if (!known.summable) return;
  known.first_octet = header[0];
  known.second_octet = static_cast<std::uint8_t>(packet.payload_type.value | (packet.marker ? 0x80u : 0u));
  known.timestamp = packet.timestamp.value;
  known.rest.assign(header.begin() + FixedHeader, header.end());
  known.rest.insert(known.rest.end(), packet.payload.begin(), packet.payload.end());
  if (packet.padding_bytes == 0) return;
  known.rest.resize(known.rest.size() + packet.padding_bytes, 0);
  known.rest.back() = static_cast<std::uint8_t>(packet.padding_bytes);
}

const FecDecoder::Known* FecDecoder::find(SequenceNumber sequence) const {
  const Known& known = known_.at(sequence.value % MostKnown);
  return known.seen && known.sequence == sequence ? &known : nullptr;
}

void FecDecoder::forget_all() {
  for (Known& known : known_) known.seen = false;
  waiting_.clear();
}

// A rebuilt packet may be the one that another sum lacks: round again, until nothing is gained. Each round
// settles at least one of at most 64.
void FecDecoder::rebuild() {
  bool gained = true;
  while (gained) {
    gained = false;
    for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
      const std::uint64_t before = counts_.rebuilt;
      const bool settled = try_rebuild(*waiting);
      gained = gained || counts_.rebuilt > before;
      waiting = settled ? waiting_.erase(waiting) : std::next(waiting);
    }
  }
}

// True when the packet is of no more use: all that it protects is known, or was rebuilt.
bool FecDecoder::try_rebuild(const Waiting& waiting) {
  const FecPacket& fec = waiting.fec;
  if (std::abs(distance(fec.base, latest_)) > MostApart) return true;
  std::optional<SequenceNumber> missing;
  bool summable = true;
  for (const std::uint16_t offset : fec.protected_offsets()) {
    const SequenceNumber number{static_cast<std::uint16_t>(fec.base.value + offset)};
    const Known* known = find(number);
    if (known == nullptr) {
      if (missing) return false;
      missing = number;
    } else {
      summable = summable && known->summable;
    }
  }
  if (!missing) return true;
  if (!summable) return false;
  Known sum{.sequence = *missing,
            .first_octet = fec.first_octet,
            .second_octet = fec.second_octet,
            .timestamp = fec.timestamp,
            .rest = {fec.sum.begin(), fec.sum.end()}};
  std::uint16_t length = fec.length;
  for (const std::uint16_t offset : fec.protected_offsets()) {
    const Known* known = find(SequenceNumber{static_cast<std::uint16_t>(fec.base.value + offset)});
    if (known == nullptr) continue;
    sum.first_octet ^= known->first_octet;
    sum.second_octet ^= known->second_octet;
    sum.timestamp ^= known->timestamp;
    length = static_cast<std::uint16_t>(length ^ known->rest.size());
    add_octets(sum.rest, known->rest);
  }
  const bool whole = length <= sum.rest.size();
  if (whole) sum.rest.resize(length);
  if (whole && finish(waiting, std::move(sum))) return true;
  damage_.add(
      {.condition = "fec-mismatch",
       .place = place_,
       .unit = "packets",
       .position = static_cast<std::int64_t>(waiting.position),
       .text = fmt::format("error correction at byte {} gives no packet of the track", waiting.position)});
  return true;
}

// Puts the header in front. False when the sum is no packet of the track: then something else was summed.
bool FecDecoder::finish(const Waiting& waiting, Known sum) {
  Rebuilt rebuilt{.bytes = {}, .arrival = waiting.arrival, .position = waiting.position};
  rebuilt.bytes.reserve(FixedHeader + sum.rest.size());
  append(rebuilt.bytes, 0x80u | (sum.first_octet & 0x3fu), 1);
  append(rebuilt.bytes, sum.second_octet, 1);
  append(rebuilt.bytes, sum.sequence.value, 2);
  append(rebuilt.bytes, sum.timestamp, 4);
  append(rebuilt.bytes, ssrc_->value, 4);
  rebuilt.bytes.insert(rebuilt.bytes.end(), sum.rest.begin(), sum.rest.end());
  const auto parsed = parse_packet(rebuilt.bytes);
  if (!parsed || parsed->extension_overrun || parsed->padding_wrong ||
      !types_.at(parsed->packet.payload_type.value))
    return false;
  remember({.parsed = *parsed, .arrival = waiting.arrival, .recovered = true});
  rebuilt_.push_back(std::move(rebuilt));
  ++counts_.rebuilt;
  return true;
}

}  // namespace greffe::rtp
