// One run that changes disposals/: it has the locks, completes what an earlier run left undone, and writes
// each file once, told in the journal before and after (RETENTION D5).
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/damage_log.h"
#include "base/file_lock.h"
#include "catalog/archive.h"
#include "catalog/disposal_rows.h"
#include "custody/acting.h"
#include "custody/disposal_reserve.h"
#include "units/time_zone.h"

namespace greffe::custody {

catalog::Person person_of(const Acting& acting);
// "disposals/ID/NAME", relative to the archive: as the journal has it.
std::string disposal_path(std::string_view list, std::string_view name);

class DisposalRun {
 public:
  enum class Reach : std::uint8_t {
    Lists,    // adds to lists
    Archive,  // moves and removes meetings: nobody rebuilds meanwhile
  };
  // Waits for the locks, then completes what others left. `archive` and `acting` must outlive the run.
  // Refused where the clock is not to be believed (T6) and `clock_jump`, the reason why it is right, is
  // empty: what is over is told by the day.
  static Result<DisposalRun> begin(const catalog::Archive& archive, const Acting& acting, Reach reach,
                                   const std::string& clock_jump);

  const catalog::Archive& archive() const { return archive_; }
  const Acting& acting() const { return acting_; }
  catalog::Catalog& catalog() { return catalog_; }
  const TimeZone& zone() const { return zone_; }
  CivilDate today() const { return zone_.date_of(acting_.now); }

  // The list with this id, or the only one that begins so. ErrorKind::Usage when there is none or several.
  Result<catalog::DisposalRecord> read_list(const std::string& prefix) const;

  // Makes the folder of a new list, whole.
  Status publish(const std::string& list, const std::vector<std::pair<std::string, std::string>>& files);
  // Writes a file of a list, with the entries before and behind it and its `effect`. `subject` is what the
  // entries are about.
  Status write(std::string_view action, const std::string& subject, const std::string& list,
               const std::string& name, const std::string& text, const std::function<Status()>& effect = {});

  // Makes folders, rows and journal what the files of all open lists say, and closes those of which nothing
  // can come any more. A meeting in the trash that a hold covers is brought back (H6).
  Status settle();
  // The rows and the journal of the catalog follow.
  Status index();

 private:
  DisposalRun(const catalog::Archive& archive, const Acting& acting, std::vector<FileLock> locks,
              std::optional<DisposalReserve> reserve, catalog::Catalog catalog, const TimeZone& zone)
      : archive_(archive),
        acting_(acting),
        locks_(std::move(locks)),
        reserve_(std::move(reserve)),
        catalog_(std::move(catalog)),
        zone_(zone) {}

  Status settle_list(const std::string& id);
  Status settle_line(const catalog::DisposalRecord& record, const catalog::ListLine& line);
  Status return_held(catalog::DisposalRecord& record);
  Status close_if_over(catalog::DisposalRecord& record);

  const catalog::Archive& archive_;
  const Acting& acting_;
  std::vector<FileLock> locks_;
  std::optional<DisposalReserve> reserve_;
  catalog::Catalog catalog_;
  TimeZone zone_;
};

// Where the files of a line want its meeting's folder to be; moves or removes it. The caller has the
// meeting's lock.
Status move_to_trash(const catalog::Archive& archive, std::string_view meeting);
Status bring_back(const catalog::Archive& archive, std::string_view meeting);
// With the salts of its lines.
Status remove_from_trash(const catalog::Archive& archive, std::string_view meeting);

// Those of a list that were destroyed and were taken in again since.
std::set<std::string> come_again(const catalog::Archive& archive, const catalog::DisposalRecord& record);

// For the transaction of whoever looks which meetings there are: rows of what was destroyed go, also where a
// program was killed before it came to that.
Status enter_late_disposals(const catalog::Archive& archive, const catalog::Catalog& catalog);

// Enters into the catalog what disposals/ has and it does not.
Status index_disposals(const catalog::Archive& archive, const catalog::Catalog& catalog);

// After a hold was placed: what it covers comes back from the trash. Somebody at work on disposals does it
// then, or their next run.
Status return_what_is_held(const catalog::Archive& archive, const Acting& acting);

}  // namespace greffe::custody
