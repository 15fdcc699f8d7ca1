// One video track, asked from time to time what it shows.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/damage_log.h"
#include "codec/video_decoder.h"
#include "codec/vp9_layers.h"
#include "container/demuxer.h"
#include "layout/needed_size.h"
#include "media/picture.h"
#include "timeline/frame_order.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

// Decodes no more than the answers need: before the last key frame in reach, nothing; of spatial layers,
// those that its tiles need. Not thread-safe.
class PictureTrack {
 public:
  // `folder` and `track` must outlive this object. `spans` are the tiles that show it.
  static Result<PictureTrack> open(const timeline::MeetingFolder& folder, const timeline::TrackSidecar& track,
                                   std::vector<layout::TileSpan> spans);

  // advance_to(), after which picture() is what anybody gets who comes to `time`, whatever was asked before:
  // if a decoder refused all frames since the last key frame, that of the last one from which any came. What
  // decoding has met so far is not reported any more.
  void settle(MeetingTime time);

  // Goes on to `time`, which never goes back. A file that cannot be read on keeps its last picture; that is
  // damage.
  void advance_to(MeetingTime time);

  // The newest good picture whose time is not after the last advance_to(), or nullopt when there was none
  // yet.
  const std::optional<media::Picture>& picture() const { return picture_; }
  media::Orientation orientation() const { return orientation_; }
  // The shape of its pictures, which may be of pixels that are no squares, before they are turned.
  media::PictureSize shown(media::PictureSize coded) const { return track_->shown(coded); }
  // Changes whenever picture() does.
  std::uint64_t pictures_shown() const { return shown_; }
  // What decoding met since the last report.
  void report(DamageLog& damage);
  // Fails when the file could not be read, which may pass; a file that holds nothing more is damage.
  const Status& status() const { return status_; }

 private:
  struct TimedPicture {
    MeetingTime time{};
    std::uint64_t frame = 0;
    media::Picture picture;
  };
  // Sums from the beginning.
  struct Met {
    std::uint64_t undecodable = 0, too_large = 0, unread = 0;
  };
  PictureTrack(const timeline::MeetingFolder& folder, const timeline::TrackSidecar& track,
               std::vector<layout::TileSpan> spans, timeline::FrameOrder order, container::Demuxer demuxer,
               codec::VideoDecoder decoder);
  Bytes needed_of(Bytes frame, MeetingTime time);
  void go_to_key_frame(MeetingTime time);
  void decode_until(MeetingTime time);
  bool settled(MeetingTime time);
  bool begin_again();
  void search_back(MeetingTime time);
  Met met() const;
  bool wants_more(MeetingTime time);
  std::optional<container::StoredFrame> read_frame();
  bool follows_damage(MeetingTime time);
  void decode_next();
  void keep(std::vector<codec::NumberedPicture> pictures);
  void show_until(MeetingTime time);
  void turn(MeetingTime time);

  const timeline::MeetingFolder* folder_;
  const timeline::TrackSidecar* track_;
  std::vector<layout::TileSpan> spans_;
  timeline::FrameOrder order_;
  container::Demuxer demuxer_;
  codec::VideoDecoder decoder_;
  layout::NeededSize needed_;
  codec::Vp9LayerCutter cutter_;
  std::uint64_t next_ = 0;  // place of the frame that the demuxer gives next
  bool ended_ = false;      // nothing can be read any more
  // Since a decoder refused all frames from the last key frame on: who decodes every frame from there knows
  // the last picture without a search.
  bool passes_nothing_ = false;
  std::deque<TimedPicture> ahead_;  // decoded before they are shown
  std::optional<media::Picture> picture_;
  media::Orientation orientation_;
  std::size_t next_orientation_ = 0;
  std::size_t next_whole_ = 0;  // of the spans that can be decoded
  std::uint64_t shown_ = 0;
  std::uint64_t shown_frame_ = 0;  // that gave picture()
  std::uint64_t unread_ = 0;       // frames that the file did not give
  Met reported_;
  Status status_;
  bool warned_ = false;
};

}  // namespace greffe::film
