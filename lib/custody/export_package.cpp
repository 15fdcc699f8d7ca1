#include "custody/export_package.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/file_lock.h"
#include "base/text.h"
#include "custody/folder_fixity.h"
#include "custody/hash_pipeline.h"
#include "package/bag_path.h"

namespace greffe::custody {
namespace {

using package::BagInfo;

constexpr std::string_view PackageSchema = "greffe.package/1";
constexpr std::size_t LongestDescription = 200;
constexpr std::uint64_t LabelsAndLists =
    16'384;                                  // bag-info.txt, greffe.json, tag manifests and their headers
constexpr std::uint64_t PerMeeting = 2'048;  // in labels and greffe.json, titles besides
constexpr std::array<std::string_view, 5> Computed{"Bagging-Date", "Bag-Size", "Payload-Oxum",
                                                   "Bag-Group-Identifier", "Bag-Count"};

std::string size_text(std::uint64_t bytes) {
  constexpr std::array Units{"B", "kB", "MB", "GB", "TB", "PB"};
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 999.95 && unit + 1 < Units.size(); ++unit) size /= 1000;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, Units[unit]);
}

// A title as one line of a label.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char32_t point : code_points(text)) {
    const bool is_control = point < ' ' || (point >= 0x7f && point < 0xa0);
    if (line.size() < LongestDescription) append_utf8(line, is_control ? U' ' : point);
  }
  return std::string(trimmed(line));
}

std::string utc_of(std::int64_t unix_ms) {
  return rfc3339(WallTime(std::chrono::duration_cast<Duration>(std::chrono::milliseconds(unix_ms))));
}

// Indexes of the meetings that have files in a part.
std::vector<std::size_t> meetings_in(const PartPlace& place) {
  std::vector<std::size_t> in;
  for (const FileIndex& file : place.files)
    if (in.empty() || in.back() != file.meeting) in.push_back(file.meeting);
  return in;
}

std::vector<std::string> ids_in(const ExportWork& work, const PartPlace& place) {
  std::vector<std::string> ids;
  for (const std::size_t meeting : meetings_in(place)) ids.push_back(work.meetings[meeting].id);
  return ids;
}

const SurveyedFile& file_of(const ExportWork& work, const FileIndex& at) {
  return work.meetings[at.meeting].files[at.file];
}

package::Oxum payload_of(const ExportWork& work, const PartPlace& place) {
  package::Oxum oxum{.files = place.files.size()};
  for (const FileIndex& at : place.files) oxum.bytes += file_of(work, at).bytes;
  return oxum;
}

json::Object meeting_json(const ExportWork& work, const PartPlace& place, std::size_t index) {
  const SurveyedMeeting& meeting = work.meetings[index];
  std::int64_t files = 0, bytes = 0;
  for (const FileIndex& at : place.files)
    if (at.meeting == index) ++files, bytes += static_cast<std::int64_t>(file_of(work, at).bytes);
  return {{"id", meeting.id},
          {"title", meeting.title},
          {"start", utc_of(meeting.start_unix_ms)},
          {"duration_ms", meeting.duration_ms},
          {"origin", meeting.origin},
          {"class", meeting.meeting_class},
          {"manifest_sha256", meeting.manifest.hex()},
          {"files", files},
          {"bytes", bytes},
          {"complete", static_cast<std::size_t>(files) == meeting.files.size()}};
}

// metadata/greffe.json, or the index of a folder.
std::string description_text(const ExportWork& work, const PartPlace& place) {
  const catalog::ArchiveDescription& archive = work.archive.description();
  json::Array meetings;
  for (const std::size_t index : meetings_in(place)) meetings.push_back(meeting_json(work, place, index));
  json::Object object{{"schema", PackageSchema},
                      {"greffe", work.request.tool_version},
                      {"archive", archive.id},
                      {"owner", archive.owner},
                      {"time_zone", archive.policy_time_zone},
                      {"bagging_date", text_of(work.day)},
                      {"tree_head", work.papers.tree_head()}};
  if (!place.group.empty())
    object.set("group", place.group)
        .set("part", static_cast<std::int64_t>(place.number))
        .set("parts", static_cast<std::int64_t>(place.count));
  object.set("meetings", std::move(meetings));
  return json::write(object, json::Style::Indented) + "\n";
}

std::string describe(const ExportWork& work, const std::vector<std::size_t>& meetings) {
  const SurveyedMeeting& first = work.meetings[meetings.front()];
  const SurveyedMeeting& last = work.meetings[meetings.back()];
  const std::string from = utc_of(first.start_unix_ms).substr(0, 10);
  if (meetings.size() == 1) return one_line(first.title.empty() ? "meeting of " + from : first.title);
  return fmt::format("{} meetings, {} to {}", meetings.size(), from,
                     utc_of(last.start_unix_ms).substr(0, 10));
}

BagInfo labels_of(const ExportWork& work, const PartPlace& place) {
  const catalog::ArchiveDescription& archive = work.archive.description();
  const std::vector<std::string> ids = ids_in(work, place);
  const package::Oxum oxum = payload_of(work, place);
  BagInfo info;
  const auto add_default = [&](const char* label, const std::string& value) {
    if (!value.empty() && !package::find_label(work.request.labels, label)) info.push_back({label, value});
  };
  add_default("Source-Organization", one_line(archive.owner));
  info.insert(info.end(), work.request.labels.begin(), work.request.labels.end());
  add_default("External-Description", describe(work, meetings_in(place)));
  for (const std::string& id : ids) add_default("External-Identifier", id);
  info.push_back({"Bagging-Date", text_of(work.day)});
  info.push_back({"Bag-Size", size_text(oxum.bytes)});
  info.push_back({"Payload-Oxum", oxum.text()});
  if (!place.group.empty()) {
    info.push_back({"Bag-Group-Identifier", place.group});
    info.push_back({"Bag-Count", fmt::format("{} of {}", place.number, place.count)});
  }
  add_default("Internal-Sender-Identifier", archive.id);
  info.push_back({"Greffe-Version", work.request.tool_version});
  for (const std::string& id : ids) info.push_back({"Greffe-Item", id});
  const BagInfo more = work.papers.labels(ids);
  info.insert(info.end(), more.begin(), more.end());
  return info;
}

package::BagDraft draft_of(const ExportWork& work, const PartPlace& place) {
  package::BagDraft bag{.name = work.request.tar ? place.name : "", .info = labels_of(work, place)};
  for (auto& [name, text] : work.papers.texts(ids_in(work, place)))
    bag.tags.emplace("metadata/" + name, text);
  bag.tags.emplace("metadata/greffe.json", description_text(work, place));
  return bag;
}

}  // namespace

// A file as it went into the package.
struct PackageMaker::Copied {
  std::string path;  // below `below`
  fixity::Digest sha256;
  std::string sha512;
};

Status check_labels(const BagInfo& labels) {
  for (const package::BagLabel& label : labels) {
    GREFFE_CHECK(package::check_label(label));
    const bool is_computed = lower_case(label.label).starts_with("greffe-") ||
                             std::any_of(Computed.begin(), Computed.end(), [&](const auto& computed) {
                               return package::is_label(label.label, computed);
                             });
    if (is_computed)
      return fail(ErrorKind::Usage, "{}: is computed; the date is given with --date", label.label);
  }
  return {};
}

PartCost cost_of_parts(const ExportWork& work, const std::string& longest_name) {
  const auto packed = [&](const std::string& path, std::uint64_t bytes) {
    return work.request.tar ? package::tar_size(longest_name + "/" + path, bytes) : bytes;
  };
  PartCost cost{.fixed = LabelsAndLists + 2 * longest_name.size() +
                         package::bag_info_text(work.request.labels).size() + package::TarEnd};
  for (const SurveyedMeeting& meeting : work.meetings) {
    std::uint64_t papers = PerMeeting + 8 * meeting.title.size();
    for (const auto& [name, text] : work.papers.texts({meeting.id})) papers += packed(name, text.size());
    cost.of_meeting.push_back(papers);
    auto& files = cost.of_file.emplace_back();
    for (const SurveyedFile& file : meeting.files) {
      const std::string path = "data/" + meeting.id + "/" + file.name;
      const std::uint64_t lines = 64 + 128 + 2 * (3 + package::encoded_path(path).size());
      files.push_back(packed(path, file.bytes) + lines);
    }
  }
  return cost;
}

Status PackageMaker::copy_meeting(const SurveyedMeeting& meeting, std::span<const FileIndex> files,
                                  const std::string& below, package::PackageSink& sink, HashPipeline* sha512,
                                  std::vector<Copied>& copied) {
  const Path folder = work_.archive.meeting_folder(meeting.id);
  GREFFE_TRY(const FileLock lock,
             FileLock::acquire(work_.archive.meeting_lock(meeting.id), work_.acting.lock_wait));
  const bool is_same = has_manifest(folder, meeting.manifest);
  if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", folder.string());
  if (!is_same) return fail("{}: was changed while the package was made; run again", folder.string());
  GREFFE_TRY(const FolderReader reader, FolderReader::open(folder));
  ByteRate unlimited(0);
  for (const FileIndex& at : files) {
    const SurveyedFile& file = meeting.files[at.file];
    Copied& made = copied.emplace_back(Copied{.path = meeting.id + "/" + file.name});
    if (problems_.empty()) GREFFE_CHECK(sink.begin(below + made.path, file.bytes));
    std::uint64_t got = 0;
    const auto take = [&](Bytes bytes) -> Status {
      got += bytes.size();
      work_.progress.advance("packing", done_ += bytes.size(), work_.bytes);
      if (!problems_.empty() || got > file.bytes) return {};  // it is read to its end to be named
      if (sha512 != nullptr) sha512->push(bytes);
      return sink.write(bytes);
    };
    GREFFE_TRY(const fixity::FileDigest found, reader.copy(file.name, unlimited, take));
    made.sha256 = found.digest;
    if (found.digest != file.digest)
      problems_.push_back(fmt::format("changed: {}/{}: {} bytes of SHA-256 {}, the manifest has {}",
                                      catalog::Archive::meeting_path(meeting.id), printable(file.name),
                                      found.bytes, found.digest.hex(), file.digest.hex()));
    if (!problems_.empty()) continue;
    if (sha512 != nullptr) sha512->end_file();
    GREFFE_CHECK(sink.end());
  }
  return {};
}

Status PackageMaker::copy_files(const PartPlace& place, package::PackageSink& sink, const std::string& below,
                                std::vector<Copied>& copied, bool with_sha512) {
  std::optional<HashPipeline> sha512;
  if (with_sha512) sha512.emplace(fixity::Algorithm::Sha512);
  for (std::span<const FileIndex> rest(place.files); !rest.empty();) {
    const auto end = std::find_if(rest.begin(), rest.end(),
                                  [&](const FileIndex& at) { return at.meeting != rest.front().meeting; });
    const auto files = rest.first(static_cast<std::size_t>(end - rest.begin()));
    GREFFE_CHECK(copy_meeting(work_.meetings[rest.front().meeting], files, below, sink,
                              sha512 ? &*sha512 : nullptr, copied));
    rest = rest.subspan(files.size());
  }
  if (!sha512 || !problems_.empty()) return {};
  GREFFE_TRY(const std::vector<std::string> digests, sha512->finish());
  for (std::size_t i = 0; i < copied.size(); ++i) copied[i].sha512 = digests[i];
  return {};
}

Status PackageMaker::write_bag(const PartPlace& place, package::PackageSink& sink, ExportedPart& part) {
  package::BagDraft bag = draft_of(work_, place);
  GREFFE_CHECK(package::write_head(bag, sink));
  std::vector<Copied> copied;
  GREFFE_CHECK(copy_files(place, sink, bag.path_of("data/"), copied, true));
  if (!problems_.empty()) return {};
  for (const Copied& file : copied)
    bag.payload.emplace("data/" + file.path, package::PayloadDigests{file.sha256.hex(), file.sha512});
  if (const std::string twins = package::find_twins(bag.payload); !twins.empty())
    return fail("{} would be one file where case or normalization do not count", twins);
  GREFFE_TRY(const std::string last, package::write_tail(bag, sink));
  part.file = place.name + "/" + std::string(package::LastTagManifest);
  part.digest = fixity::digest_of(last);
  return {};
}

Status PackageMaker::write_folder(const PartPlace& place, package::PackageSink& sink, ExportedPart& part) {
  const std::string below = work_.request.tar ? place.name + "/" : "";
  std::vector<Copied> copied;
  GREFFE_CHECK(copy_files(place, sink, below, copied, false));
  if (!problems_.empty()) return {};
  fixity::Manifest manifest;
  for (const Copied& file : copied) GREFFE_CHECK(manifest.add(file.path, file.sha256));
  const std::string index = description_text(work_, place);
  GREFFE_CHECK(sink.add(below + "index.json", index));
  GREFFE_CHECK(manifest.add("index.json", fixity::digest_of(index)));
  GREFFE_CHECK(sink.add(below + fixity::ManifestName, manifest.text()));
  part.file = place.name + "/" + fixity::ManifestName;
  part.digest = fixity::digest_of(manifest.text());
  return {};
}

Result<ExportedPart> PackageMaker::write(const PartPlace& place, const Path& made) {
  const bool tar = work_.request.tar;
  std::optional<HashPipeline> sha256;  // of the whole tar
  if (tar) sha256.emplace(fixity::Algorithm::Sha256);
  GREFFE_TRY(const auto sink,
             tar ? package::make_tar_sink(made, work_.day, [&](Bytes bytes) { sha256->push(bytes); })
                 : package::make_folder_sink(made));
  ExportedPart part{.name = place.name + (tar ? ".tar" : "")};
  GREFFE_CHECK(work_.request.format == PackageFormat::Bag ? write_bag(place, *sink, part)
                                                          : write_folder(place, *sink, part));
  if (!problems_.empty()) return part;
  GREFFE_CHECK(sink->finish());
  part.bytes = static_cast<std::int64_t>(sink->bytes());
  if (work_.request.max_part && sink->bytes() > *work_.request.max_part)
    return fail("{}: {} bytes, more than a part may have", part.name, sink->bytes());
  if (tar) {
    sha256->end_file();
    part.file = part.name;
    GREFFE_TRY(const std::vector<std::string> digests, sha256->finish());
    part.digest = *fixity::Digest::of_hex(digests.front());
  }
  return part;
}

}  // namespace greffe::custody
