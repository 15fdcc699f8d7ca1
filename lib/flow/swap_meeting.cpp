#include "flow/swap_meeting.h"

namespace greffe::flow {

Status swap_in_meeting(MeetingStage stage, const catalog::Archive& archive, journal::Event event,
                       journal::Journal& journal, WallTime now) {
  const std::string& id = event.subjects.front();
  const Path folder = archive.meeting_folder(id);
  GREFFE_TRY(const auto before, fixity::digest_of_file(folder / fixity::ManifestName));
  GREFFE_TRY(const fixity::Digest after, stage.finish());
  event.files.push_back({.file = catalog::Archive::meeting_path(id) + "/" + fixity::ManifestName,
                         .before = before.digest,
                         .after = after});
  event.outcome = "intended";
  GREFFE_TRY(const auto intended, journal.append(event, now));
  GREFFE_CHECK(stage.replace(folder));
  event.outcome = "done";
  GREFFE_TRY(const auto done, journal.append(event, now));
  return stage.discard();
}

}  // namespace greffe::flow
