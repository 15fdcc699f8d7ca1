// What holds for H.264 and H.265 whatever the packets: no frame comes out empty, its units fill it, the first
// is a key frame, key frames have an allowed size, and CodecPrivate is there and can be read.
#pragma once

#include <cstdlib>
#include <string>

#include "depacketizer/depacketizer.h"
#include "depacketizer/format_parameters.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "media/nal_unit.h"
#include "packet_script.h"
#include "rtp/jitter_buffer.h"

namespace greffe::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void require_whole(const media::CodedFrame& frame, std::size_t header_bytes) {
  require(!frame.bytes.empty());
  media::NalUnits units(frame.bytes);
  while (const auto unit = units.next()) require(unit->size() >= header_bytes);
  require(!units.failed());
}

// The script: length 8 of format parameters, these, then packets as packet_script.h has them.
inline void depacketize(media::CodecId codec, Bytes script) {
  ByteReader reader(script);
  const Bytes text = reader.take(std::min<std::size_t>(reader.u8(), reader.remaining()));
  const std::string format(text.begin(), text.end());
  ScriptedPackets source(reader.rest());
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}}, damage);
  const auto depacketizer = depacketizer::make_depacketizer(codec, buffer,
                                                            {.place = "track",
                                                             .extensions = {},
                                                             .payload_types = {{PayloadType{96}, codec}},
                                                             .format_parameters = format},
                                                            damage);
  require(depacketizer.has_value());
  std::vector<std::uint8_t> codec_private;
  std::optional<std::uint32_t> segment;
  for (;;) {
    const auto given = (*depacketizer)->next();
    require(given.has_value());
    if (!*given) return;
    const media::CodedFrame& frame = (*given)->frame;
    require_whole(frame, codec == media::CodecId::H264 ? 1 : 2);
    require(frame.key == frame.size.has_value());
    require(frame.key || segment == (*given)->segment);
    if (frame.size)
      require(frame.size->width_px > 0 && frame.size->width_px <= 8192 && frame.size->height_px > 0 &&
              frame.size->height_px <= 8192);
    if (!segment) codec_private = (*depacketizer)->codec_private();
    require(!codec_private.empty() && codec_private == (*depacketizer)->codec_private());
    const auto sps =
        codec == media::CodecId::H264 ? media::sps_of_avcc(codec_private) : media::sps_of_hvcc(codec_private);
    require(sps && !sps->empty());
    segment = (*given)->segment;
  }
}

}  // namespace greffe::fuzz
