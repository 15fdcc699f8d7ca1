// How much sound the packets of AAC and Vorbis hold: what their files say is rounded, or not there at all.
#pragma once

#include <cstdint>
#include <memory>

#include "base/byte_reader.h"
#include "media/codec_id.h"

struct AVVorbisParseContext;

namespace greffe::container {

// Of one stream, packet by packet.
class PacketLength {
 public:
  PacketLength(media::CodecId codec, Bytes codec_private);

  // In samples of the stream's rate; 0 where nothing can be told. `step` is by how much the packet's time
  // lies behind that of the one before, as the file has it; 0 for the first.
  std::int64_t of(Bytes packet, std::int64_t step);
  // The frames of AAC hold twice as many samples as without SBR.
  void set_doubled() { aac_frame_ = 2048; }
  // How far a time may be off what the lengths before it say without being a hole.
  std::int64_t tolerance() const;

 private:
  struct Free {
    void operator()(AVVorbisParseContext* parser) const;
  };
  media::CodecId codec_;
  std::unique_ptr<AVVorbisParseContext, Free> vorbis_;
  std::int64_t aac_frame_ = 1024;
};

}  // namespace greffe::container
