#include "custody/give_visa.h"

#include <algorithm>
#include <map>

#include "base/base64.h"
#include "custody/disposal_run.h"
#include "custody/disposal_state.h"
#include "custody/policy_state.h"
#include "fixity/signing_key.h"

namespace greffe::custody {
namespace {

constexpr std::size_t LeastDigits = 16;

Status check_digest(const catalog::DisposalList& list, const std::string& digest) {
  const std::string there = list.digest();
  if (digest.size() < LeastDigits)
    return fail(ErrorKind::Usage, "--digest: at least {} digits of what greffe-retain proposals {} shows",
                LeastDigits, list.id);
  if (!there.starts_with(digest))
    return fail(ErrorKind::Refused, "OTHER_LIST: {} has the digest {}…, not {}…", list.id,
                there.substr(0, LeastDigits), digest.substr(0, LeastDigits));
  return {};
}

Result<std::string> line_with(const catalog::DisposalList& list, const std::string& prefix) {
  std::vector<std::string> found;
  for (const catalog::ListLine& line : list.lines)
    if (!prefix.empty() && line.meeting.starts_with(prefix)) found.push_back(line.meeting);
  if (found.size() == 1) return found.front();
  if (found.empty()) return fail(ErrorKind::Usage, "{}: not in {}", prefix, list.id);
  return fail(ErrorKind::Usage, "{}: several meetings of {} begin so:\n  {}", prefix, list.id,
              fmt::join(found, "\n  "));
}

// The verdicts that a person gave, each meeting once.
Result<std::vector<catalog::VisaLine>> lines_of(const catalog::DisposalList& list, const VisaOrder& order) {
  std::map<std::string, catalog::VisaLine> lines;
  const auto add = [&](const std::string& prefix, retention::Verdict verdict,
                       std::optional<CivilDate> until) -> Status {
    GREFFE_TRY(std::string meeting, line_with(list, prefix));
    catalog::VisaLine line{.meeting = meeting, .verdict = verdict, .until = until};
    if (verdict != retention::Verdict::Accept) line.remark = order.remark;
    if (!lines.emplace(std::move(meeting), std::move(line)).second)
      return fail(ErrorKind::Usage, "{}: named twice", prefix);
    return {};
  };
  for (const std::string& name : order.accept)
    GREFFE_CHECK(add(name, retention::Verdict::Accept, std::nullopt));
  for (const std::string& name : order.refuse)
    GREFFE_CHECK(add(name, retention::Verdict::Refuse, std::nullopt));
  for (const auto& [name, until] : order.defer) GREFFE_CHECK(add(name, retention::Verdict::Defer, until));
  if (order.accept_rest)
    for (const catalog::ListLine& line : list.lines)
      lines.emplace(line.meeting,
                    catalog::VisaLine{.meeting = line.meeting, .verdict = retention::Verdict::Accept});
  if (lines.empty())
    return fail(ErrorKind::Usage, "what of? Give --accept-all, --accept, --refuse or --defer");
  std::vector<catalog::VisaLine> sorted;
  for (auto& [meeting, line] : lines) sorted.push_back(std::move(line));
  return sorted;
}

// A visa on its way into its list.
class VisaGiver {
 public:
  VisaGiver(DisposalRun& run, const catalog::VisaText& text, const std::string& signature)
      : run_(run), text_(text), signature_(signature) {}

  Result<GivenVisa> give(const std::string& clock_jump) {
    GREFFE_TRY(record_, run_.read_list(text_.list));
    GREFFE_CHECK(check_list());
    GREFFE_TRY(const retention::ApproverKey key, key_of_signature());
    GREFFE_CHECK(check_person(key));
    GREFFE_CHECK(check_signatures(key.name));
    if (auto same = find_same(key.name)) return GivenVisa{.visa = std::move(*same), .is_new = false};
    catalog::Visa visa{.number = static_cast<std::int64_t>(record_.visas.size()) + 1,
                       .said = text_,
                       .given = run_.acting().now,
                       .day = run_.today(),
                       .by = person_of(run_.acting()),
                       .key = key.name,
                       .signature = encoded(),
                       .public_key = key.public_key,
                       .clock_jump = clock_jump};
    GREFFE_CHECK(run_.write("approve", record_.list.id, record_.list.id, catalog::visa_file(visa.number),
                            catalog::text_of(visa)));
    GREFFE_CHECK(run_.settle());
    return GivenVisa{.visa = std::move(visa)};
  }

 private:
  std::string encoded() const {
    return signature_.empty()
               ? std::string()
               : base64(Bytes(reinterpret_cast<const std::uint8_t*>(signature_.data()), signature_.size()));
  }

  Status check_list() {
    GREFFE_CHECK(check_digest(record_.list, text_.list_sha512));
    if (text_.list_sha512 != record_.list.digest())
      return fail(ErrorKind::Refused, "OTHER_LIST: the visa does not name the whole digest of {}",
                  text_.list);
    GREFFE_TRY(const auto closed, catalog::read_closed(run_.archive().disposals_folder() / text_.list));
    if (closed) return fail(ErrorKind::Refused, "LIST_CLOSED: nothing can come of {} any more", text_.list);
    if (text_.valid_until < run_.today())
      return fail(ErrorKind::Refused, "APPROVAL_EXPIRED: it was valid until {}", text_of(text_.valid_until));
    for (const catalog::VisaLine& line : text_.lines)
      if (record_.list.find(line.meeting) == nullptr)
        return fail(ErrorKind::Refused, "OTHER_LIST: {} is not in {}", line.meeting, text_.list);
    for (const catalog::ListLine& line : record_.list.lines) {
      GREFFE_TRY(const auto holds, catalog::coverages_of(run_.catalog(), line.meeting));
      const auto state = state_of(record_, line, holds, run_.zone(), run_.today());
      if (state != retention::LineState::Proposed && state != retention::LineState::Approved &&
          state != retention::LineState::Deferred)
        continue;
      return {};
    }
    return fail(ErrorKind::Refused, "LIST_CLOSED: nothing of {} waits for a visa", text_.list);
  }

  bool is_proposers_login() const { return journal::login_of(run_.acting().actor) == record_.list.by.login; }

  // Another person is another login. Where all share one it is another key, for lines whose rule asks for
  // signatures (RETENTION 7).
  Status check_person(const retention::ApproverKey& key) const {
    const catalog::DisposalList& list = record_.list;
    if (!key.name.empty() && key.public_key == list.public_key)
      return fail(ErrorKind::Refused,
                  "SAME_PERSON: {} was proposed with the key \"{}\", so somebody else approves of it",
                  list.id, key.name);
    if (!is_proposers_login()) return {};
    const auto unsigned_line =
        std::find_if(text_.lines.begin(), text_.lines.end(), [&](const catalog::VisaLine& line) {
          return key.name.empty() || !list.find(line.meeting)->terms.signed_approval;
        });
    if (unsigned_line == text_.lines.end()) {
      if (!list.public_key.empty()) return {};
      return fail(
          ErrorKind::Refused,
          "SAME_PERSON: {} was proposed by {} without a key, so nothing tells who proposed from who signs; "
          "propose again with GREFFE_KEY set",
          list.id, list.by.login);
    }
    const bool could_be_signed = list.find(unsigned_line->meeting)->terms.signed_approval;
    return fail(
        ErrorKind::Refused, "SAME_PERSON: {} was proposed by {}, so somebody else approves of it{}", list.id,
        list.by.login,
        could_be_signed    ? ", or signs with a key that the rules name (--write-visa, --visa, --signature)"
        : key.name.empty() ? ""
                           : fmt::format("; the rule of {} asks for no signature", unsigned_line->meeting));
  }

  // Without a name where there is no signature.
  Result<retention::ApproverKey> key_of_signature() {
    if (signature_.empty()) return retention::ApproverKey{};
    fixity::Signature bytes{};
    if (signature_.size() != bytes.size())
      return fail(ErrorKind::Refused, "BAD_SIGNATURE: {} bytes, an Ed25519 signature has {}",
                  signature_.size(), bytes.size());
    std::copy(signature_.begin(), signature_.end(), reinterpret_cast<char*>(bytes.data()));
    GREFFE_TRY(const PolicyState state, read_policy_state(run_.archive(), run_.catalog()));
    const std::int64_t version = state.in_force(run_.today()).version;
    const retention::Policy* policy = retention::find_policy(state.policies, version);
    if (policy != nullptr)
      for (const retention::ApproverKey& approver : policy->approver_keys)
        if (signs(approver, bytes)) return approver;
    return fail(ErrorKind::Refused, "BAD_SIGNATURE: of no approver's key that the rules in force name");
  }

  bool signs(const retention::ApproverKey& approver, const fixity::Signature& signature) const {
    const auto key = fixity::public_key_of_base64(approver.public_key);
    return key && fixity::is_signed(text_.text(), signature, *key);
  }

  Status check_signatures(const std::string& key) const {
    if (!key.empty()) return {};
    for (const catalog::VisaLine& line : text_.lines)
      if (line.verdict == retention::Verdict::Accept &&
          record_.list.find(line.meeting)->terms.signed_approval)
        return fail(
            ErrorKind::Refused,
            "NO_SIGNATURE: the rule of {} asks for signed approval (--write-visa, --visa, --signature)",
            line.meeting);
    return {};
  }

  // The same person's last word: the command was killed behind it, or repeated.
  std::optional<catalog::Visa> find_same(const std::string& key) const {
    const std::string who = journal::login_of(run_.acting().actor);
    for (auto visa = record_.visas.rbegin(); visa != record_.visas.rend(); ++visa)
      if (visa->by.login == who && (!is_proposers_login() || visa->key == key))
        return visa->said.text() == text_.text() && visa->signature == encoded() ? std::optional(*visa)
                                                                                 : std::nullopt;
    return std::nullopt;
  }

  DisposalRun& run_;
  const catalog::VisaText& text_;
  const std::string& signature_;
  catalog::DisposalRecord record_;
};

}  // namespace

Result<catalog::VisaText> visa_text(const catalog::Archive& archive, const VisaOrder& order,
                                    const Acting& acting) {
  GREFFE_TRY(const DisposalRun run,
             DisposalRun::begin(archive, acting, DisposalRun::Reach::Lists, order.clock_jump));
  GREFFE_TRY(const catalog::DisposalRecord record, run.read_list(order.list));
  GREFFE_CHECK(check_digest(record.list, order.digest));
  catalog::VisaText text{
      .list = record.list.id,
      .list_sha512 = record.list.digest(),
      .valid_until = order.valid_until.value_or(days_after(run.today(), retention::VisaDays)),
      .reason = order.reason};
  GREFFE_TRY(text.lines, lines_of(record.list, order));
  return text;
}

Result<GivenVisa> give_visa(const catalog::Archive& archive, const catalog::VisaText& text,
                            const std::string& signature, const std::string& clock_jump,
                            const Acting& acting) {
  GREFFE_TRY(DisposalRun run, DisposalRun::begin(archive, acting, DisposalRun::Reach::Lists, clock_jump));
  return VisaGiver(run, text, signature).give(clock_jump);
}

}  // namespace greffe::custody
