// Gathers what a sidecar tells, frame by frame.
#pragma once

#include <optional>

#include "codec/vp9_layers.h"
#include "depacketizer/depacketizer.h"
#include "intake/pause_finder.h"
#include "timeline/track_sidecar.h"

namespace greffe::intake {

// A camera may well send one picture a second; only what is longer is a gap.
constexpr Duration VideoGap = std::chrono::milliseconds(1500);

class SidecarBuilder {
 public:
  // `sidecar` has its names, codec and clock already, and must outlive the builder.
  explicit SidecarBuilder(timeline::TrackSidecar& sidecar) : sidecar_(sidecar) {}

  // In file order, with the pauses between the frame before and this one. Returns the frame's meeting time.
  MeetingTime add(const depacketizer::FrameInTrack& frame, const std::vector<Pause>& pauses = {});
  // A picture that decoders need and nobody is to see: the track's time begins behind those at its beginning
  // and ends before those at its end.
  MeetingTime add_hidden(const media::CodedFrame& frame);
  Duration duration_of(const media::CodedFrame& frame) const;
  void finish();

 private:
  void add_tick(std::uint32_t segment, std::int64_t tick);
  void add_gap(const depacketizer::FrameInTrack& frame, MeetingTime at, const std::vector<Pause>& pauses);
  void add_gap(TimeRange range, const char* why);
  Duration least_gap() const;
  void add_level(const media::CodedFrame& frame, MeetingTime at);
  void add_picture(const media::CodedFrame& frame, MeetingTime at);
  void add_layers(const media::CodedFrame& frame, MeetingTime at);
  void end_layers(MeetingTime at);

  timeline::TrackSidecar& sidecar_;
  bool begun_ = false;
  std::uint64_t levelled_ = 0;  // frames whose packets said how loud they are
  std::int64_t last_tick_ = 0;
  MeetingTime end_{};  // of the last frame
  // From a picture to the next, at most what is a gap, which it is until the second.
  Duration step_ = VideoGap;
  Duration stays_{};  // the last picture, which nothing ends
  std::optional<MeetingTime> decodable_from_;
  codec::Vp9LayerProof layers_;
  std::optional<MeetingTime> last_key_;
};

}  // namespace greffe::intake
