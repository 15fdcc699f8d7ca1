#include "custody/swap_meeting.h"

namespace greffe::custody {

Status swap_in_meeting(intake::MeetingStage stage, const catalog::Archive& archive, journal::Event event,
                       const Acting& acting) {
  const std::string& id = event.subjects.front();
  const Path folder = archive.meeting_folder(id);
  GREFFE_TRY(const auto before, fixity::digest_of_file(folder / fixity::ManifestName));
  GREFFE_TRY(const fixity::Digest after, stage.finish());
  event.files.push_back({.file = catalog::Archive::meeting_path(id) + "/" + fixity::ManifestName,
                         .before = before.digest,
                         .after = after});
  event.outcome = "intended";
  GREFFE_CHECK(append_to_journal(archive, acting, event));
  GREFFE_CHECK(stage.replace(folder));
  GREFFE_CHECK(append_done(archive, acting, std::move(event)));
  return stage.discard();
}

}  // namespace greffe::custody
