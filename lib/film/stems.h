// The sound of each participant in a file of its own, for those who transcribe.
#pragma once

#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/parallel.h"
#include "media/codec_id.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

struct StemOrder {
  Path folder;                                  // made where it is not there
  std::int64_t samples = 0;                     // length of each at 48 kHz
  media::CodecId codec = media::CodecId::Flac;  // or Opus, in Matroska
};

// The files that write_stems() writes.
std::vector<Path> stem_files(const timeline::MeetingFolder& folder, const Path& target, media::CodecId codec);

// Writes one file for each participant with sound, named by id, all from meeting time 0 on and equally long,
// and stems.json (schemas/stems.schema.json), which lists them, last. Sound is as it was recorded: no gain,
// no limiter; FLAC of 24 bits and two channels keeps it as it was decoded and laid on the meeting's clock.
// Opus comes out of a decoder at the same samples, but for the few milliseconds ahead of the first, and ends
// within a packet behind them. The bytes do not depend on the number of jobs. A track that does not open is
// left out: the film tells. Gives the path of stems.json. What is there of the same names is replaced.
Result<Path> write_stems(const timeline::MeetingFolder& folder, const StemOrder& order,
                         const Workers& workers);

}  // namespace greffe::film
