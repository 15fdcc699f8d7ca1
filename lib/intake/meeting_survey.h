// The first reading of a meeting: what its tracks are, before anything is written.
#pragma once

#include <vector>

#include "base/parallel.h"
#include "intake/described_streams.h"
#include "intake/meeting_clock.h"
#include "intake/meeting_source.h"
#include "intake/source_files.h"

namespace greffe::intake {

// What was learned of a source by reading its tracks once.
struct SurveyedMeeting {
  std::vector<SurveyedTrack> tracks;
  WallTime start{};
  DamageLog damage;  // tracks that were refused among it
};

// Of one track that the description names.
struct SurveyedEntry {
  const timeline::DescribedParticipant* participant = nullptr;
  const timeline::DescribedTrack* track = nullptr;
  std::vector<SurveyedTrack> tracks = {};
  MeantStreams of_file = {};  // of another platform
  DamageLog damage = {};
  Status read = {};
};

// Reads the tracks a description names, one by one or several at once.
class MeetingSurveyor {
 public:
  explicit MeetingSurveyor(const MeetingSource& source);  // which must outlive the surveyor

  std::size_t count() const { return entries_.size(); }
  bool is_among(std::size_t index, const SourceFiles& files) const {
    return files.dumps.contains(entries_[index].track->file);
  }
  // Fails only when stopped. Different entries may be read by different threads.
  Status read(std::size_t index);
  // When all entries that are among `files` have been read; the others are left out. Fails when no track is
  // left, with the reason of the first that was refused.
  Result<SurveyedMeeting> finish(const SourceFiles& files, std::optional<WallTime> start);

 private:
  const MeetingSource& source_;
  std::vector<SurveyedEntry> entries_;
  StreamMaps maps_;
};

// Reads every track of `files` once.
Result<SurveyedMeeting> survey_meeting(const MeetingSource& source, const SourceFiles& files,
                                       std::optional<WallTime> start, const Workers& workers);

}  // namespace greffe::intake
