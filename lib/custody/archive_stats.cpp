#include "custody/archive_stats.h"

#include <map>
#include <tuple>

#include "base/progress.h"
#include "custody/retention_plan.h"

namespace greffe::custody {
namespace {

constexpr std::uint64_t MeetingsBetweenLooks = 4096;

class Sums {
 public:
  explicit Sums(const TimeZone& zone) : zone_(zone) {}

  void add(const std::string& record_class, std::string_view state, std::int64_t start_unix_ms,
           std::int64_t end_unix_ms, std::int64_t bytes) {
    const int year =
        static_cast<int>(zone_.date_of(WallTime(std::chrono::milliseconds(start_unix_ms))).year());
    StatsRow& row = rows_[{record_class, state, year}];
    ++row.meetings;
    row.duration_ms += end_unix_ms - start_unix_ms;
    row.bytes += bytes;
  }

  std::vector<StatsRow> rows() const {
    std::vector<StatsRow> rows;
    for (const auto& [key, sum] : rows_) {
      StatsRow& row = rows.emplace_back(sum);
      row.record_class = std::get<0>(key);
      row.state = std::get<1>(key);
      row.year = std::get<2>(key);
    }
    return rows;
  }

 private:
  TimeZone zone_;
  std::map<std::tuple<std::string, std::string_view, int>, StatsRow> rows_;  // names of codes are literals
};

}  // namespace

Result<std::vector<StatsRow>> archive_stats(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                            CivilDate as_of, bool decide, DamageLog& damage) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  Sums sums(zone);
  if (decide) {
    const auto planned = plan_retention(archive, catalog, as_of, [&](const PlannedMeeting& meeting) {
      sums.add(meeting.record_class, retention::name_of(meeting.decision.code), meeting.start_unix_ms,
               meeting.end_unix_ms, meeting.bytes);
      return true;
    });
    if (!planned) return tl::unexpected(planned.error());
    damage.add_all(planned->damage);
    return sums.rows();
  }
  GREFFE_TRY(catalog::RetentionRows rows, catalog::RetentionRows::open(catalog));
  for (std::uint64_t count = 0;; ++count) {
    if (count % MeetingsBetweenLooks == 0 && stop_requested())
      return fail(ErrorKind::Interrupted, "stopped while counting");
    GREFFE_TRY(const catalog::RetentionRow* row, rows.next());
    if (row == nullptr) return sums.rows();
    sums.add(row->meeting_class, "", row->start_unix_ms, row->end_unix_ms, row->bytes);
  }
}

}  // namespace greffe::custody
