// What the depacketizers of all video codecs are made on: packets in, frames out, and what is told of both.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "depacketizer/depacketizer.h"
#include "depacketizer/payload_filter.h"
#include "depacketizer/video_packet.h"

namespace greffe::depacketizer {

class VideoDepacketizer : public Depacketizer {
 public:
  Result<std::optional<FrameInTrack>> next() final;

 protected:
  // Which frame is being put together, and when it came.
  struct Placement {
    std::uint32_t segment = 0;
    std::int64_t ticks = 0;
    std::int64_t sequence = 0;  // of its first packet
    RtpTimestamp timestamp;
    ArrivalTime first_arrival{};
    ArrivalTime last_arrival{};
    std::optional<media::Orientation> orientation;

    // "RTP time 90000 (packet 12)"
    std::string words() const;
  };

  // `packets` and `damage` must outlive the object.
  VideoDepacketizer(media::CodecId codec, rtp::PacketSource& packets, Options options, DamageLog& damage);

  virtual void take(const rtp::OrderedPacket& packet) = 0;
  virtual void finish() = 0;  // no packet follows

  const Options& options() const { return options_; }
  // False for what is told or left out in silence (PayloadFilter).
  bool holds_media(const rtp::OrderedPacket& packet) { return filter_.holds_media(packet); }
  void count_segment() { segment_ = segment_ ? *segment_ + 1 : 0; }

  Placement place(const rtp::OrderedPacket& first) const;
  // Another packet of the frame: its arrival, and how it says that the picture is to be turned.
  void add_packet(Placement& frame, const rtp::OrderedPacket& packet) const;

  // The frame is judged: what it says of its orientation holds, though it may not be given out.
  void turn(const Placement& frame);
  // A frame is lost or not given out: the next one that is comes after damage.
  void note_drop() { dropped_ = true; }
  // The frame is given out; its bytes are for the caller to fill in. `size` counts for key frames.
  FrameInTrack& give_out(const Placement& frame, bool key, std::optional<media::PictureSize> size);

  // Damage of frames, told at the RTP time of one.
  void log(std::string_view condition, const Placement& frame, std::uint64_t frames, std::string text);
  // Damage of a packet.
  void log_packet(std::string_view condition, const rtp::OrderedPacket& packet, std::string_view unit,
                  std::string_view why);

 private:
  rtp::PacketSource& packets_;
  Options options_;
  DamageLog& damage_;
  PayloadFilter filter_;
  std::deque<FrameInTrack> ready_;
  std::optional<std::uint32_t> segment_;
  std::optional<media::Orientation> orientation_;  // said since the last frame given out
  bool dropped_ = false;
  bool ended_ = false;
};

}  // namespace greffe::depacketizer
