#include "layout/names.h"

namespace greffe::layout {

DisplayNames display_names_of(const timeline::Meeting& meeting) {
  DisplayNames names;
  std::map<std::string, int> uses;
  for (const timeline::Participant& participant : meeting.participants) {
    const std::string& name = participant.name.empty() ? participant.id : participant.name;
    const int use = ++uses[name];
    names[participant.id] = use == 1 ? name : fmt::format("{} ({})", name, use);
  }
  return names;
}

std::string label_of(const Tile& tile, const DisplayNames& names) {
  const auto found = names.find(tile.participant);
  const std::string& name = found == names.end() ? tile.participant : found->second;
  return tile.kind == TileKind::Screen ? name + " (screen)" : name;
}

}  // namespace greffe::layout
