#include "custody/meeting_record.h"

#include <algorithm>

#include "fixity/manifest.h"
#include "json/read_file.h"
#include "json/reader.h"
#include "timeline/meeting.h"
#include "timeline/meeting_folder.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t LargestJson = 64u << 20;
constexpr std::string_view SidecarSuffix = ".track.json";
constexpr std::string_view ReceiptSuffix = ".receipt.json";
constexpr std::string_view CuesFile = "captions/cues.json";

Result<json::Value> read_json(const Path& path) { return json::read_file(path, LargestJson); }

std::string top_folder(const std::string& path) {
  const auto slash = path.find('/');
  return slash == std::string::npos ? "meeting" : path.substr(0, slash);
}

// One folder being turned into rows.
class RecordReader {
 public:
  RecordReader(const Path& folder, DamageLog& damage) : folder_(folder), damage_(damage) {}

  Result<catalog::MeetingRecord> read() {
    GREFFE_CHECK(read_meeting());
    GREFFE_CHECK(read_manifest());
    for (const catalog::AssetRow& asset : record_.assets) {
      if (asset.path.starts_with("tracks/") && asset.path.ends_with(SidecarSuffix))
        survive(asset, read_track(asset));
      if (asset.path.starts_with("renders/") && asset.path.ends_with(ReceiptSuffix))
        survive(asset, read_render(asset));
      if (asset.path == CuesFile) survive(asset, read_cues(asset));
    }
    std::sort(record_.tracks.begin(), record_.tracks.end(),
              [](const auto& a, const auto& b) { return a.track < b.track; });
    std::sort(record_.renders.begin(), record_.renders.end(),
              [](const auto& a, const auto& b) { return a.file < b.file; });
    return std::move(record_);
  }

 private:
  Status read_meeting() {
    GREFFE_TRY(const json::Value value, read_json(folder_ / "meeting.json"));
    const auto meeting = timeline::meeting_of(value);
    if (!meeting) return fail_within((folder_ / "meeting.json").string(), meeting);
    record_.meeting = {.id = meeting->id,
                       .title = meeting->title,
                       .start_unix_ms = whole_ms(meeting->start.time_since_epoch()),
                       .duration_ms = whole_ms(meeting->end),
                       .origin = meeting->origin,
                       .meeting_class = meeting->meeting_class};
    for (const std::string& producer : meeting->producers) record_.producers.push_back({producer});
    for (const timeline::Participant& participant : meeting->participants)
      record_.participants.push_back({participant.id, participant.name});
    return {};
  }

  Status read_manifest() {
    const Path path = folder_ / fixity::ManifestName;
    GREFFE_TRY(const fixity::FileDigest own, fixity::digest_of_file(path));
    GREFFE_TRY(const fixity::Manifest manifest, fixity::read_manifest(path));
    record_.meeting.manifest = own.digest;
    for (const auto& [name, digest] : manifest) {
      std::error_code error;
      const auto bytes = fs::file_size(folder_ / name, error);
      if (error) {
        damage_.add({.condition = "missing-file",
                     .place = record_.meeting.id,
                     .unit = "files",
                     .text = fmt::format("{} is in the manifest, but not there", name)});
        continue;
      }
      record_.assets.push_back({name, top_folder(name), static_cast<std::int64_t>(bytes), digest});
    }
    return {};
  }

  Status read_track(const catalog::AssetRow& asset) {
    GREFFE_TRY(const timeline::TrackSidecar sidecar,
               timeline::read_sidecar(folder_ / asset.path, timeline::SidecarLists::LeftOut));
    record_.tracks.push_back({.track = sidecar.track,
                              .participant = sidecar.participant,
                              .role = sidecar.role,
                              .codec = std::string(media::facts_of(sidecar.codec).name),
                              .dump = sidecar.dump,
                              .start_ms = whole_ms(sidecar.range.start),
                              .end_ms = whole_ms(sidecar.range.end),
                              .frames = static_cast<std::int64_t>(sidecar.frames),
                              .packets = static_cast<std::int64_t>(sidecar.packets),
                              .lost = static_cast<std::int64_t>(sidecar.lost),
                              .late = static_cast<std::int64_t>(sidecar.late),
                              .duplicates = static_cast<std::int64_t>(sidecar.duplicates),
                              .recovered = static_cast<std::int64_t>(sidecar.recovered)});
    return {};
  }

  Status read_render(const catalog::AssetRow& asset) {
    GREFFE_TRY(const json::Value value, read_json(folder_ / asset.path));
    json::Reader receipt(value, asset.path);
    json::Value output_object = receipt.object("output");
    json::Reader output(output_object, asset.path + ": output");
    catalog::RenderRow row{.file = "renders/" + Path(output.text("file")).filename().string(),
                           .bytes = output.integer("bytes"),
                           .receipt = asset.path};
    const auto film = fixity::Digest::of_hex(output.text("sha256"));
    const auto scenes = fixity::Digest::of_hex(receipt.text("scenes_sha256"));
    const json::Value* options = receipt.find("options");
    row.options = options ? json::write(*options, json::Style::Canonical) : "{}";
    GREFFE_CHECK(receipt.status());
    GREFFE_CHECK(output.status());
    if (!film || !scenes) return fail("{}: a digest is not 64 hex digits", asset.path);
    row.digest = *film;
    row.scenes = *scenes;
    const bool there = std::any_of(record_.assets.begin(), record_.assets.end(),
                                   [&](const auto& known) { return known.path == row.file; });
    if (!there) return fail("{}: its film {} is not in the manifest", asset.path, row.file);
    record_.renders.push_back(std::move(row));
    return {};
  }

  Status read_cues(const catalog::AssetRow& asset) {
    GREFFE_TRY(const std::string text, read_text(folder_ / asset.path, LargestJson));
    auto cues = cue_rows_of(text);
    if (!cues) return fail_within(asset.path, cues);
    record_.cues = std::move(*cues);
    return {};
  }

  void survive(const catalog::AssetRow& asset, const Status& status) {
    if (status) return;
    damage_.add({.condition = "unreadable-file",
                 .place = record_.meeting.id + "/" + asset.path,
                 .unit = "files",
                 .text = status.error().message()});
  }

  const Path& folder_;
  DamageLog& damage_;
  catalog::MeetingRecord record_;
};

}  // namespace

Result<catalog::MeetingRecord> read_meeting_record(const Path& folder, DamageLog& damage) {
  return RecordReader(folder, damage).read();
}

Result<std::vector<catalog::CueRow>> cue_rows_of(std::string_view text) {
  GREFFE_TRY(const json::Value value, json::parse(text));
  json::Reader reader(value, "");
  if (reader.text("schema") != "greffe.cues/1") reader.refuse("schema", "expected greffe.cues/1");
  std::vector<catalog::CueRow> rows;
  for (const json::Value& item : reader.array("cues")) {
    json::Reader cue(item, fmt::format("cues[{}]", rows.size()));
    rows.push_back({.start_ms = cue.integer("start_ms"),
                    .end_ms = cue.integer("end_ms"),
                    .speaker = cue.find_text("speaker").value_or(""),
                    .text = cue.text("text")});
    GREFFE_CHECK(cue.status());
  }
  GREFFE_CHECK(reader.status());
  return rows;
}

}  // namespace greffe::custody
