#include "timeline/meeting_folder.h"

#include "json/read_file.h"

namespace greffe::timeline {
namespace {

constexpr std::uint64_t MaxJsonBytes = 64u << 20;

}  // namespace

Result<Meeting> read_meeting(const Path& folder) {
  const Path file = folder / "meeting.json";
  GREFFE_TRY(const json::Value value, json::read_file(file, MaxJsonBytes));
  auto meeting = meeting_of(value);
  if (!meeting) return fail_within(file.string(), meeting);
  return meeting;
}

Result<TrackSidecar> read_sidecar(const Path& file, SidecarLists lists) {
  GREFFE_TRY(const InputFile input, open_input(file));
  std::uint64_t position = 0;
  const auto read_on = [&](std::span<char> piece) -> Result<std::size_t> {
    const std::span<std::uint8_t> bytes(reinterpret_cast<std::uint8_t*>(piece.data()), piece.size());
    GREFFE_TRY(const std::size_t got, read_at(input.file, position, bytes, file));
    position += got;
    return got;
  };
  return read_sidecar(read_on, file.string(), lists);
}

Result<MeetingFolder> open_meeting_folder(const Path& path) {
  MeetingFolder folder{path, {}};
  GREFFE_TRY(folder.meeting, read_meeting(path));
  for (const Participant& participant : folder.meeting.participants) {
    for (const std::string& stem : participant.tracks) {
      const Path sidecar = MeetingFolder::sidecar_path(path, stem);
      GREFFE_TRY(TrackSidecar track, read_sidecar(sidecar));
      if (track.track != stem || track.participant != participant.id)
        return fail("{}: is not the sidecar of {} of {}", sidecar.string(), stem, participant.id);
      folder.meeting.tracks.push_back(std::move(track));
    }
  }
  return folder;
}

}  // namespace greffe::timeline
