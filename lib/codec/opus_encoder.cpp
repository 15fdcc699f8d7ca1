#include "codec/opus_encoder.h"

#include <opus.h>

#include <algorithm>
#include <array>

namespace greffe::codec {
namespace {

constexpr int Rate = 48'000;
constexpr int Channels = 2;
constexpr int PacketLength = Rate / 50;
constexpr std::size_t PacketFloats = std::size_t{PacketLength} * Channels;

struct Closer {
  void operator()(::OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
};

}  // namespace

struct OpusEncoder::Parts {
  std::unique_ptr<::OpusEncoder, Closer> encoder;
  int lookahead = 0;
  std::int64_t taken = 0;       // input samples so far, padding not counted
  std::int64_t next_first = 0;  // of the next packet
  std::vector<float> waiting;   // less than a packet

  Result<OpusPacket> encode_packet(const float* stereo) {
    std::array<unsigned char, 4000> buffer{};
    const int size = opus_encode_float(encoder.get(), stereo, PacketLength, buffer.data(),
                                       static_cast<opus_int32>(buffer.size()));
    if (size < 0) return fail("Opus encoder: {}", opus_strerror(size));
    OpusPacket packet{next_first, PacketLength, {buffer.begin(), buffer.begin() + size}};
    next_first += PacketLength;
    return packet;
  }
};

OpusEncoder::OpusEncoder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
OpusEncoder::OpusEncoder(OpusEncoder&&) noexcept = default;
OpusEncoder& OpusEncoder::operator=(OpusEncoder&&) noexcept = default;
OpusEncoder::~OpusEncoder() = default;

Result<OpusEncoder> OpusEncoder::create(int bitrate_bps) {
  int error = OPUS_OK;
  auto parts = std::make_unique<Parts>();
  parts->encoder.reset(opus_encoder_create(Rate, Channels, OPUS_APPLICATION_AUDIO, &error));
  if (error != OPUS_OK) return fail("Opus encoder: {}", opus_strerror(error));
  ::OpusEncoder* encoder = parts->encoder.get();
  opus_int32 lookahead = 0;
  const bool set = opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bitrate_bps)) == OPUS_OK &&
                   opus_encoder_ctl(encoder, OPUS_SET_VBR(1)) == OPUS_OK &&
                   opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(9)) == OPUS_OK &&
                   opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(&lookahead)) == OPUS_OK;
  if (!set) return fail("Opus encoder: {} bit/s refused", bitrate_bps);
  parts->lookahead = lookahead;
  parts->next_first = -lookahead;
  return OpusEncoder(std::move(parts));
}

int OpusEncoder::lookahead() const { return parts_->lookahead; }

// RFC 7845 §5.1, numbers little-endian: "OpusHead", version 1, channels, pre-skip, input rate, gain 0,
// mapping 0.
std::vector<std::uint8_t> OpusEncoder::head(int pre_skip) const {
  const auto low = [](int value, int shift) { return static_cast<std::uint8_t>(value >> shift & 0xFF); };
  return {'O',
          'p',
          'u',
          's',
          'H',
          'e',
          'a',
          'd',
          1,
          Channels,
          low(pre_skip, 0),
          low(pre_skip, 8),
          low(Rate, 0),
          low(Rate, 8),
          low(Rate, 16),
          low(Rate, 24),
          0,
          0,
          0};
}

Result<std::vector<OpusPacket>> OpusEncoder::encode(std::span<const float> stereo) {
  Parts& parts = *parts_;
  parts.taken += static_cast<std::int64_t>(stereo.size() / Channels);
  parts.waiting.insert(parts.waiting.end(), stereo.begin(), stereo.end());
  std::vector<OpusPacket> packets;
  std::size_t used = 0;
  for (; parts.waiting.size() - used >= PacketFloats; used += PacketFloats) {
    GREFFE_TRY(OpusPacket packet, parts.encode_packet(parts.waiting.data() + used));
    packets.push_back(std::move(packet));
  }
  parts.waiting.erase(parts.waiting.begin(), parts.waiting.begin() + static_cast<std::ptrdiff_t>(used));
  return packets;
}

Result<std::vector<OpusPacket>> OpusEncoder::finish() {
  // A decoder has given sample n once packets up to n + lookahead are in.
  const std::int64_t end = parts_->taken;
  std::vector<OpusPacket> packets;
  while (parts_->next_first < end) {
    parts_->waiting.resize(PacketFloats);
    GREFFE_TRY(OpusPacket packet, parts_->encode_packet(parts_->waiting.data()));
    packets.push_back(std::move(packet));
    parts_->waiting.clear();
  }
  return packets;
}

}  // namespace greffe::codec
