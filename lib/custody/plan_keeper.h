// A plan being put away for the views v_plan and v_due of the catalog.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/saved_plan.h"
#include "custody/retention_plan.h"

namespace greffe::custody {

// Collects what is decided while the catalog is read, and writes it when that is over: a million meetings are
// a hundred megabytes here, and no other writer waits for their decisions.
class PlanKeeper {
 public:
  // Of the meetings in the order of their ids.
  void add(const PlannedMeeting& planned);
  // Into the catalog of `archive`, in the place of the plan before.
  Status save(const catalog::Archive& archive, const catalog::SavedPlan& plan,
              std::chrono::milliseconds lock_wait) const;

 private:
  struct Kept {
    std::string meeting;
    std::uint32_t codes = 0;  // a bit for each
    retention::Code code{};
    std::optional<CivilDate> keep_until, due_from, propose_from;
    std::optional<retention::FinalAction> action;
    std::uint32_t rule = 0, waits_for = 0, in_doubt = 0;  // in texts_
  };
  std::uint32_t number_of(std::string text);
  catalog::PlanRow row_of(const Kept& kept) const;

  std::vector<Kept> kept_;
  std::vector<std::string> texts_;
  std::map<std::string, std::uint32_t> numbers_;  // of texts_
};

}  // namespace greffe::custody
