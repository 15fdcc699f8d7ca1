#include "film/frame_copier.h"

#include "base/progress.h"

namespace greffe::film {

Result<FrameCopier::Source*> FrameCopier::source_of(const std::string& track) {
  if (const auto known = sources_.find(track); known != sources_.end()) return &known->second;
  const timeline::TrackSidecar* sidecar = folder_->meeting.find_track(track);
  if (!sidecar) return fail("{}: no such track", track);
  GREFFE_TRY(container::Demuxer demuxer, container::Demuxer::open(folder_->track_path(track)));
  return &sources_.emplace(track, Source(*sidecar, std::move(demuxer))).first->second;
}

Status FrameCopier::copy(const ChunkPiece& piece, ChunkWriter& writer) {
  GREFFE_TRY(Source* const source, source_of(piece.copied->track));
  while (const auto time = source->times.time_of(source->next)) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const std::int64_t shown = clock_.frame_of(*time);
    if (shown >= piece.frames.end) return {};
    GREFFE_TRY(const auto stored, source->demuxer.next());
    if (!stored) return fail("{}: its frames are not there any more", piece.copied->track);
    const std::uint64_t number = source->next++;
    if (number < piece.copied->first_frame || shown < piece.frames.first) continue;
    media::CodedFrame frame;
    frame.bytes.assign(stored->bytes.begin(), stored->bytes.end());
    frame.key = stored->key;
    GREFFE_CHECK(writer.write_at(frame, *time));
  }
  return {};
}

}  // namespace greffe::film
