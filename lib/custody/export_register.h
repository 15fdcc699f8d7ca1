// Which packages left the archive, of what and to whom: exports/export-N.json, each written once (D10).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/file_lock.h"
#include "catalog/archive.h"
#include "catalog/exports.h"
#include "custody/acting.h"
#include "json/value.h"

namespace greffe::custody {

using catalog::ExportedMeeting;
using catalog::ExportedPart;
using catalog::ExportRecord;

inline constexpr std::string_view ExportSchema = "greffe.export/1";

// The document of its file.
json::Object json_of(const ExportRecord& record);
// "exports/export-7.json", relative to the archive.
std::string export_path(std::int64_t number);

// All exports, by number. A hole in the numbers, or a file that is not what its name says, fails with
// ErrorKind::Integrity. An export whose program was killed before it was handed over is among them: nobody
// can tell whether somebody has it.
Result<std::vector<ExportRecord>> registered_exports(const catalog::Archive& archive);
// Whether the meeting is in it.
bool has_meeting(const ExportRecord& exported, std::string_view meeting);
// Those that have this meeting: what a certificate names as still out (D10).
Result<std::vector<ExportRecord>> exports_of(const catalog::Archive& archive, std::string_view meeting);

// Enters into the catalog what exports/ has and it does not.
Status index_exports(const catalog::Archive& archive, const catalog::Catalog& catalog);

// One export being registered: entered before its package gets its name, done when it has it.
class ExportRegistration {
 public:
  // Takes the lock of the register, which is held until this object goes. `archive` and `acting` must outlive
  // it.
  static Result<ExportRegistration> begin(const catalog::Archive& archive, const Acting& acting);

  // The newest export to this place, where the journal does not tell that it is done, or the catalog does not
  // have it: its program was killed.
  Result<std::optional<ExportRecord>> find_unfinished(const std::string& target) const;
  // The newest export to this place, finished or not.
  const ExportRecord* find_newest(const std::string& target) const;
  // Gives `record` the next number, journals that it is intended, and writes its file. Where an unfinished
  // one says the same it goes on with that.
  Status enter(ExportRecord record);
  // Journals that this export, entered or unfinished, is done, and enters it into the catalog.
  Status finish(const ExportRecord& record);

  // What enter() has entered.
  const ExportRecord& entered() const { return entered_; }

 private:
  ExportRegistration(const catalog::Archive& archive, const Acting& acting, FileLock lock,
                     catalog::Catalog catalog, std::vector<ExportRecord> all)
      : archive_(&archive),
        acting_(&acting),
        lock_(std::move(lock)),
        catalog_(std::move(catalog)),
        all_(std::move(all)) {}

  Status journal(const ExportRecord& record, const fixity::Digest& digest, const char* outcome);

  const catalog::Archive* archive_;
  const Acting* acting_;
  FileLock lock_;
  catalog::Catalog catalog_;
  std::vector<ExportRecord> all_;
  ExportRecord entered_;
};

}  // namespace greffe::custody
