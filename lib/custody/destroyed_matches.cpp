#include "custody/destroyed_matches.h"

#include <algorithm>
#include <map>

#include "base/work_folder.h"
#include "catalog/disposal_files.h"

namespace greffe::custody {
namespace {

// By meeting; of several the last.
using Tombstones = std::map<std::string, catalog::Tombstone>;

Result<Tombstones> all_tombstones(const catalog::Archive& archive) {
  Tombstones stones;
  GREFFE_TRY(const std::vector<std::string> lists, catalog::lists_in(archive.disposals_folder()));
  for (const std::string& list : lists) {
    GREFFE_TRY(catalog::DisposalRecord record, catalog::read_disposal(archive.disposals_folder() / list));
    for (auto& [meeting, done] : record.done)
      if (done.tombstone) stones.insert_or_assign(meeting, std::move(*done.tombstone));
  }
  return stones;
}

catalog::MeetingRecord row_of_tombstone(const catalog::Tombstone& stone) {
  const catalog::ListLine& line = stone.line;
  catalog::MeetingRecord record;
  record.meeting = {.id = stone.meeting,
                    .title = {},
                    .start_unix_ms = line.start_unix_ms,
                    .duration_ms = line.end_unix_ms - line.start_unix_ms,
                    .origin = {},
                    .meeting_class = line.record_class,
                    .manifest = line.manifest};
  for (const std::string& producer : line.producers) record.producers.push_back({.name = producer});
  return record;
}

// Ids, in order.
Result<std::vector<std::string>> matches_among(const Tombstones& stones, const catalog::MeetingScope& scope) {
  GREFFE_TRY(const auto work, WorkFolder::create());
  GREFFE_TRY(catalog::Catalog catalog, catalog::Catalog::create(work->path() / "destroyed.sqlite"));
  std::vector<catalog::MeetingRecord> records;
  for (const auto& [meeting, stone] : stones) records.push_back(row_of_tombstone(stone));
  GREFFE_CHECK(catalog.put_meetings(records));
  return catalog::find_matches(catalog, scope);
}

}  // namespace

Result<std::vector<DestroyedMatch>> find_destroyed_matches(const catalog::Archive& archive,
                                                           const catalog::MeetingScope& scope,
                                                           const std::vector<std::string>& named) {
  std::vector<DestroyedMatch> matches;
  GREFFE_TRY(const Tombstones stones, all_tombstones(archive));
  if (stones.empty()) return matches;
  std::vector<std::string> ids = named;
  if (named.empty()) {
    GREFFE_TRY(ids, matches_among(stones, scope));
  }
  for (const std::string& id : ids) {
    std::error_code error;
    const auto stone = stones.find(id);
    if (stone != stones.end() && !std::filesystem::exists(archive.place_of(id), error))
      matches.push_back({.meeting = id, .list = stone->second.list});
  }
  return matches;
}

}  // namespace greffe::custody
