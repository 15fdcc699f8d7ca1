// VP8 over RTP (RFC 7741): packets → whole frames that can be decoded.
#pragma once

#include <vector>

#include "depacketizer/video_depacketizer.h"
#include "depacketizer/vp8_references.h"

namespace greffe::depacketizer {

// A frame is the run of packets of one RTP time and one picture id. It is whole when its first packet has S =
// 1 and PID = 0, no number is missing in it, and its last packet has the marker. Without the marker a frame
// is taken for unfinished even when the numbers go on without a hole: Chromium drops the tail of a frame when
// a key frame is asked for, and the size of the last token partition is written nowhere, so nothing else
// proves the end. Only where a sender sets no marker at all (none in the first 32 frames, or in the whole
// segment) the next RTP time ends a frame. LiveKit's trailers are taken off (without_frame_trailer).
//
// What is not given out is damage, one per frame, at its RTP time:
//   "frame-hole"         packets of it are missing, or all of it is
//   "frame-unfinished"   begins or ends in the middle though no number is missing
//   "frame-malformed"    no VP8, or a payload descriptor that is cut
//   "frame-refused"      declares a picture of no size or above 8192 a side or 36 megapixels (R33)
//   "frame-undecodable"  whole, but refers to what is lost (see Vp8References)
//   "no-key-frame"       whole, before the first key frame
class Vp8Depacketizer final : public VideoDepacketizer {
 public:
  Vp8Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage);

 private:
  // A frame being put together, then waiting to be judged.
  struct Assembly : Placement {
    Vp8Descriptor descriptor;         // of its first packet; without the payload
    std::vector<std::uint8_t> bytes;  // what came without a hole from the start
    bool has_start = false;
    bool has_hole = false;
    std::uint32_t hole_before = 0;  // packets missing between the frame before and this one
    bool hole_after = false;
    bool last = false;   // of its segment: nothing follows
    bool ended = false;  // its last packet so far has the marker
  };

  void take(const rtp::OrderedPacket& packet) override;
  void finish() override { close(true); }
  void begin_segment();
  bool continues(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) const;
  void open(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet);
  void append(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet);
  void close(bool last);
  void judge_waiting();
  void judge(Assembly& frame);
  void judge_whole(Assembly& frame);
  void note_missing_frames(const Assembly& frame);
  void give(Assembly& frame, bool key, media::PictureSize size);
  void drop(const Assembly& frame, std::string_view condition, std::string_view why);

  Vp8References references_;
  std::optional<Assembly> frame_;
  std::vector<Assembly> waiting_;  // first frames of a segment, none with a marker
  std::uint32_t hole_ = 0;         // packets missing since the last one with media
  bool marks_ends_ = false;        // the sender has set a marker in this segment
  bool marks_middles_ = false;     // and in the middle of frames, too
  bool marks_nothing_ = false;     // enough frames came to say so
  std::size_t usual_bytes_ = 0;    // of the frame before: what the next one likely needs
};

}  // namespace greffe::depacketizer
