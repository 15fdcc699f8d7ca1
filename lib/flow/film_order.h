// All that is asked of one film.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "caption/cue.h"
#include "codec/video_encoder.h"
#include "container/film_muxer.h"
#include "fixity/digest.h"
#include "flow/film_coding.h"
#include "flow/film_gains.h"
#include "flow/film_look.h"
#include "flow/meeting_folder.h"
#include "layout/scene.h"

namespace greffe::flow {

struct FilmOrder {
  const MeetingFolder* folder = nullptr;
  const layout::ScenePlan* plan = nullptr;
  FilmCoding coding;
  codec::FrameRate rate;
  TrackGains gains;
  bool pan = false;                // voices are heard from where their tiles stand
  std::vector<caption::Cue> cues;  // in order of start
  bool burn_captions = false;
  FilmLook look;
  bool caption_track = false;
  std::string language;  // of what is said: BCP 47, may be empty
  std::string tool_version;
  std::map<std::string, fixity::Digest> inputs;  // by path in the meeting folder

  std::string digest_of(const std::string& input) const {
    const auto found = inputs.find(input);
    return found == inputs.end() ? "" : found->second.hex();
  }
};

}  // namespace greffe::flow
