#include "catalog/disposal_files.h"

#include <algorithm>
#include <numeric>

#include "base/folder.h"
#include "catalog/archive.h"
#include "catalog/disposal_json.h"
#include "catalog/numbered_files.h"
#include "fixity/hasher.h"

namespace greffe::catalog {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view TrashedEnd = ".trashed.json";
constexpr std::string_view RestoredEnd = ".restored.json";
constexpr std::string_view TombstoneEnd = ".tombstone.json";

// Of lines in the order of their meetings.
template <class Line>
const Line* line_for(const std::vector<Line>& lines, std::string_view meeting) {
  const auto found =
      std::lower_bound(lines.begin(), lines.end(), meeting,
                       [](const Line& line, std::string_view wanted) { return line.meeting < wanted; });
  return found != lines.end() && found->meeting == meeting ? &*found : nullptr;
}

// What a file says.
template <class Read>
auto read_document(const Path& file, Read read) -> decltype(read(json::Value())) {
  GREFFE_TRY(const json::Value value, read_json(file, LargestList));
  auto record = read(value);
  if (!record) return not_whole(file, record);
  return record;
}

tl::unexpected<Error> contradiction(const Path& file, std::string_view why) {
  return fail(ErrorKind::Integrity, "{}: {}", file.string(), why);
}

Status check_visa(const Path& file, const Visa& visa, const DisposalList& list, const std::string& digest) {
  if (visa.said.list != list.id) return contradiction(file, "it is of another list");
  if (visa.said.list_sha512 != digest) return contradiction(file, "it knows the list by another digest");
  for (const VisaLine& line : visa.said.lines)
    if (list.find(line.meeting) == nullptr)
      return contradiction(file, fmt::format("{} is not in the list", line.meeting));
  return {};
}

Status check_tombstone(const Path& file, const Tombstone& stone, const DisposalList& list,
                       const std::string& digest) {
  const ListLine* line = list.find(stone.meeting);
  if (stone.list_sha512 != digest) return contradiction(file, "it knows the list by another digest");
  if (line == nullptr || stone.line != *line) return contradiction(file, "its line is not that of the list");
  return {};
}

Status check_certificate(const Path& file, const Certificate& certificate, const DisposalList& list,
                         const std::string& digest) {
  if (certificate.list != list.id) return contradiction(file, "it is of another list");
  if (certificate.list_sha512 != digest) return contradiction(file, "it knows the list by another digest");
  for (const std::string& meeting : certificate.meetings)
    if (list.find(meeting) == nullptr)
      return contradiction(file, fmt::format("{} is not in the list", meeting));
  return {};
}

// The meeting of "MEETING.trashed.json" and the like; nullopt for any other name.
std::optional<std::string> meeting_in(const std::string& name, std::string_view end) {
  if (!name.ends_with(end)) return std::nullopt;
  std::string meeting = name.substr(0, name.size() - end.size());
  return is_meeting_id(meeting) ? std::optional(std::move(meeting)) : std::nullopt;
}

class RecordOfList {
 public:
  explicit RecordOfList(Path folder) : folder_(std::move(folder)) {}

  Result<DisposalRecord> read() {
    const Path file = folder_ / "list.json";
    GREFFE_TRY(record_.list, read_document(file, list_of));
    if (record_.list.id != folder_.filename().string())
      return contradiction(file, fmt::format("it is of the list {}", record_.list.id));
    digest_ = record_.list.digest();
    GREFFE_CHECK(read_visas());
    GREFFE_CHECK(read_lines());
    GREFFE_CHECK(read_certificates());
    return std::move(record_);
  }

 private:
  Status read_visas() {
    GREFFE_TRY(const std::int64_t count, count_in(folder_, "visa-"));
    for (std::int64_t number = 1; number <= count; ++number) {
      const Path file = folder_ / visa_file(number);
      GREFFE_TRY(Visa visa, read_document(file, visa_of));
      if (visa.number != number)
        return contradiction(file, fmt::format("has the number {} in it", visa.number));
      GREFFE_CHECK(check_visa(file, visa, record_.list, digest_));
      record_.visas.push_back(std::move(visa));
    }
    return {};
  }

  Status read_lines() {
    const Path folder = folder_ / "lines";
    GREFFE_TRY(const auto entries, list_folder_if_any(folder));
    for (const FolderEntry& entry : entries) GREFFE_CHECK(read_line_file(folder / entry.name));
    for (const auto& [meeting, files] : record_.done) {
      if (!files.trashed)
        return contradiction(folder_ / trashed_file(meeting), "missing, though it was restored or destroyed");
      if (files.restored && files.tombstone)
        return contradiction(folder_ / tombstone_file(meeting), "it was restored, too");
    }
    return {};
  }

  Status read_line_file(const Path& file) {
    const std::string name = file.filename().string();
    if (const auto meeting = meeting_in(name, TrashedEnd)) {
      GREFFE_TRY(Trashed read, read_document(file, trashed_of));
      return keep(file, *meeting, std::move(read), &LineFiles::trashed);
    }
    if (const auto meeting = meeting_in(name, RestoredEnd)) {
      GREFFE_TRY(Restored read, read_document(file, restored_of));
      return keep(file, *meeting, std::move(read), &LineFiles::restored);
    }
    if (const auto meeting = meeting_in(name, TombstoneEnd)) {
      GREFFE_TRY(Tombstone read, read_document(file, tombstone_of));
      GREFFE_CHECK(check_tombstone(file, read, record_.list, digest_));
      return keep(file, *meeting, std::move(read), &LineFiles::tombstone);
    }
    return {};
  }

  template <class Record>
  Status keep(const Path& file, const std::string& meeting, Record read,
              std::optional<Record> LineFiles::*member) {
    if (read.list != record_.list.id) return contradiction(file, "it is of another list");
    if (read.meeting != meeting) return contradiction(file, "it is of another meeting");
    if (record_.list.find(meeting) == nullptr) return contradiction(file, "its meeting is not in the list");
    record_.done[meeting].*member = std::move(read);
    return {};
  }

  Status read_certificates() {
    GREFFE_TRY(const std::int64_t count, count_in(folder_, "certificate-"));
    for (std::int64_t number = 1; number <= count; ++number) {
      const Path file = folder_ / certificate_file(number);
      GREFFE_TRY(Certificate certificate, read_document(file, certificate_of));
      if (certificate.number != number)
        return contradiction(file, fmt::format("has the number {} in it", certificate.number));
      GREFFE_CHECK(check_certificate(file, certificate, record_.list, digest_));
      record_.certificates.push_back(std::move(certificate));
    }
    return {};
  }

  Path folder_;
  DisposalRecord record_;
  std::string digest_;
};

// A folder that a killed run had only begun has no list, and nothing that rests on one.
Result<bool> has_list(const Path& folder) {
  std::error_code error;
  if (fs::exists(folder / "list.json", error)) return true;
  GREFFE_TRY(const auto visas, numbers_in(folder, "visa-"));
  GREFFE_TRY(const auto certificates, numbers_in(folder, "certificate-"));
  return !visas.empty() || !certificates.empty();
}

}  // namespace

std::string DisposalList::digest() const {
  return fixity::hex_digest(fixity::Algorithm::Sha512, json::write(json_of(*this), json::Style::Canonical));
}

std::int64_t DisposalList::bytes() const {
  return std::accumulate(lines.begin(), lines.end(), std::int64_t{0},
                         [](std::int64_t sum, const ListLine& line) { return sum + line.bytes; });
}

const ListLine* DisposalList::find(std::string_view meeting) const { return line_for(lines, meeting); }
const VisaLine* VisaText::find(std::string_view meeting) const { return line_for(lines, meeting); }

std::string visa_file(std::int64_t number) { return fmt::format("visa-{}.json", number); }
std::string trashed_file(std::string_view meeting) { return fmt::format("lines/{}{}", meeting, TrashedEnd); }
std::string restored_file(std::string_view meeting) {
  return fmt::format("lines/{}{}", meeting, RestoredEnd);
}
std::string tombstone_file(std::string_view meeting) {
  return fmt::format("lines/{}{}", meeting, TombstoneEnd);
}
std::string salt_file(std::string_view meeting) { return fmt::format("lines/{}.salt", meeting); }
std::string certificate_file(std::int64_t number) { return fmt::format("certificate-{}.json", number); }
std::string request_file(std::int64_t number) { return fmt::format("request-{}.json", number); }
std::string answer_file(std::int64_t number) { return fmt::format("answer-{}.json", number); }

bool is_list_id(std::string_view id) {
  constexpr std::string_view Shape = "disposal-dddddddd-hhhhhh";
  constexpr std::size_t Fixed = std::string_view("disposal-").size();
  if (id.size() != Shape.size() || id.substr(0, Fixed) != Shape.substr(0, Fixed)) return false;
  for (std::size_t i = Fixed; i < id.size(); ++i) {
    const bool digit = id[i] >= '0' && id[i] <= '9', letter = id[i] >= 'a' && id[i] <= 'f';
    if (Shape[i] == 'd' ? !digit : Shape[i] == 'h' ? !digit && !letter : id[i] != Shape[i]) return false;
  }
  return true;
}

retention::LineHistory DisposalRecord::history_of(std::string_view meeting) const {
  retention::LineHistory history;
  history.proposed = list.day;
  history.proposer = list.by.login;
  for (const Visa& visa : visas)
    if (const VisaLine* line = visa.said.find(meeting))
      history.visas.push_back({.person = visa.by.login,
                               .key = visa.key,
                               .with_proposers_key = list.public_key.empty()
                                                         ? visa.by.login == list.by.login
                                                         : visa.public_key == list.public_key,
                               .verdict = line->verdict,
                               .given = visa.day,
                               .valid_until = visa.said.valid_until,
                               .deferred_until = line->until});
  history.destroyed_elsewhere = destroyed_elsewhere.contains(meeting);
  if (const auto found = done.find(meeting); found != done.end()) {
    if (found->second.trashed) history.trashed = found->second.trashed->day;
    history.restored = found->second.restored.has_value();
    history.destroyed = found->second.tombstone.has_value();
  }
  return history;
}

Result<DisposalRecord> read_disposal(const Path& folder) { return RecordOfList(folder).read(); }

Result<std::vector<std::string>> lists_in(const Path& disposals) {
  std::vector<std::string> ids;
  GREFFE_TRY(const auto entries, list_folder_if_any(disposals));
  for (const auto& [id, kind] : entries) {
    if (!is_list_id(id)) continue;
    GREFFE_TRY(const bool whole, has_list(disposals / id));
    if (whole) ids.push_back(id);
  }
  return ids;
}

Result<std::vector<RequestRecord>> read_requests(const Path& folder) {
  std::vector<RequestRecord> records;
  GREFFE_TRY(const std::int64_t count, count_in(folder, "request-"));
  for (std::int64_t number = 1; number <= count; ++number) {
    const Path file = folder / request_file(number);
    GREFFE_TRY(ErasureRequest request, read_document(file, request_of));
    if (request.number != number)
      return contradiction(file, fmt::format("has the number {} in it", request.number));
    records.push_back({std::move(request), std::nullopt});
  }
  GREFFE_TRY(const auto answers, numbers_in(folder, "answer-"));
  for (const std::int64_t number : answers) {
    const Path file = folder / answer_file(number);
    if (number > count) return contradiction(file, "there is no such request");
    GREFFE_TRY(ErasureAnswer answer, read_document(file, answer_of));
    if (answer.number != number)
      return contradiction(file, fmt::format("has the number {} in it", answer.number));
    records[static_cast<std::size_t>(number) - 1].answer = std::move(answer);
  }
  return records;
}

}  // namespace greffe::catalog
