#include "film/picture_track.h"

#include <algorithm>

#include "base/log.h"

namespace greffe::film {

PictureTrack::PictureTrack(const timeline::MeetingFolder& folder, const timeline::TrackSidecar& track,
                           std::vector<layout::TileSpan> spans, timeline::FrameOrder order,
                           container::Demuxer demuxer, codec::VideoDecoder decoder)
    : folder_(&folder),
      track_(&track),
      spans_(std::move(spans)),
      order_(std::move(order)),
      demuxer_(std::move(demuxer)),
      decoder_(std::move(decoder)),
      needed_(track, spans_) {}

Result<PictureTrack> PictureTrack::open(const timeline::MeetingFolder& folder,
                                        const timeline::TrackSidecar& track,
                                        std::vector<layout::TileSpan> spans) {
  GREFFE_TRY(container::Demuxer demuxer, container::Demuxer::open(folder.track_path(track.track)));
  timeline::FrameOrder order(track);
  auto decoder = codec::VideoDecoder::open(track.codec, demuxer.codec_private(), {}, order.reordered());
  if (!decoder) return fail_within(track.track, decoder);
  return PictureTrack(folder, track, std::move(spans), std::move(order), std::move(demuxer),
                      std::move(*decoder));
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

std::optional<container::StoredFrame> PictureTrack::read_frame() {
  const auto frame = demuxer_.next();
  if (frame && *frame) {
    ++next_;
    return **frame;
  }
  if (status_) status_ = unless_damaged(frame);
  ended_ = true;
  unread_ = track_->frames - std::min(track_->frames, next_);
  return std::nullopt;
}

// Passes over what lies ahead of the last key frame that is shown at `time`.
void PictureTrack::go_to_key_frame(MeetingTime time) {
  if (passes_nothing_) return;
  const std::uint64_t key = order_.last_key_frame(time);
  if (key <= next_) return;
  while (next_ < key && !ended_) read_frame();
  ahead_.clear();
  decoder_.begin_anew();
}

void PictureTrack::keep(std::vector<codec::NumberedPicture> pictures) {
  for (codec::NumberedPicture& picture : pictures)
    if (const auto time = order_.time_of(static_cast<std::uint64_t>(picture.number)))
      ahead_.push_back({*time, static_cast<std::uint64_t>(picture.number), std::move(picture.picture)});
}

// Frames are missing ahead of this one: what a decoder has of them does not help it with a key frame, and at
// a recovery point it would show what is not whole yet.
bool PictureTrack::follows_damage(MeetingTime time) {
  const auto& whole = track_->decodable;
  while (next_whole_ < whole.size() && whole[next_whole_].start < time) ++next_whole_;
  return next_whole_ > 0 && next_whole_ < whole.size() && whole[next_whole_].start == time;
}

void PictureTrack::decode_next() {
  const std::uint64_t number = next_;
  const MeetingTime time = order_.time_of(number).value_or(MeetingTime::max());
  if (const auto frame = read_frame()) {
    if (frame->key && follows_damage(time)) {
      keep(decoder_.finish());
      decoder_.begin_anew();
    }
    const Bytes needed = needed_of(frame->bytes, time);
    const bool has_only_other_layers = needed.empty() && !frame->bytes.empty();
    if (!has_only_other_layers) keep(decoder_.push(needed, frame->key, static_cast<std::int64_t>(number)));
  }
  if (ended_ || !order_.time_of(next_)) {
    ended_ = true;
    keep(decoder_.finish());
  }
}

void PictureTrack::show_until(MeetingTime time) {
  for (; !ahead_.empty(); ahead_.pop_front()) {
    if (ahead_.front().time > time) return;
    turn(ahead_.front().time);
    picture_ = std::move(ahead_.front().picture);
    shown_frame_ = ahead_.front().frame;
    ++shown_;
  }
}

// Frames are due, or their pictures are held back behind later frames.
bool PictureTrack::wants_more(MeetingTime time) {
  if (ended_) return false;
  const auto due = order_.due(next_);
  return due && (*due <= time || (ahead_.empty() && decoder_.holds_back()));
}

void PictureTrack::decode_until(MeetingTime time) {
  show_until(time);
  while (wants_more(time)) {
    decode_next();
    show_until(time);
  }
}

void PictureTrack::advance_to(MeetingTime time) {
  go_to_key_frame(time);
  decode_until(time);
}

// Something that was decoded since the last key frame is shown.
bool PictureTrack::settled(MeetingTime time) {
  const std::uint64_t key = order_.last_key_frame(time);
  return key == 0 || (picture_ && shown_frame_ >= key);
}

// From the file's first frame on. False when it does not open any more.
bool PictureTrack::begin_again() {
  auto again = open(*folder_, *track_, spans_);
  if (!again) {
    if (status_) status_ = unless_damaged(again);
    return false;
  }
  again->status_ = status_;
  again->shown_ = shown_ + 1;
  again->warned_ = warned_;
  *this = std::move(*again);
  return true;
}

// Goes back until a picture comes, each time twice as far, so that no more than twice the frames between are
// decoded again.
void PictureTrack::search_back(MeetingTime time) {
  const auto& keys = track_->key_frames;
  const auto behind = std::upper_bound(keys.begin(), keys.end(), time) - keys.begin();
  for (std::ptrdiff_t last = behind - 1, step = 1; last > 0; step *= 2) {
    last = std::max<std::ptrdiff_t>(last - step, 0);
    if (!begin_again()) return;
    go_to_key_frame(keys[static_cast<std::size_t>(last)]);
    decode_until(time);
    if (picture_) return;
  }
}

void PictureTrack::settle(MeetingTime time) {
  advance_to(time);
  const bool is_settled = settled(time);
  if (!is_settled && !passes_nothing_) search_back(time);
  passes_nothing_ = !is_settled;
  reported_ = met();
}

PictureTrack::Met PictureTrack::met() const {
  return {decoder_.failed_frames(), decoder_.refused_sizes(), unread_};
}

void PictureTrack::report(DamageLog& damage) {
  const auto add = [&](std::string_view condition, std::uint64_t amount, std::string text) {
    if (amount > 0) damage.add({condition, track_->track, "frames", 0, amount, std::move(text)});
  };
  const Met now = met();
  add("undecodable-frame", now.undecodable - reported_.undecodable,
      "frames that the decoder refused: the picture before them stays");
  add("picture-too-large", now.too_large - reported_.too_large,
      "pictures beyond 8192 a side or 36 megapixels are not decoded");
  add("track-cut", now.unread - reported_.unread,
      "frames that the sidecar counts and the file does not hold");
  reported_ = now;
  if (decoder_.converted_from().empty() || warned_) return;
  warned_ = true;
  log::warning("{}: pictures of {} are shown with 8 bits and colours of 4:2:0", track_->track,
               decoder_.converted_from());
}

}  // namespace greffe::film
