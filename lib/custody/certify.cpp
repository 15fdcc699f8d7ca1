#include "custody/certify.h"

#include <algorithm>
#include <set>

#include "catalog/holds.h"
#include "custody/export_register.h"
#include "fixity/manifest.h"
#include "fixity/merkle.h"
#include "journal/journal.h"

namespace greffe::custody {
namespace {

// Root of the journal's tree over its first entries.
Result<fixity::Digest> root_at(const catalog::Archive& archive, std::int64_t entries) {
  GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive.journal_folder()));
  fixity::MerkleFrontier tree;
  while (static_cast<std::int64_t>(tree.size()) < entries) {
    GREFFE_TRY(const auto entry, reader.next());
    if (!entry) break;
    tree.add(fixity::leaf_digest(reader.line()));
  }
  return tree.root();
}

std::vector<std::int64_t> accepting(const catalog::DisposalRecord& record, std::string_view meeting) {
  std::vector<std::int64_t> numbers;
  for (const catalog::Visa& visa : record.visas)
    for (const catalog::VisaLine& line : visa.said.lines)
      if (line.meeting == meeting && line.verdict == retention::Verdict::Accept)
        numbers.push_back(visa.number);
  return numbers;
}

// Tombstones of which no certificate tells yet, by meeting.
std::vector<const catalog::Tombstone*> uncertified(const catalog::DisposalRecord& record) {
  std::set<std::string> told;
  for (const catalog::Certificate& certificate : record.certificates)
    told.insert(certificate.meetings.begin(), certificate.meetings.end());
  std::vector<const catalog::Tombstone*> found;
  for (const auto& [meeting, done] : record.done)
    if (done.tombstone && !told.contains(meeting)) found.push_back(&*done.tombstone);
  return found;
}

void add_export(catalog::Certificate& certificate, const ExportRecord& record, const std::string& meeting) {
  const std::string id = catalog::export_id(record.number);
  for (catalog::CertifiedExport& known : certificate.exports)
    if (known.id == id) return known.meetings.push_back(meeting);
  certificate.exports.push_back({.id = id,
                                 .recipient = record.recipient,
                                 .date = text_of(record.bagging_date),
                                 .digest = record.parts.empty() ? "" : record.parts.front().digest.hex(),
                                 .meetings = {meeting}});
}

}  // namespace

Result<catalog::Tombstone> make_tombstone(DisposalRun& run, const ListToBury& list,
                                          const catalog::ListLine& line) {
  const catalog::DisposalRecord& record = list.record;
  const auto done = record.done.find(line.meeting);
  catalog::Tombstone stone{.list = record.list.id,
                           .meeting = line.meeting,
                           .list_sha512 = list.sha512,
                           .line = line,
                           .visas = accepting(record, line.meeting),
                           .dumps = {},
                           .trashed = done->second.trashed->when,
                           .destroyed = run.acting().now,
                           .by = person_of(run.acting())};
  GREFFE_TRY(const auto rows, run.catalog().find_meeting(line.meeting));
  std::vector<std::string> digests;
  if (rows)
    for (const catalog::AssetRow& asset : rows->assets) {
      if (asset.kind != "dumps" && asset.kind != "documents") continue;
      stone.dumps.push_back({.sha256 = asset.digest.hex(), .bytes = asset.bytes});
      digests.push_back(asset.digest.hex());
    }
  GREFFE_TRY(stone.also_in, catalog::others_with(run.catalog(), line.meeting, digests));
  for (const ExportRecord& exported : list.exports)
    if (has_meeting(exported, line.meeting)) stone.exports.push_back(catalog::export_id(exported.number));
  return stone;
}

Result<std::int64_t> certify(DisposalRun& run, const std::string& list,
                             std::vector<catalog::SkippedLine> skipped) {
  GREFFE_CHECK(run.index());
  GREFFE_TRY(const catalog::DisposalRecord record,
             catalog::read_disposal(run.archive().disposals_folder() / list));
  const auto stones = uncertified(record);
  if (stones.empty()) return 0;
  catalog::Certificate certificate{.list = list,
                                   .number = static_cast<std::int64_t>(record.certificates.size()) + 1,
                                   .list_sha512 = record.list.digest(),
                                   .when = run.acting().now,
                                   .by = person_of(run.acting()),
                                   .visas = {},
                                   .meetings = {},
                                   .skipped = std::move(skipped)};
  GREFFE_TRY(const std::vector<ExportRecord> exports, registered_exports(run.archive()));
  std::set<std::int64_t> visas;
  for (const catalog::Tombstone* stone : stones) {
    certificate.meetings.push_back(stone->meeting);
    certificate.bytes += stone->line.bytes;
    visas.insert(stone->visas.begin(), stone->visas.end());
    for (const ExportRecord& exported : exports)
      if (has_meeting(exported, stone->meeting)) add_export(certificate, exported, stone->meeting);
  }
  certificate.visas.assign(visas.begin(), visas.end());
  GREFFE_TRY(const auto entries, catalog::purge_entries(run.catalog(), certificate.meetings));
  certificate.first_entry = entries.first;
  certificate.last_entry = entries.second;
  GREFFE_TRY(const fixity::Digest root, root_at(run.archive(), entries.second));
  certificate.tree_head = root.hex();
  GREFFE_CHECK(run.write("certify", list, list, catalog::certificate_file(certificate.number),
                         catalog::text_of(certificate)));
  return certificate.number;
}

}  // namespace greffe::custody
