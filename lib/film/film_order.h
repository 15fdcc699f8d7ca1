// All that is asked of one film.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "caption/cue.h"
#include "codec/video_encoder.h"
#include "container/film_muxer.h"
#include "film/chunk_grid.h"
#include "film/film_coding.h"
#include "film/film_gains.h"
#include "film/film_look.h"
#include "fixity/digest.h"
#include "layout/scene.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

// Film frames whose pictures are coded frames of a track, copied at their own times.
struct CopiedSpan {
  FrameSpan frames;
  std::string track;
  std::uint64_t first_frame = 0;  // a key frame, by its place in the track's file
  bool operator==(const CopiedSpan&) const = default;
};

struct FilmOrder {
  const timeline::MeetingFolder* folder = nullptr;
  const layout::ScenePlan* plan = nullptr;
  FilmCoding coding;
  codec::FrameRate rate;
  TrackGains gains;
  bool pan = false;                // voices are heard from where their tiles stand
  std::vector<caption::Cue> cues;  // in order of start
  bool burn_captions = false;
  FilmLook look;
  std::vector<CopiedSpan> copied;  // in order of time; with any, the film's pictures come at no fixed rate
  bool caption_track = false;
  std::string language;  // of what is said: BCP 47, may be empty
  std::string tool_version;
  std::map<std::string, fixity::Digest> inputs;  // by path in the meeting folder

  ChunkGrid grid() const {
    const FilmClock clock{rate};
    return {clock, clock.frames_until(plan->scenes.back().range.end)};
  }
  std::string digest_of(const std::string& input) const {
    const auto found = inputs.find(input);
    return found == inputs.end() ? "" : found->second.hex();
  }
};

}  // namespace greffe::film
