// AV1 over RTP (RTP Payload Format For AV1): packets → whole temporal units that can be decoded.
#pragma once

#include <vector>

#include "depacketizer/av1_payload.h"
#include "depacketizer/av1_references.h"
#include "depacketizer/video_depacketizer.h"

namespace greffe::depacketizer {

// A temporal unit is what has one RTP time. It is whole when no number is missing in it or beside it, every
// OBU that was cut into packets was put together again, and its last packet has the marker or ends with the
// end of a Frame OBU: Chromium leaves upper layers out and sends no marker then.
//
// Of a unit that is not whole the frames ahead of the damage are given out, where dependency descriptors say
// that they end there: the lower layers.
//
// Given out are the OBUs of the unit as Matroska wants them: each with its size, without temporal delimiters,
// tile lists and padding; all other bytes as they came. Frames of a layer that refer to what is lost are left
// out. codec_private() is the configuration record (av1C) with the first sequence header.
//
// What is not given out is damage, one per unit, at its RTP time:
//   "frame-hole"         packets of it are missing, or between it and the next one: how many units were in
//                        them is written nowhere
//   "frame-unfinished"   begins or ends in the middle though no number is missing (R45)
//   "frame-malformed"    no AV1, or lengths that run past their packet
//   "frame-refused"      declares a picture of no size or above 8192 a side or 36 megapixels (R33)
//   "frame-undecodable"  whole, but refers to what is lost (see Av1References)
//   "no-key-frame"       whole, before the first key frame
//   "layer-lost"         the unit is given out without some of its frames, for one of these reasons (R46)
class Av1Depacketizer final : public VideoDepacketizer {
 public:
  Av1Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage);
  std::vector<std::uint8_t> codec_private() const override { return codec_private_; }

 private:
  // An OBU as it came, in Assembly::bytes.
  struct Element {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::optional<Av1Dependencies> said;  // by the packet it begins in
  };
  // Why a unit or a frame is not given out; empty condition: it is.
  struct Verdict {
    std::string_view condition;
    std::string why;
  };
  // A temporal unit being put together.
  struct Assembly : Placement {
    std::vector<Element> elements;
    std::vector<std::uint8_t> bytes;
    std::size_t whole = 0;  // elements of frames that are whole, as their descriptors say
    bool open = false;      // the last element goes on
    Verdict flaw;           // the first one found
    bool marked = false;    // its last packet so far has the marker
  };
  // What of a unit is given out.
  struct Chosen {
    std::vector<std::uint8_t> bytes;
    bool keeps_frame = false;  // the OBUs now read belong to a frame that is given
    bool any_given = false;
    bool key = false;
    media::PictureSize size;
    Verdict worst;
    std::uint64_t left_out = 0;
  };

  void take(const rtp::OrderedPacket& packet) override;
  void finish() override { close(); }
  void begin_segment();
  void open_unit(const rtp::OrderedPacket& packet);
  void append(const Av1Payload& payload, const rtp::OrderedPacket& packet);
  void flaw(std::string_view condition, std::string_view why);
  void lose_unknown();
  bool ends_with_frame() const;
  void close();
  void judge_obus(Chosen& chosen);
  Verdict judge_obu(const media::Obu& obu, const Element& element, Chosen& chosen);
  Verdict read_sequence_header(const media::Obu& obu);
  Verdict judge_frame(const media::Obu& obu, const Element& element, Chosen& chosen);
  void drop(const Verdict& verdict);
  void give(Chosen& chosen);

  Av1References references_;
  Av1DependencyReader dependencies_;
  std::optional<media::Av1SequenceHeader> sequence_header_;
  bool header_in_doubt_ = false;             // a newer one may be lost
  std::vector<std::uint8_t> last_private_;   // of the sequence header at hand
  std::vector<std::uint8_t> codec_private_;  // of the one before the first frame given
  std::optional<Assembly> unit_;
  bool hole_ = false;  // numbers are missing since the last packet with media
  bool given_any_ = false;
};

}  // namespace greffe::depacketizer
