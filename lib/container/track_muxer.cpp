#include "container/track_muxer.h"

#include <unistd.h>

#include <algorithm>
#include <limits>

#include "container/matroska_ids.h"

namespace greffe::container {
namespace {

constexpr std::string_view Application = "greffe";
constexpr std::uint64_t Millisecond_ns = 1'000'000;
// A cluster: what is read when a player goes to a place, and the memory of a muxer.
constexpr std::int64_t LongestCluster_ms = 5'000;
constexpr std::size_t LargestCluster = 512 << 10;
constexpr std::int64_t FirstTime_ms = std::numeric_limits<std::int16_t>::min();  // relative to a cluster at 0
constexpr std::int64_t VideoCueStep_ms = 500;
constexpr std::int64_t AudioCueStep_ms = 10'000;
constexpr std::size_t MostCues = 50'000;
constexpr std::uint8_t TrackNumber = 0x81;  // 1, as a size is written
constexpr std::uint8_t KeyFrame = 0x80;

EbmlBuffer document_type() {
  EbmlBuffer head;
  head.text(id::DocType, "matroska");
  head.uint(id::DocTypeVersion, 4);      // CodecDelay and SeekPreRoll are of version 4
  head.uint(id::DocTypeReadVersion, 2);  // SimpleBlock
  return head;
}

// Gives the place of the position.
std::size_t add_seek(EbmlBuffer& head, std::uint32_t element) {
  EbmlBuffer seek;
  EbmlBuffer id;
  id.id(element);
  seek.binary(id::SeekId, id.bytes());
  const std::size_t in_seek = seek.fixed_uint(id::SeekPosition, 0);
  head.master(id::Seek, seek);
  return head.length() - seek.length() + in_seek;
}

}  // namespace

Result<TrackMuxer> TrackMuxer::create(const Path& path, const TrackFormat& format) {
  const auto entry = track_entry(format);
  if (!entry) return fail_within(path.string(), entry);
  GREFFE_TRY(File file, create_file(path));
  TrackMuxer muxer(std::move(file), path);
  muxer.is_video_ = media::facts_of(format.codec).kind == media::Kind::Video;
  muxer.may_go_back_ = format.codec == media::CodecId::H264 || format.codec == media::CodecId::H265;
  muxer.cue_step_ms_ = muxer.is_video_ ? VideoCueStep_ms : AudioCueStep_ms;
  GREFFE_CHECK(muxer.write_header(*entry));
  return muxer;
}

Status TrackMuxer::write_header(const EbmlBuffer& entry) {
  header_.master(id::Ebml, document_type());
  segment_size_at_ = header_.open(id::Segment);
  content_at_ = header_.length();

  EbmlBuffer seek;
  const std::size_t info_at = add_seek(seek, id::Info);
  const std::size_t tracks_at = add_seek(seek, id::Tracks);
  const std::size_t cues_at = add_seek(seek, id::Cues);
  header_.master(id::SeekHead, seek);
  const std::size_t seek_at = header_.length() - seek.length();
  cues_at_ = seek_at + cues_at;

  header_.set_u64(seek_at + info_at, header_.length() - content_at_);
  EbmlBuffer info;
  info.uint(id::TimestampScale, Millisecond_ns);
  info.text(id::MuxingApp, Application);
  info.text(id::WritingApp, Application);
  const std::size_t duration_at = info.fixed_real(id::Duration, 0);
  header_.master(id::Info, info);
  duration_at_ = header_.length() - info.length() + duration_at;

  header_.set_u64(seek_at + tracks_at, header_.length() - content_at_);
  EbmlBuffer tracks;
  tracks.master(id::TrackEntry, entry);
  header_.master(id::Tracks, tracks);
  return put(header_.bytes());
}

Status TrackMuxer::write(const media::CodedFrame& frame, MeetingTime at, Duration duration) {
  std::int64_t ms = std::max(whole_ms(at + std::chrono::microseconds(500)), FirstTime_ms);
  if (last_ms_ && (may_go_back_ ? ms == *last_ms_ : ms <= *last_ms_)) ms = *last_ms_ + 1;
  last_ms_ = ms;
  end_ms_ = std::max(end_ms_, ms + whole_ms(duration));
  if (needs_cluster(ms, frame)) {
    GREFFE_CHECK(end_cluster());
    begin_cluster(ms);
  }
  if (frame.key) note_cue(ms);
  constexpr std::size_t BlockHeadBytes = 4;
  cluster_.id(id::SimpleBlock);
  cluster_.size(BlockHeadBytes + frame.bytes.size());
  cluster_.u8(TrackNumber);
  cluster_.u16(static_cast<std::uint16_t>(ms - cluster_ms_));
  cluster_.u8(frame.key ? KeyFrame : 0);
  cluster_.raw(frame.bytes);
  return {};
}

bool TrackMuxer::needs_cluster(std::int64_t ms, const media::CodedFrame& frame) const {
  if (cluster_.length() == 0) return true;
  if (ms - cluster_ms_ > LongestCluster_ms) return true;
  if (cluster_ms_ > 0 && cluster_ms_ - ms > LongestCluster_ms) return true;
  // A key frame begins a cluster of its own, if the one before is worth having.
  const std::size_t enough = is_video_ && frame.key ? LargestCluster / 2 : LargestCluster;
  return cluster_.length() + frame.bytes.size() > enough;
}

void TrackMuxer::begin_cluster(std::int64_t ms) {
  cluster_ms_ = std::max<std::int64_t>(ms, 0);
  cluster_size_at_ = cluster_.open(id::Cluster);
  cluster_content_at_ = cluster_.length();
  cluster_.uint(id::Timestamp, static_cast<std::uint64_t>(cluster_ms_));
}

Status TrackMuxer::end_cluster() {
  if (cluster_.length() == 0) return {};
  cluster_.set_size(cluster_size_at_, cluster_.length() - cluster_content_at_);
  GREFFE_CHECK(put(cluster_.bytes()));
  cluster_.clear();
  return {};
}

void TrackMuxer::note_cue(std::int64_t ms) {
  if (!cues_.empty() && ms - cues_.back().ms < cue_step_ms_) return;
  if (cues_.size() == MostCues) {
    cue_step_ms_ *= 2;
    for (std::size_t i = 0; i < MostCues / 2; ++i) cues_[i] = cues_[2 * i];
    cues_.resize(MostCues / 2);
  }
  cues_.push_back(
      {ms, written_ - content_at_, static_cast<std::uint32_t>(cluster_.length() - cluster_content_at_)});
}

Status TrackMuxer::write_cues() {
  EbmlBuffer cues;
  for (const Cue& cue : cues_) {
    EbmlBuffer positions;
    positions.uint(id::CueTrack, 1);
    positions.uint(id::CueClusterPosition, cue.cluster);
    positions.uint(id::CueRelativePosition, cue.in_cluster);
    EbmlBuffer point;
    point.uint(id::CueTime, static_cast<std::uint64_t>(std::max<std::int64_t>(cue.ms, 0)));
    point.master(id::CueTrackPositions, positions);
    cues.master(id::CuePoint, point);
  }
  EbmlBuffer element;
  element.master(id::Cues, cues);
  return put(element.bytes());
}

Status TrackMuxer::finish() {
  GREFFE_CHECK(end_cluster());
  // Without any, the place stays 0, which is the SeekHead itself: a reader finds no cues there.
  if (!cues_.empty()) {
    header_.set_u64(cues_at_, written_ - content_at_);
    GREFFE_CHECK(write_cues());
  }
  header_.set_size(segment_size_at_, written_ - content_at_);
  header_.set_real(duration_at_, static_cast<double>(end_ms_));
  if (::lseek(file_.descriptor(), 0, SEEK_SET) != 0)
    return fail_errno(fmt::format("{}: seek", path_.string()));
  GREFFE_CHECK(write_all(file_, header_.bytes(), path_));
  return file_.close(path_.string());
}

Status TrackMuxer::put(Bytes bytes) {
  GREFFE_CHECK(write_all(file_, bytes, path_));
  written_ += bytes.size();
  return {};
}

}  // namespace greffe::container
