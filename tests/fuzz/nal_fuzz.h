// What holds for H.264 and H.265 whatever the packets, beyond packet_script.h: units fill a frame, and
// CodecPrivate is there, can be read and does not change.
#pragma once

#include <algorithm>
#include <string>

#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "media/nal_unit.h"
#include "packet_script.h"

namespace greffe::fuzz {

inline void require_whole(const media::CodedFrame& frame, std::size_t header_bytes) {
  media::NalUnits units(frame.bytes);
  while (const auto unit = units.next()) require(unit->size() >= header_bytes);
  require(!units.failed());
}

// The script: length 8 of format parameters, these, then packets as packet_script.h has them.
inline void depacketize(media::CodecId codec, Bytes script) {
  ByteReader reader(script);
  const Bytes text = reader.take(std::min<std::size_t>(reader.u8(), reader.remaining()));
  const std::string format(text.begin(), text.end());
  std::vector<std::uint8_t> codec_private;
  const auto check = [&](const media::CodedFrame& frame, const depacketizer::Depacketizer& depacketizer) {
    require_whole(frame, codec == media::CodecId::H264 ? 1 : 2);
    if (codec_private.empty()) codec_private = depacketizer.codec_private();
    require(!codec_private.empty() && codec_private == depacketizer.codec_private());
    const auto sps =
        codec == media::CodecId::H264 ? media::sps_of_avcc(codec_private) : media::sps_of_hvcc(codec_private);
    require(sps && !sps->empty());
  };
  read_frames(codec, reader.rest(), check, format);
}

}  // namespace greffe::fuzz
