#include "retention/policy_diff.h"

#include "retention/explain.h"

namespace greffe::retention {
namespace {

void add_to(Shift& shift, std::optional<CivilDate> day, std::int64_t bytes) {
  ++shift.meetings;
  shift.bytes += bytes;
  if (day && (!shift.earliest || *day < *shift.earliest)) shift.earliest = day;
}

}  // namespace

bool add(PolicyDiff& diff, const Decision& before, const Decision& after, std::int64_t bytes) {
  ++diff.meetings;
  if (is_sooner(before, after)) {
    add_to(diff.sooner, after.due_from, bytes);
    add_to(diff.sooner_by_rule[deciding_rule(after)], after.due_from, bytes);
    return true;
  }
  if (is_sooner(after, before)) {
    const std::string keeps = deciding_rule(after);
    add_to(diff.later, before.due_from, bytes);
    add_to(diff.later_by_rule[keeps.empty() ? deciding_rule(before) : keeps], before.due_from, bytes);
    return true;
  }
  return false;
}

}  // namespace greffe::retention
