// VP9 over RTP (RFC 9628): packets → whole pictures that can be decoded.
#pragma once

#include <vector>

#include "depacketizer/video_depacketizer.h"
#include "depacketizer/vp9_references.h"

namespace greffe::depacketizer {

// A picture is what has one RTP time and one picture id: a frame for each spatial layer that was sent. A
// frame is whole when its first packet has B, no number is missing in it, and its last packet has E or the
// marker; the marker ends the picture, but is not needed (Chromium leaves upper layers out and sends none
// then).
//
// Given out are all frames of a picture that are whole and decodable, the highest last, as one superframe;
// decoders show the last. A frame that comes alone keeps its bytes. LiveKit's trailers are taken off each
// frame (without_frame_trailer). CodedFrame::size is of the highest layer given.
//
// What is not given out is damage, one per picture, at its RTP time:
//   "frame-hole"         packets of it are missing, or all of it is
//   "frame-unfinished"   begins or ends in the middle though no number is missing
//   "frame-malformed"    no VP9, or a payload descriptor that is cut
//   "frame-refused"      declares a picture of no size or above 8192 a side or 36 megapixels (R33)
//   "frame-undecodable"  whole, but refers to what is lost (see Vp9References)
//   "no-key-frame"       whole, before the first key frame
//   "layer-lost"         the picture is given out without some of its layers, for one of these reasons (R46)
class Vp9Depacketizer final : public VideoDepacketizer {
 public:
  Vp9Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage);

 private:
  // The frame of one layer being put together.
  struct LayerFrame {
    Vp9Descriptor descriptor;  // of its first packet; without the payload
    std::size_t begin = 0;     // in Assembly::bytes
    std::size_t end = 0;       // what came without a hole from the start
    bool has_start = false;
    bool has_hole = false;
    bool ended = false;                          // its last packet so far has E or the marker
    std::optional<std::uint8_t> unknown_before;  // frames of this layer or above it are lost before it
  };
  // A picture being put together.
  struct Assembly : Placement {
    std::vector<LayerFrame> frames;
    std::vector<std::uint8_t> bytes;
    bool marked = false;       // its last packet so far has the marker
    bool ids_are_new = false;  // picture ids may have gone round since the picture before
  };
  // Why a frame is not given out; empty condition: it is.
  struct Verdict {
    std::string_view condition;
    std::string why;
  };
  // What of a picture is given out.
  struct Chosen {
    std::vector<Bytes> frames;
    std::size_t layers = 0;
    Bytes only;  // of one layer: all its bytes, less a trailer
    bool key = false;
    media::PictureSize size;
  };

  void take(const rtp::OrderedPacket& packet) override;
  void finish() override { close(); }
  void begin_segment();
  bool is_of_picture(const Vp9Descriptor& descriptor, const rtp::OrderedPacket& packet) const;
  std::optional<std::uint8_t> settle_hole(const Vp9Descriptor& descriptor, bool same_picture);
  std::optional<std::uint8_t> settle_hole_before_picture(const Vp9Descriptor& descriptor,
                                                         const LayerFrame& last);
  bool ids_gone_round(const Vp9Descriptor& from, const Vp9Descriptor& to) const;
  void open_picture(const rtp::OrderedPacket& packet, bool ids_are_new);
  void open_frame(const Vp9Descriptor& descriptor, std::optional<std::uint8_t> unknown_before);
  void append(const Vp9Descriptor& descriptor, const rtp::OrderedPacket& packet);
  void close();
  Verdict judge(const LayerFrame& frame, Chosen& chosen);
  Verdict judge_whole(const LayerFrame& frame, Bytes bytes, Chosen& chosen);
  Verdict judge_coded(Bytes coded, const Vp9Descriptor& descriptor, Chosen& chosen);
  void lose_cut(const LayerFrame& frame);
  void give(Chosen& chosen);

  Vp9References references_;
  std::optional<Assembly> picture_;
  std::uint32_t hole_ = 0;   // packets missing since the last one with media
  bool marks_ends_ = false;  // the sender has set E in this segment
};

}  // namespace greffe::depacketizer
