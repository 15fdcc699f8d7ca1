#include "journal/time_tokens.h"

#include <algorithm>
#include <set>

namespace greffe::journal {
namespace {

constexpr std::uint64_t LargestRequest = 1u << 16;

std::string place_of(const TokenFile& token) {
  return fmt::format("journal/checkpoints/{}{}", token.name, TokenSuffix);
}

void check_named(const TokenQuestion& question, JournalCheck& check) {
  std::set<fixity::Digest> there, told;
  for (const TokenFile& token : question.tokens) there.insert(token.digest);
  for (const NamedToken& named : question.named)
    if (!there.contains(named.digest) && told.insert(named.digest).second)
      check.findings.add({reason::MissingToken, named.by,
                          fmt::format("names the time stamp {}, which is not there", named.digest.hex())});
}

Status check_token(const TokenQuestion& question, const TokenFile& token, JournalCheck& check) {
  const auto checkpoint = std::find_if(question.checkpoints.begin(), question.checkpoints.end(),
                                       [&](const CheckpointFile& file) { return file.name == token.name; });
  if (checkpoint == question.checkpoints.end()) {
    check.findings.add({reason::BadToken, place_of(token), "there is no checkpoint of this name"});
    return {};
  }
  // A request that is gone takes nothing away: the stamp is over the checkpoint all the same.
  const auto request = read_text(question.folder / (token.name + RequestSuffix), LargestRequest);
  const auto stamp = fixity::verify_time_stamp(
      token.reply, checkpoint->text, request ? std::optional<std::string_view>(*request) : std::nullopt,
      *question.authorities);
  if (!stamp && stamp.error().kind() != ErrorKind::Integrity) return tl::unexpected(stamp.error());
  if (!stamp) check.findings.add({reason::BadToken, place_of(token), stamp.error().message()});
  return {};
}

}  // namespace

Status check_tokens(const TokenQuestion& question, JournalCheck& check) {
  check.tokens = static_cast<std::int64_t>(question.tokens.size());
  check_named(question, check);
  for (const TokenFile& token : question.tokens) {
    if (question.authorities) {
      GREFFE_CHECK(check_token(question, token, check));
    }
    if (const auto stamp = fixity::read_time_stamp(token.reply))
      check.newest_token = stamp->time;
    else if (!question.authorities)
      check.findings.add({reason::BadToken, place_of(token), stamp.error().message()});
  }
  if (question.authorities && question.tokens.empty())
    check.findings.add({reason::MissingToken, "journal/checkpoints", "no checkpoint has a time stamp"});
  return {};
}

}  // namespace greffe::journal
