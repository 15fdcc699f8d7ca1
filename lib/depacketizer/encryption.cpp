#include "depacketizer/encryption.h"

#include <algorithm>
#include <cmath>

#include "depacketizer/opus_packet.h"

namespace greffe::depacketizer {
namespace {

constexpr int FirstPackets = 1000;
constexpr int LeastPackets = 50;

bool is_octet_sound(media::CodecId codec) {
  return codec == media::CodecId::Pcmu || codec == media::CodecId::Pcma || codec == media::CodecId::G722;
}

// The first octet of these is a header with few values in use.
bool begins_with_header(media::CodecId codec) {
  switch (codec) {
    case media::CodecId::Opus:
    case media::CodecId::MultiOpus:
    case media::CodecId::Vp8:
    case media::CodecId::Vp9:
    case media::CodecId::H264:
    case media::CodecId::H265:
    case media::CodecId::Av1: return true;
    default: return false;
  }
}

}  // namespace

EncryptionWatch::EncryptionWatch(media::CodecId codec) : codec_(codec) {}

void EncryptionWatch::see(const rtp::OrderedPacket& packet) {
  const Bytes payload = packet.packet.payload;
  if (packets_ == FirstPackets || packet.cut || packet.recovered || payload.empty()) return;
  ++packets_;
  ++first_octets_[payload.front()];
  if (is_octet_sound(codec_))
    for (const std::uint8_t octet : payload) ++octets_[octet];
  if (codec_ == media::CodecId::Opus) see_duration(packet);
  if (media::facts_of(codec_).kind == media::Kind::Audio || packet.packet.marker) see_frame_end(payload);
}

void EncryptionWatch::see_duration(const rtp::OrderedPacket& packet) {
  const auto opus = parse_opus_packet(packet.packet.payload);
  if (next_sequence_ == packet.sequence && !packet.starts_segment) {
    ++steps_;
    // A pause makes the step longer than the packet (DTX); nothing makes it shorter.
    if (packet.ticks < next_ticks_) ++contradictions_;
  }
  if (!opus) {
    ++steps_;
    ++contradictions_;
    next_sequence_.reset();
    return;
  }
  next_sequence_ = packet.sequence + 1;
  next_ticks_ = packet.ticks + opus->duration_ticks;
}

//   ----------+------------+---------+------------+
//    … sealed | vector, IV | 12 / 16 | key number |
//   ----------+------------+---------+------------+
void EncryptionWatch::see_frame_end(Bytes payload) {
  ++frames_;
  if (payload.size() < 2) return;
  const std::uint8_t length = payload[payload.size() - 2];
  if ((length != 12 && length != 16) || payload.size() < std::size_t{length} + 3) return;
  std::array<std::uint8_t, 16> vector{};
  const Bytes bytes = payload.subspan(payload.size() - 2 - length, length);
  std::copy(bytes.begin(), bytes.end(), vector.begin());
  const bool first = vectors_ == 0;
  if (first || (vector != vector_ && payload.back() == key_)) ++vectors_;
  vector_ = vector;
  key_ = payload.back();
}

// n throws of a die with 256 faces show 256 (1 - (255/256)^n) of them, give or take a few. Clear packets show
// under 30, whatever n: what AV1's aggregation header and VP8's descriptor can be.
bool EncryptionWatch::first_octets_are_dice() const {
  if (!begins_with_header(codec_)) return false;
  const auto shown = std::count_if(first_octets_.begin(), first_octets_.end(), [](auto n) { return n > 0; });
  const double expected = 256 * (1 - std::pow(255.0 / 256, packets_));
  const auto most = *std::max_element(first_octets_.begin(), first_octets_.end());
  return static_cast<double>(shown) > 0.8 * expected && static_cast<int>(most) * 8 < packets_;
}

bool EncryptionWatch::durations_contradict() const {
  return codec_ != media::CodecId::Opus || (steps_ > 0 && contradictions_ * 4 > steps_);
}

// Chi-square of 255 degrees of freedom: 255 with a deviation of 22.6 for dice, thousands for sound.
bool EncryptionWatch::octets_are_even() const {
  constexpr double MostEven = 255 + 6 * 22.6;
  constexpr double LeastOctets = 4000;
  double octets = 0;
  for (const std::uint32_t count : octets_) octets += count;
  if (octets < LeastOctets) return false;
  double square = 0;
  for (const std::uint32_t count : octets_)
    square += (count - octets / 256) * (count - octets / 256) / (octets / 256);
  return square < MostEven;
}

bool EncryptionWatch::frames_end_with_vectors() const {
  constexpr int LeastFrames = 10;
  return frames_ >= LeastFrames && vectors_ * 10 > frames_ * 9;
}

std::optional<std::string> EncryptionWatch::verdict() const {
  if (packets_ < LeastPackets) return std::nullopt;
  if (frames_end_with_vectors())
    return "its frames end with an initialisation vector and a key number: encrypted end to end";
  if (octets_are_even()) return "its octets are spread evenly, as no sound's are: probably encrypted";
  if (first_octets_are_dice() && durations_contradict())
    return fmt::format("its packets begin with anything, not with headers of {}: probably encrypted",
                       media::facts_of(codec_).name);
  return std::nullopt;
}

}  // namespace greffe::depacketizer
