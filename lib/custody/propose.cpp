#include "custody/propose.h"

#include <algorithm>
#include <set>

#include "base/random.h"
#include "catalog/holds.h"
#include "catalog/meeting_matches.h"
#include "custody/disposal_run.h"
#include "custody/disposal_state.h"
#include "custody/retention_plan.h"
#include "custody/saved_queries.h"
#include "fixity/signing_key.h"

namespace greffe::custody {
namespace {

// 32 random bytes as hex: without it nobody can guess what a commitment was made of (D13).
std::string random_salt() { return random_hex(32); }

// What a tombstone leaves out, as it stands in the catalog.
std::string metadata_of(const catalog::MeetingRecord& record) {
  std::string text = fmt::format("greffe.metadata/1\n{}\n{}\n{}\n{}\n", record.meeting.id,
                                 record.meeting.title, record.meeting.origin, record.meeting.manifest.hex());
  for (const catalog::ParticipantRow& row : record.participants)
    text += fmt::format("participant {} {}\n", row.id, row.name);
  for (const catalog::ProducerRow& row : record.producers) text += fmt::format("producer {}\n", row.name);
  return text;
}

// What "@NAME" stands for today: the name may be given to another query tomorrow.
Result<std::string> scope_text(const catalog::Archive& archive, const ProposalOrder& order) {
  std::string query = order.query, condition;
  GREFFE_CHECK(resolve_saved_query(archive, query, condition));
  std::vector<std::string> parts;
  if (order.all) parts.emplace_back("all");
  if (!order.record_class.empty()) parts.push_back("class " + order.record_class);
  if (!order.rule.empty()) parts.push_back("rule " + order.rule);
  if (!query.empty()) parts.push_back("query " + query);
  if (!condition.empty()) parts.push_back("where " + condition);
  if (!order.meetings.empty()) parts.push_back(fmt::format("meetings {}", fmt::join(order.meetings, " ")));
  return fmt::format("{}", fmt::join(parts, "; "));
}

// Why a list keeps a meeting out of the next; a hold ends no deferral.
std::string code_of(const catalog::EarlierLine& earlier) {
  using enum retention::LineState;
  if (earlier.again_from) return "DEFERRED";
  return earlier.state == Refused ? "REFUSED" : "CANCELLED_BY_HOLD";
}

// One proposal in the making.
class Proposing {
 public:
  Proposing(DisposalRun& run, const ProposalOrder& order) : run_(run), order_(order) {}

  Result<Proposed> make() {
    GREFFE_CHECK(find_scope());
    if (order_.key_file) {
      GREFFE_TRY(const fixity::PrivateKey key, fixity::read_private_key(*order_.key_file));
      public_key_ = fixity::base64_of(key.public_key());
    }
    GREFFE_TRY(state_, read_policy_state(run_.archive(), run_.catalog()));
    GREFFE_TRY(open_, OpenDisposals::read(run_.archive(), run_.catalog()));
    GREFFE_CHECK(choose());
    for (const std::string& id : named_)
      if (!seen_.contains(id)) leave_out(id, "NO_ROWS", "not in the catalog");
    GREFFE_CHECK(check_thresholds());
    proposed_.list.made = run_.acting().now;
    proposed_.list.day = run_.today();
    proposed_.list.by = person_of(run_.acting());
    GREFFE_TRY(proposed_.list.scope, scope_text(run_.archive(), order_));
    proposed_.list.note = order_.note;
    proposed_.list.clock_jump = order_.clock_jump;
    proposed_.list.public_key = public_key_;
    return std::move(proposed_);
  }

 private:
  Status find_scope() {
    if (!order_.all && order_.record_class.empty() && order_.rule.empty() && order_.query.empty() &&
        order_.meetings.empty())
      return fail(ErrorKind::Usage, "what of? Give --all, --class, --rule, --query or --meeting");
    for (const std::string& prefix : order_.meetings) {
      GREFFE_TRY(std::string id, run_.archive().find_any_meeting(prefix));
      named_.insert(std::move(id));
    }
    if (order_.query.empty()) return {};
    GREFFE_TRY(const catalog::MeetingScope scope, scope_of(run_.archive(), order_.query, {}));
    GREFFE_TRY(const auto found, catalog::find_matches(run_.catalog(), scope));
    queried_.insert(found.begin(), found.end());
    return {};
  }

  bool in_scope(const PlannedMeeting& planned) const {
    return (order_.record_class.empty() || planned.record_class == order_.record_class) &&
           (order_.rule.empty() || planned.rule == order_.rule) &&
           (order_.query.empty() || queried_.contains(planned.meeting)) &&
           (named_.empty() || named_.contains(planned.meeting));
  }

  Status choose() {
    std::vector<PlannedMeeting> due;
    const auto take = [&](const PlannedMeeting& planned) {
      if (!in_scope(planned)) return true;
      seen_.insert(planned.meeting);
      if (planned.decision.proposable(run_.today()))
        due.push_back(planned);
      else if (named_.contains(planned.meeting))
        leave_out(planned.meeting, retention::name_of(planned.decision.code), why_not(planned.decision));
      return true;
    };
    GREFFE_TRY(PlanTotals totals, plan_retention(run_.archive(), run_.catalog(), run_.today(), take));
    proposed_.damage = std::move(totals.damage);
    proposed_.list.policy_version = totals.version;
    for (const PlannedMeeting& planned : due) GREFFE_CHECK(add(planned));
    return {};
  }

  static std::string why_not(const retention::Decision& decision) {
    if (decision.code == retention::Code::Due && decision.propose_from)
      return "not before " + text_of(*decision.propose_from);
    if (decision.due_from) return "due from " + text_of(*decision.due_from);
    return "see greffe-catalog why";
  }

  void leave_out(const std::string& meeting, std::string_view code, std::string why) {
    proposed_.left_out.push_back({.meeting = meeting, .code = std::string(code), .why = std::move(why)});
  }

  // What an earlier list says of it.
  Result<bool> may_come_again(const std::string& meeting) {
    if (named_.contains(meeting)) return true;
    GREFFE_TRY(const auto earlier, open_.newest_line(run_.catalog(), meeting, run_.zone(), run_.today()));
    if (!earlier || (earlier->again_from && *earlier->again_from <= run_.today())) return true;
    // It has rows, so it was taken in again, and no visa on that list was on what is there now.
    if (earlier->state == retention::LineState::Destroyed ||
        earlier->state == retention::LineState::DestroyedElsewhere)
      return true;
    const std::string until =
        earlier->again_from ? "until " + text_of(*earlier->again_from) + ", " : std::string();
    proposed_.passed_over.push_back(
        {.meeting = meeting, .code = code_of(*earlier), .why = until + "in " + earlier->list});
    return false;
  }

  // The most that any rule that applies asks for.
  retention::LineTerms terms_of(const retention::Decision& decision, bool& in_error) const {
    const retention::RulesInForce rules = state_.in_force(run_.today());
    retention::LineTerms terms{.grace_days = rules.terms.grace_days};
    std::optional<int> grace;
    for (const retention::RuleEffect& effect : decision.rules)
      for (const retention::ActiveRule& active : rules.rules) {
        if (active.rule.id != effect.rule) continue;
        terms.approvers = std::max(terms.approvers, active.rule.approvers);
        terms.signed_approval = terms.signed_approval || active.rule.signed_approval;
        if (active.rule.grace_days) grace = std::max(grace.value_or(0), *active.rule.grace_days);
        in_error = in_error || (active.rule.ingested_in_error && effect.decides_action);
      }
    terms.grace_days = grace.value_or(terms.grace_days);
    return terms;
  }

  Status add(const PlannedMeeting& planned) {
    GREFFE_TRY(const bool again, may_come_again(planned.meeting));
    if (!again) return {};
    GREFFE_TRY(const auto record, run_.catalog().find_meeting(planned.meeting));
    if (!record) return {};
    catalog::ListLine line{.meeting = planned.meeting,
                           .record_class = planned.record_class,
                           .start_unix_ms = planned.start_unix_ms,
                           .end_unix_ms = planned.end_unix_ms,
                           .bytes = planned.bytes,
                           .files = static_cast<std::int64_t>(record->assets.size()),
                           .manifest = record->meeting.manifest,
                           .rule = planned.rule,
                           .keep_until = planned.decision.keep_until,
                           .due_from = *planned.decision.due_from};
    for (const catalog::ProducerRow& producer : record->producers) line.producers.push_back(producer.name);
    for (const retention::RuleEffect& effect : planned.decision.rules)
      if (effect.rule == planned.rule) line.retention_start = effect.start;
    line.terms = terms_of(planned.decision, line.ingested_in_error);
    std::string salt = random_salt();
    line.commitment = fixity::digest_of(salt + metadata_of(*record)).hex();
    salts_.emplace(planned.meeting, std::move(salt));
    proposed_.list.lines.push_back(std::move(line));
    return {};
  }

  Status check_thresholds() const {
    const auto meetings = static_cast<std::int64_t>(proposed_.list.lines.size());
    if (order_.max_items && meetings > *order_.max_items)
      return fail(ErrorKind::Refused, "OVER_THRESHOLD: {} meetings, more than --max-items {}", meetings,
                  *order_.max_items);
    if (order_.max_bytes && proposed_.list.bytes() > *order_.max_bytes)
      return fail(ErrorKind::Refused, "OVER_THRESHOLD: {} bytes, more than --max-bytes {}",
                  proposed_.list.bytes(), *order_.max_bytes);
    return {};
  }

 public:
  const std::map<std::string, std::string>& salts() const { return salts_; }

 private:
  DisposalRun& run_;
  const ProposalOrder& order_;
  PolicyState state_;
  OpenDisposals open_;
  std::string public_key_;
  std::set<std::string> named_, queried_, seen_;
  Proposed proposed_;
  std::map<std::string, std::string> salts_;  // by meeting
};

std::string id_of(const catalog::DisposalList& list) {
  std::string day = text_of(list.day);
  std::erase(day, '-');
  return fmt::format("disposal-{}-{}", day, list.digest().substr(0, 6));
}

// A list of today for the same scope: of a run that was killed when it was there, or that somebody repeats.
Result<std::optional<catalog::DisposalList>> find_same(DisposalRun& run, const Proposed& proposed) {
  GREFFE_TRY(const OpenDisposals open, OpenDisposals::read(run.archive(), run.catalog()));
  for (const catalog::DisposalRecord& record : open.lists())
    if (record.list.day == proposed.list.day && record.list.scope == proposed.list.scope &&
        record.list.note == proposed.list.note)
      return record.list;
  return std::nullopt;
}

Status publish(DisposalRun& run, const catalog::DisposalList& list,
               const std::map<std::string, std::string>& salts) {
  const std::string text = catalog::text_of(list);
  std::vector<std::pair<std::string, std::string>> files{{"list.json", text}};
  for (const auto& [meeting, salt] : salts) files.emplace_back(catalog::salt_file(meeting), salt + "\n");
  journal::Event event{
      .action = "propose",
      .subjects = {list.id},
      .files = {{.file = disposal_path(list.id, "list.json"),
                 .before = {},
                 .after = fixity::digest_of(text)}},
      .outcome = "intended",
      .policy_version = list.policy_version > 0 ? fmt::format("{}", list.policy_version) : std::string()};
  GREFFE_CHECK(append_to_journal(run.archive(), run.acting(), event));
  GREFFE_CHECK(run.publish(list.id, files));
  GREFFE_CHECK(append_done(run.archive(), run.acting(), std::move(event)));
  return run.settle();
}

}  // namespace

Result<Proposed> propose(const catalog::Archive& archive, const ProposalOrder& order, const Acting& acting) {
  GREFFE_TRY(DisposalRun run,
             DisposalRun::begin(archive, acting, DisposalRun::Reach::Lists, order.clock_jump));
  Proposing proposing(run, order);
  GREFFE_TRY(Proposed proposed, proposing.make());
  if (order.dry_run) return proposed;
  if (proposed.list.lines.empty()) {
    GREFFE_TRY(auto same, find_same(run, proposed));
    proposed.is_new = !same;
    if (same) proposed.list = std::move(*same);
    return proposed;
  }
  proposed.list.id = id_of(proposed.list);
  GREFFE_CHECK(publish(run, proposed.list, proposing.salts()));
  return proposed;
}

}  // namespace greffe::custody
