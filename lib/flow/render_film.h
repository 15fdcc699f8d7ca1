// Scenes, tracks and cues → the bytes of one film.
#pragma once

#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/progress.h"
#include "caption/cue.h"
#include "codec/video_encoder.h"
#include "container/film_muxer.h"
#include "flow/film_clock.h"
#include "flow/meeting_folder.h"
#include "layout/scene.h"

namespace greffe::flow {

struct FilmOrder {
  const MeetingFolder* folder = nullptr;
  const layout::ScenePlan* plan = nullptr;
  container::FilmContainer container = container::FilmContainer::WebM;
  media::CodecId video = media::CodecId::Vp9;
  codec::FrameRate rate;
  int sound_bitrate_bps = 64'000;
  std::vector<caption::Cue> cues;  // in order of start
  bool burn_captions = false;
  bool caption_track = false;
  std::string caption_language;
};

// Writes the film to `target`, replacing what is there; not synced. Pictures, their coding and the sound have
// a thread each, so two cores are busy; what comes out depends on none of that. On failure `target` is of no
// use.
Status render_film(const FilmOrder& order, const Path& target, ProgressSink& progress, DamageLog& damage);

}  // namespace greffe::flow
