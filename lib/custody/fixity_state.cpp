#include "custody/fixity_state.h"

#include <algorithm>

#include "fixity/digest.h"
#include "json/read_file.h"
#include "json/reader.h"
#include "json/stream_writer.h"

namespace greffe::custody {
namespace {

constexpr std::string_view Schema = "greffe.fixity-state/1";
constexpr std::uint64_t LargestState = 1u << 30;

Status take_record(const json::Value& item, FixityRecords& records) {
  json::Reader reader(item, "meetings");
  const std::string id = reader.text("id");
  const std::string verified = reader.text("verified_utc");
  const std::int64_t findings = reader.integer("findings");
  GREFFE_CHECK(reader.status());
  GREFFE_TRY(const WallTime time, parse_rfc3339(verified));
  records.insert_or_assign(id, FixityRecord{time, findings});
  return {};
}

// Where in 0…99 a meeting stands, the same on every machine.
int hundredth_of(const std::string& id) {
  const fixity::Digest digest = fixity::digest_of(id);
  return (digest.bytes[0] << 16 | digest.bytes[1] << 8 | digest.bytes[2]) % 100;
}

// A window of `percent` hundredths that goes on by itself every day; where nothing lies in it, what lies next
// behind it.
std::vector<std::string> todays_part(std::vector<std::string> ids, const FixityChoice& choice) {
  const auto days = std::chrono::floor<std::chrono::days>(choice.now).time_since_epoch().count();
  const auto start = static_cast<int>((days % 100 * choice.percent % 100 + 100) % 100);
  const auto behind_start = [&](const std::string& id) { return (hundredth_of(id) - start + 100) % 100; };
  const auto next = std::ranges::min_element(ids, {}, behind_start);
  const int end = std::max(choice.percent, next == ids.end() ? 0 : behind_start(*next) + 1);
  std::erase_if(ids, [&](const std::string& id) { return behind_start(id) >= end; });
  return ids;
}

}  // namespace

Result<FixityRecords> read_fixity_records(const Path& file) {
  FixityRecords records;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return records;
  const json::ItemSink take = [&](const json::Value& item) { return take_record(item, records); };
  GREFFE_TRY(const json::Value value,
             json::read_file(file, {.bytes = LargestState, .hand_over = {{"meetings", take}}}));
  json::Reader reader(value, "");
  if (reader.text("schema") != Schema) return fail("{}: schema: expected {}", file.string(), Schema);
  return records;
}

Status write_fixity_records(const Path& file, const FixityRecords& records) {
  AtomicFile::remove_abandoned(file);
  GREFFE_TRY(AtomicFile made, AtomicFile::create(file));
  json::StreamWriter writer([&](std::string_view piece) { return made.write(piece); });
  writer.member("schema", Schema).open_array("meetings", json::StreamWriter::Items::OnLinesOfTheirOwn);
  for (const auto& [id, record] : records)
    writer.item(json::Object{
        {"id", id}, {"verified_utc", rfc3339(record.verified, 0)}, {"findings", record.findings}});
  writer.close();
  GREFFE_CHECK(writer.finish());
  return made.commit();
}

std::vector<std::string> choose_meetings(std::vector<std::string> ids, const FixityRecords& records,
                                         const FixityChoice& choice) {
  const auto verified = [&](const std::string& id) {
    const auto found = records.find(id);
    const bool counts = found != records.end() && found->second.verified <= choice.now;
    return counts ? found->second.verified : WallTime::min();
  };
  if (choice.older_than)
    std::erase_if(ids, [&](const std::string& id) {
      const WallTime time = verified(id);
      return time != WallTime::min() && choice.now - time < *choice.older_than;
    });
  if (!choice.by_age) return choice.percent == 100 ? ids : todays_part(std::move(ids), choice);
  std::stable_sort(ids.begin(), ids.end(),
                   [&](const std::string& a, const std::string& b) { return verified(a) < verified(b); });
  const std::size_t wanted = (ids.size() * static_cast<std::size_t>(choice.percent) + 99) / 100;
  ids.resize(std::min(ids.size(), wanted));
  return ids;
}

}  // namespace greffe::custody
