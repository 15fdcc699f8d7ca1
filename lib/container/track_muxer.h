// Writes one track as Matroska (RFC 9559): the received codec bits, unchanged, at their meeting time rounded
// to milliseconds.
#pragma once

#include <optional>
#include <vector>

#include "base/file.h"
#include "container/track_header.h"
#include "units/time.h"

namespace greffe::container {

// The file is not synced and is complete only after finish(). The same frames give the same bytes (no dates,
// no random ids). It can be searched: cues name the key frames of video, and every few seconds of sound.
// No CRC-32 elements: the manifest's SHA-256 covers the file. Memory is that of one cluster.
class TrackMuxer {
 public:
  static Result<TrackMuxer> create(const Path& path, const TrackFormat& format);

  // Frames in order of decoding, which is that of time but for H.264 and H.265 with B frames: there a time
  // may lie before the last. Else a time at or below the one before is written one millisecond later, since
  // Matroska cannot hold both (the sidecar has the exact ticks). Times may be negative, media before the
  // meeting's start is kept: down to -32.768 s, what is earlier is written there.
  Status write(const media::CodedFrame& frame, MeetingTime at, Duration duration);
  Status finish();

 private:
  // Where a decoder may begin.
  struct Cue {
    std::int64_t ms = 0;
    std::uint64_t cluster = 0;     // its place, counted from the segment's content
    std::uint32_t in_cluster = 0;  // the block's place in the cluster's content
  };

  TrackMuxer(File file, Path path) : file_(std::move(file)), path_(std::move(path)) {}
  Status write_header(const EbmlBuffer& entry);
  bool needs_cluster(std::int64_t ms, const media::CodedFrame& frame) const;
  void begin_cluster(std::int64_t ms);
  Status end_cluster();
  void note_cue(std::int64_t ms);
  Status write_cues();
  Status put(Bytes bytes);

  File file_;
  Path path_;
  bool is_video_ = false;
  bool may_go_back_ = false;  // times
  EbmlBuffer header_;         // written again when all in it is known
  std::size_t segment_size_at_ = 0, cues_at_ = 0, duration_at_ = 0;
  std::size_t content_at_ = 0;  // of the segment
  std::uint64_t written_ = 0;   // octets in the file

  EbmlBuffer cluster_;  // empty, or the one that is being filled
  std::size_t cluster_size_at_ = 0, cluster_content_at_ = 0;
  std::int64_t cluster_ms_ = 0;
  std::optional<std::int64_t> last_ms_;
  std::int64_t end_ms_ = 0;
  std::vector<Cue> cues_;
  std::int64_t cue_step_ms_ = 0;  // no two nearer than this
};

}  // namespace greffe::container
