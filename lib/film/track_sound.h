// One recorded track as sound on the meeting's clock: codec, sidecar and mixer put together.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/byte_reader.h"
#include "base/damage_log.h"
#include "codec/audio_decoder.h"
#include "codec/comfort_noise.h"
#include "mixer/join.h"
#include "mixer/sound_source.h"
#include "timeline/track_sidecar.h"

namespace greffe::film {

// The next coded packet of the track in file order, or nullopt at its end. The bytes live until the next
// call.
using PacketReader = std::function<Result<std::optional<Bytes>>()>;

// Decodes a track's packets and says where they lie: contiguous RTP time is one run on the clock map's line.
// A hole of up to 100 ms is concealed (R7, R29), a longer one ends the run. After comfort noise (R22) a hole
// of any length is the noise that the sender described; of a sidecar that does not have it, silence. Packets
// that repeat time already given lose it. Where neither the sender nor the decoder sees to it that one piece
// goes on from another, at the edges of noise and of lost time, mixer::Join does.
//
// A clock map says when the microphone heard what a packet holds (ClockMap::audio_advance is what the
// sender's buffers cost). What a decoder of Opus gives lies 6.5 ms behind that, so its sound is placed that
// much earlier; measured on council, share and lossy, flashes and beeps then lie within a few ms of what they
// were at capture.
class TrackSound final : public mixer::SoundSource {
 public:
  // `damage` must outlive the source; undecodable packets go there under `sidecar.track`. `codec_private` is
  // what the track's file says ahead of its packets; copied.
  static Result<std::unique_ptr<TrackSound>> create(const timeline::TrackSidecar& sidecar,
                                                    PacketReader packets, DamageLog& damage,
                                                    Bytes codec_private = {});

  Result<std::optional<mixer::SoundPiece>> next() override;

 private:
  struct Packet {
    std::vector<std::uint8_t> bytes;
    std::size_t segment = 0;
    std::int64_t tick = 0;
  };

  TrackSound(const timeline::TrackSidecar& sidecar, PacketReader packets, DamageLog& damage,
             std::unique_ptr<codec::AudioDecoder> decoder);
  Result<std::optional<Packet>> read_packet();
  // Steps to the tick of the next frame; false when the sidecar names no more.
  bool advance_tick();
  media::AudioBlock decoded(const Packet& packet);
  // The packet that waits comes after silence of which the sender said how it sounds.
  bool after_noise() const;
  void turn_noise(MeetingTime time);
  // In place of `length` samples that lie between what was given and the packet that waits.
  media::AudioBlock filling(std::size_t length);
  mixer::SampleLine line_from(const Packet& packet) const;
  std::int64_t samples(std::int64_t ticks) const { return ticks * samples_per_tick_; }

  timeline::ClockMap clock_;
  std::vector<timeline::FrameTicks> ticks_;
  std::string track_;
  media::AudioFormat format_;
  std::set<MeetingTime> silent_until_;  // ends of gaps in which the sender was silent on purpose
  std::vector<timeline::NoiseChange> noises_;
  std::size_t next_noise_ = 0;
  codec::NoiseGenerator noise_;
  std::int64_t noise_left_ =
      0;  // samples; a sidecar that asks for more than a track can last is not believed
  PacketReader packets_;
  DamageLog& damage_;
  std::unique_ptr<codec::AudioDecoder> decoder_;
  bool conceals_ = true;  // so that one does not hear where; else what is missing is silence
  std::int64_t samples_per_tick_ = 1;

  // Where the sidecar's list of frames has been read to.
  std::size_t segment_ = 0;
  std::optional<std::int64_t> tick_;
  std::optional<timeline::TickRuns::Iterator> run_;  // of the segment's; set with tick_
  std::uint32_t in_run_ = 0;

  std::optional<Packet> waiting_;  // read, its sound not yet given
  mixer::Join join_;
  bool after_filling_ = false;     // the piece before is noise, or silence in place of concealment
  bool repeats_ = false;           // of the next piece the beginning was heard before
  bool in_sound_ = false;          // a run is open
  std::size_t sound_segment_ = 0;  // of the open run
  std::int64_t sound_end_ = 0;     // its end, in samples of the segment's ticks
};

}  // namespace greffe::film
