// H.264 (RFC 6184) and H.265 (RFC 7798) over RTP: packets → whole access units that can be decoded.
#pragma once

#include <set>
#include <vector>

#include "depacketizer/nal_syntax.h"
#include "depacketizer/video_depacketizer.h"

namespace greffe::depacketizer {

// A frame is the run of packets of one RTP time, each of its units behind its length in 32 bits. All units
// that came are in it, in their order. It is whole when no number is missing in it or at its sides, every
// fragmented unit has both ends, its first slice begins a picture and its last packet has the marker (only
// where a sender sets no marker at all, the next RTP time ends a frame: see Vp8Depacketizer). A number
// missing ahead of it does not matter to a key frame that brings its own parameter sets: nothing that belongs
// to it comes before those but what no decoder needs.
//
// After a frame that is not given out nothing is until the next key frame, unless the lost one says of itself
// that no other refers to it. Units that come without a picture go in front of the next frame. Parameter sets
// are taken from SDP and from every packet that came; a frame gets in front of it those that its slices name
// where one who begins at the last key frame would not have them: CodecPrivate holds another, and none came
// since (R43). They are no more than a MiB and the frames themselves, however many a sender makes up.
//
// A sender that has no key frames after its first and refreshes its pictures bit by bit (with recovery
// points, as SIP devices do) is taken up at a recovery point where a key frame is waited for: the frame
// counts as a key frame. What is not whole until then is not shown by decoders.
//
// Pictures that are shown in another order than they are coded (B frames) are given out in coding order, with
// their own RTP times.
//
// What is not given out is damage, one per frame, at its RTP time:
//   "frame-hole"          packets of it are missing, or all of it is
//   "frame-unfinished"    begins or ends in the middle though no number is missing
//   "frame-malformed"     holds a slice header or parameter set that cannot be read
//   "frame-refused"       declares a picture of no size or above 8192 a side or 36 megapixels (R33)
//   "frame-undecodable"   whole, but refers to what is lost
//   "no-parameter-sets"   a key frame whose parameter sets never came (R30)
//   "no-key-frame"        whole, before the first key frame
//   "gradual-start"       given out, but not whole yet: the frames from a recovery point on that need time
//   "recovery-in-doubt"   given out after a loss in mid-track: a recovery point that is whole at once (open
//                         GOP). Who plays on through the loss still has pictures from before it, and may take
//                         them for those the following frames refer to
//   "sets-not-repeated"   given out, but not for one who begins at the last key frame: its parameter sets are
//                         too large to stand in the file again and again
// and, one per packet, "packet-malformed", "packet-interleaved" (RFC 6184 mode 2, or decoding order numbers
// that go back) and "packet-unsupported": what of it cannot be read is a hole in its frame.
class NalDepacketizer final : public VideoDepacketizer {
 public:
  NalDepacketizer(std::unique_ptr<NalSyntax> syntax, rtp::PacketSource& packets, Options options,
                  DamageLog& damage);
  std::vector<std::uint8_t> codec_private() const override { return codec_private_; }

 private:
  using SetName = ParameterSets::key_type;  // rank and id

  // A frame being put together, then waiting to be judged.
  struct Assembly : Placement {
    std::vector<std::uint8_t> bytes;       // whole units behind their lengths, then at most one that is open
    std::optional<std::size_t> open_unit;  // where the length of a unit stands whose end has not come
    std::size_t last_unit = 0;             // where the length of the last whole one stands
    std::size_t units = 0;
    bool has_hole = false;
    bool cut_unit = false;     // a fragmented unit lacks an end, though no number is missing
    bool hole_before = false;  // numbers are missing between the frame before and this one
    bool hole_after = false;
    bool last = false;   // of its segment: nothing follows
    bool ended = false;  // its last packet so far has the marker
  };
  // What the units of a frame say.
  struct Contents {
    bool has_slices = false;
    bool malformed = false;
    bool lacks_set = false;                          // one that a slice names
    std::optional<media::PictureSize> refused_size;  // an SPS declares one that is not allowed
    SliceFacts slices;                               // of the first one; droppable only when all are
    bool begins = false;
    std::optional<media::RecoveryPoint> recovery;  // decoding may begin here, too
    bool recovers = false;                         // and does
    std::vector<SetName> sets;                     // those in it
    std::vector<int> pps_ids;                      // that its slices name, each once
  };
  // Why a frame is not given out.
  struct Refusal {
    std::string_view condition;
    std::string why;
  };

  void take(const rtp::OrderedPacket& packet) override;
  void finish() override { close(true); }
  void begin_segment(Ssrc ssrc);
  void open(const rtp::OrderedPacket& packet);
  void append(const rtp::OrderedPacket& packet);
  void add_part(const NalPart& part);
  void cut_open_unit(bool by_hole);
  void close(bool last);
  void judge_waiting();
  void judge(Assembly& frame);
  void clear_pending();
  void take_trailer_off(Assembly& frame) const;
  Contents read_contents(const Assembly& frame);
  void read_set(Bytes unit, Contents& contents);
  void read_slice(Bytes unit, Contents& contents) const;
  std::optional<Refusal> refuse(const Assembly& frame, const Contents& contents) const;
  std::optional<Refusal> refuse_whole(const Contents& contents) const;
  std::optional<Refusal> refuse_key(const Assembly& frame, const Contents& contents) const;
  void learn(ParameterSet set);
  std::vector<const ParameterSet*> chain_of(int pps_id) const;
  bool brings(const Contents& contents, const std::vector<const ParameterSet*>& chain) const;
  void give(Assembly& frame, const Contents& contents);
  std::vector<std::uint8_t> bytes_for_file(Assembly& frame, const Contents& contents, bool key);
  std::vector<const ParameterSet*> missing_of(const std::vector<const ParameterSet*>& chain,
                                              const std::set<SetName>& brought) const;
  void repeat_sets(const Assembly& frame, const Contents& contents, std::vector<std::uint8_t>& front);
  void drop(const Assembly& frame, const Refusal& refusal, bool needed);
  void log_frame(std::string_view condition, const Assembly& frame, std::string_view why);

  std::unique_ptr<NalSyntax> syntax_;

  ParameterSets sets_;          // as they are at this point of the stream
  ParameterSets private_sets_;  // those in codec_private_
  std::vector<std::uint8_t> codec_private_;
  std::set<SetName> differing_;       // from those in codec_private_, now or earlier
  std::set<SetName> since_key_;       // those of sets_ that stand in the file since the last key frame
  std::uint64_t given_bytes_ = 0;     // of frames, as they came
  std::uint64_t repeated_bytes_ = 0;  // of sets in front of them
  bool sets_in_band_ = false;         // some came in the packets of this sender
  bool repeats_sets_ = true;          // so far, key frames bring their parameter sets with them

  std::optional<Assembly> frame_;
  std::vector<Assembly> waiting_;      // first frames of a segment, none with a marker
  std::vector<std::uint8_t> pending_;  // units without a picture, for the front of the next frame
  std::vector<SetName> pending_sets_;  // the parameter sets among them
  std::vector<NalPart> parts_;         // of the packet at hand
  std::optional<Ssrc> ssrc_;
  std::size_t usual_bytes_ = 0;        // of the frame before: what the next one likely needs
  bool hole_ = false;                  // numbers are missing since the last packet with media
  bool hole_told_ = false;             // the numbers missing are damage of the frame before them
  bool lost_since_key_frame_ = false;  // any numbers, since the last key frame given out
  bool marks_ends_ = false;            // the sender has set a marker in this segment
  bool marks_middles_ = false;         // and in the middle of frames, too
  bool marks_nothing_ = false;         // enough frames came to say so
  bool waits_for_key_ = true;
  bool had_key_ = false;        // in this segment
  bool skips_leading_ = false;  // decoding begins at the last key frame
};

}  // namespace greffe::depacketizer
