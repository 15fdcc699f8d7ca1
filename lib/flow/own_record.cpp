#include "flow/own_record.h"

#include "base/text.h"
#include "timeline/meeting_folder.h"

namespace greffe::flow {
namespace {

bool is_transcript(const Path& file) { return file.extension() == ".vtt" || file.extension() == ".srt"; }

}  // namespace

Result<intake::MeetingSource> describe_own_record(const catalog::Archive& archive, const OwnRecord& record) {
  GREFFE_TRY(const std::string id, archive.find_meeting(record.meeting));
  GREFFE_TRY(const timeline::Meeting meeting, timeline::read_meeting(archive.place_of(id)));
  intake::MeetingSource source{.place = record.files.front().string()};
  timeline::MeetingDescription& description = source.description;
  description.title = valid_utf8(record.title.empty() ? record.files.front().stem().string() : record.title);
  description.start = meeting.start;
  description.meeting_class = record.meeting_class;
  description.producers = meeting.producers;
  description.origin = id;
  for (const timeline::Participant& participant : meeting.participants)
    description.participants.push_back({.id = participant.id, .name = participant.name});
  for (const Path& file : record.files) {
    if (is_transcript(file))
      description.transcripts.push_back({.file = file.string()});
    else
      description.documents.push_back({.file = file.string()});
  }
  if (description.documents.empty())
    return fail(ErrorKind::Usage, "{}: a transcript alone is no record; give the document it belongs to",
                source.place);
  return source;
}

}  // namespace greffe::flow
