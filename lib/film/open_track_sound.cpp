#include "film/open_track_sound.h"

#include "container/demuxer.h"
#include "film/track_sound.h"

namespace greffe::film {

Result<std::unique_ptr<mixer::SoundSource>> open_track_sound(const timeline::MeetingFolder& folder,
                                                             const timeline::TrackSidecar& track,
                                                             DamageLog& damage) {
  GREFFE_TRY(container::Demuxer opened, container::Demuxer::open(folder.track_path(track.track)));
  const auto demuxer = std::make_shared<container::Demuxer>(std::move(opened));
  const auto packets = [demuxer]() -> Result<std::optional<Bytes>> {
    GREFFE_TRY(const auto frame, demuxer->next());
    if (!frame) return std::nullopt;
    return frame->bytes;
  };
  GREFFE_TRY(std::unique_ptr<mixer::SoundSource> sound,
             TrackSound::create(track, packets, damage, demuxer->codec_private()));
  return sound;
}

}  // namespace greffe::film
