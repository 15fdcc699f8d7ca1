#include "flow/picture_track.h"

#include <algorithm>

namespace greffe::flow {

PictureTrack::PictureTrack(const timeline::TrackSidecar& track, std::vector<TileSpan> spans,
                           container::Demuxer demuxer, codec::VideoDecoder decoder)
    : track_(&track),
      demuxer_(std::move(demuxer)),
      decoder_(std::move(decoder)),
      needed_(track, std::move(spans)),
      times_(track.frame_times()) {
  for (std::size_t i = 1; i < times_.size(); ++i) times_[i] = std::max(times_[i], times_[i - 1]);
  for (const MeetingTime key : track.key_frames) {
    const auto found = std::lower_bound(times_.begin(), times_.end(), key);
    if (found != times_.end() && *found == key)
      key_frames_.push_back(static_cast<std::size_t>(found - times_.begin()));
  }
}

Result<PictureTrack> PictureTrack::open(const MeetingFolder& folder, const timeline::TrackSidecar& track,
                                        std::vector<TileSpan> spans) {
  GREFFE_TRY(container::Demuxer demuxer, container::Demuxer::open(folder.track_path(track.track)));
  auto decoder = codec::VideoDecoder::open(track.codec, demuxer.codec_private());
  if (!decoder) return fail_within(track.track, decoder);
  return PictureTrack(track, std::move(spans), std::move(demuxer), std::move(*decoder));
}

// The last key frame with an index in [next_, end), or next_ when there is none.
std::size_t PictureTrack::last_key_frame_before(std::size_t end) const {
  const auto after = std::lower_bound(key_frames_.begin(), key_frames_.end(), end);
  return after == key_frames_.begin() ? next_ : std::max(next_, *std::prev(after));
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
  const auto end =
      static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), time) - times_.begin());
  const std::size_t first_needed = last_key_frame_before(end);
  for (; next_ < end && !ended_; ++next_) {
    const auto frame = demuxer_.next();
    if (!frame || !*frame) {
      ended_ = true;
      unread_ = times_.size() - next_;
      return;
    }
    if (next_ < first_needed) continue;
    turn(times_[next_]);
    if (auto picture = decoder_.decode(needed_of((*frame)->bytes, times_[next_]), (*frame)->key)) {
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
