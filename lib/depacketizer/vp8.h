// VP8 over RTP (RFC 7741): packets → whole frames that can be decoded.
#pragma once

#include "depacketizer/depacketizer.h"
#include "depacketizer/payload_filter.h"
#include "depacketizer/vp8_references.h"

namespace greffe::depacketizer {

// A frame is the run of packets of one RTP time and one picture id. It is whole when its first packet has S =
// 1 and PID = 0, no number is missing in it, and its last packet has the marker. Without the marker a frame
// is taken for unfinished even when the numbers go on without a hole: Chromium drops the tail of a frame when
// a key frame is asked for, and the size of the last token partition is written nowhere, so nothing else
// proves the end.
//
// What is not given out is damage, one per frame, at its RTP time:
//   "frame-hole"         packets of it are missing, or all of it is
//   "frame-unfinished"   begins or ends in the middle though no number is missing
//   "frame-malformed"    no VP8, or a payload descriptor that is cut
//   "frame-refused"      declares a picture of no size or above 8192 a side or 36 megapixels (R33)
//   "frame-undecodable"  whole, but refers to what is lost (see Vp8References)
//   "no-key-frame"       whole, before the first key frame
class Vp8Depacketizer final : public Depacketizer {
 public:
  Vp8Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage);
  Result<std::optional<FrameInTrack>> next() override;

 private:
  // The frame being put together.
  struct Assembly {
    bool open = false;
    Vp8Descriptor descriptor;         // of its first packet; without the payload
    std::vector<std::uint8_t> bytes;  // what came without a hole from the start
    std::int64_t ticks = 0;
    std::int64_t sequence = 0;
    RtpTimestamp timestamp;
    ArrivalTime first_arrival{};
    ArrivalTime last_arrival{};
    bool has_start = false;
    bool has_hole = false;
    bool ended = false;  // its last packet so far has the marker
  };

  std::optional<FrameInTrack> take(const rtp::OrderedPacket& packet);
  bool continues(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) const;
  void open(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet);
  void append(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet);
  std::optional<FrameInTrack> close(bool hole_follows);
  std::optional<FrameInTrack> close_whole();
  void note_missing_frames();
  FrameInTrack give(bool key, media::PictureSize size);
  void drop(std::string_view condition, std::string_view why);
  void log(std::string_view condition, std::uint64_t frames, std::string text);

  rtp::PacketSource& packets_;
  Options options_;
  DamageLog& damage_;
  PayloadFilter filter_;
  Vp8References references_;
  Assembly frame_;
  std::optional<std::uint32_t> segment_;
  std::optional<media::Orientation> orientation_;  // said since the last frame given out
  bool hole_ = false;                              // numbers are missing since the last packet with media
  bool marks_all_ = false;                         // the sender sets the marker in the middle of frames, too
  std::size_t usual_bytes_ = 0;  // of the frame before: what the next one likely needs
  bool dropped_ = false;
  bool ended_ = false;
};

}  // namespace greffe::depacketizer
