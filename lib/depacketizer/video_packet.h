// What the depacketizers of all video codecs ask.
#pragma once

#include <optional>

#include "media/coded_frame.h"
#include "rtp/packet.h"

namespace greffe::depacketizer {

// No frame is put together that is longer (SAFETY S2).
constexpr std::size_t MaxFrameBytes = std::size_t{64} << 20;

// Neither empty nor above 8192 a side or 36 megapixels (R33).
bool is_allowed(media::PictureSize size);

// What the packet's video-orientation extension says, when `id` is negotiated and the extension there (R38).
std::optional<media::Orientation> find_orientation(const rtp::RtpPacket& packet, std::optional<int> id);

// The frame without the trailer that LiveKit's clients append to it: entries of tag (1 byte), length (1 byte)
// and value, then the length of the whole trailer (1 byte), all these with their bits turned over, then
// "LKTS" in plain. Taken off only when the entries fill the trailer exactly and at least one of them is the
// time (tag 1, 8 bytes) or the number (tag 2, 4 bytes) of the frame; else the frame as it is.
Bytes without_frame_trailer(Bytes frame);

}  // namespace greffe::depacketizer
