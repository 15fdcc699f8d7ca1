#include "flow/picture_track.h"

#include <algorithm>

namespace greffe::flow {

PictureTrack::PictureTrack(const timeline::TrackSidecar& track, std::vector<TileSpan> spans,
                           container::Demuxer demuxer, codec::VideoDecoder decoder)
    : track_(&track),
      demuxer_(std::move(demuxer)),
      decoder_(std::move(decoder)),
      needed_(track, std::move(spans)),
      ahead_(track),
      ahead_time_(ahead_.next()),
      times_(track) {}

Result<PictureTrack> PictureTrack::open(const MeetingFolder& folder, const timeline::TrackSidecar& track,
                                        std::vector<TileSpan> spans) {
  GREFFE_TRY(container::Demuxer demuxer, container::Demuxer::open(folder.track_path(track.track)));
  auto decoder = codec::VideoDecoder::open(track.codec, demuxer.codec_private());
  if (!decoder) return fail_within(track.track, decoder);
  return PictureTrack(track, std::move(spans), std::move(demuxer), std::move(*decoder));
}

void PictureTrack::look_ahead_to(MeetingTime time) {
  const auto& keys = track_->key_frames;
  while (ahead_time_ && *ahead_time_ <= time) {
    while (next_key_frame_ < keys.size() && keys[next_key_frame_] < *ahead_time_) ++next_key_frame_;
    if (next_key_frame_ < keys.size() && keys[next_key_frame_] == *ahead_time_) {
      last_key_frame_ = end_;
      ++next_key_frame_;
    }
    ++end_;
    // A time that falls back counts as the one before.
    const auto next = ahead_.next();
    ahead_time_ = next ? std::optional(std::max(*next, *ahead_time_)) : std::nullopt;
  }
}

void PictureTrack::turn(MeetingTime time) {
  for (;
       next_orientation_ < track_->orientations.size() && track_->orientations[next_orientation_].at <= time;
       ++next_orientation_)
    orientation_ = track_->orientations[next_orientation_].orientation;
}

// The frame without the layers that no tile needs; lives until the next call.
Bytes PictureTrack::needed_of(Bytes frame, MeetingTime time) {
  if (track_->separable_layers.empty()) return frame;
  constexpr media::PictureSize All{INT32_MAX, INT32_MAX};
  return cutter_.cut(frame, needed_.at(time).value_or(All));
}

void PictureTrack::advance_to(MeetingTime time) {
  look_ahead_to(time);
  for (; next_ < end_ && !ended_; ++next_) {
    const auto frame = demuxer_.next();
    if (!frame || !*frame) {
      ended_ = true;
      unread_ = track_->frames - std::min(track_->frames, next_);
      return;
    }
    const auto at = times_.next();
    time_ = std::max(at.value_or(time), time_);
    if (next_ < last_key_frame_) continue;
    turn(time_);
    if (auto picture = decoder_.decode(needed_of((*frame)->bytes, time_), (*frame)->key)) {
      picture_ = std::move(picture);
      ++shown_;
    }
  }
}

void PictureTrack::report(DamageLog& damage) const {
  const auto add = [&](std::string_view condition, std::uint64_t amount, std::string text) {
    if (amount > 0) damage.add({condition, track_->track, "frames", 0, amount, std::move(text)});
  };
  add("undecodable-frame", decoder_.failed_frames(),
      "frames that the decoder refused: the picture before them stays");
  add("picture-too-large", decoder_.refused_sizes(),
      "pictures beyond 8192 a side or 36 megapixels are not decoded");
  add("track-cut", unread_, "frames that the sidecar counts and the file does not hold");
}

}  // namespace greffe::flow
