// key, checkpoint, timestamp, proof: what makes the journal hold against others.

#include "base/log.h"
#include "base/parse.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/checkpoint.h"
#include "custody/signing_keys.h"
#include "greffe-catalog/verbs.h"
#include "journal/inclusion_proof.h"
#include "json/value.h"

namespace greffe::catalog_tool {
namespace {

std::optional<Path> key_file_of(const Options& options) {
  return options.key_file ? Path(*options.key_file) : custody::key_file_of_environment();
}

Result<Path> needed_key_file(const Options& options) {
  const auto file = key_file_of(options);
  if (!file) return fail(ErrorKind::Usage, "which key? Set GREFFE_KEY to its file, or give --key");
  return *file;
}

void print_head(const Options& options, const custody::WrittenCheckpoint& written) {
  const journal::Checkpoint& checkpoint = written.checkpoint;
  if (options.json)
    cli::print(json::write(json::Object{{"schema", "greffe.checkpoint/1"},
                                        {"file", written.file.filename().string()},
                                        {"origin", checkpoint.origin},
                                        {"size", checkpoint.size},
                                        {"root", checkpoint.root.hex()},
                                        {"time", rfc3339(options.now)},
                                        {"head", journal::head_line(checkpoint)}}) +
               "\n");
  else
    cli::print(journal::head_line(checkpoint) + "\n");
}

Result<int> new_key(const Options& options) {
  if (options.key_or_id.empty())
    return fail(ErrorKind::Usage, "key new: the file for the private key is missing");
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const custody::EnteredKey entered,
             custody::enter_key(archive, options.key_or_id, key_file_of(options), options.current_is_lost,
                                acting_of(options)));
  if (entered.was_there) log::warning("{}: was entered already", fixity::hex_of(entered.key.id()));
  log::info("{}", entered.checkpoint.file.string());
  cli::print(entered.key.text() + "\n");
  return cli::Done;
}

json::Value key_json(const journal::Signer& signer) {
  json::Object line{{"schema", "greffe.key/1"}, {"id", signer.id}, {"introduced", signer.introduced}};
  if (signer.retired != 0) line.set("retired", signer.retired);
  if (signer.key) line.set("key", signer.key->text());
  return line;
}

Result<int> list_keys(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const std::vector<journal::Signer> signers, custody::keys_of(archive));
  cli::Table table({{"id"}, {"from entry", cli::Align::Right}, {"to entry", cli::Align::Right}, {"key"}});
  for (const journal::Signer& signer : signers) {
    if (options.json && !cli::print(json::write(key_json(signer)) + "\n")) break;
    table.add({signer.id, std::to_string(signer.introduced),
               signer.retired == 0 ? "" : std::to_string(signer.retired),
               signer.key ? signer.key->text() : "missing or changed"});
  }
  if (!options.json && !table.empty()) cli::print(table.text());
  return cli::Done;
}

Result<int> retire_key(const Options& options) {
  if (options.key_or_id.empty()) return fail(ErrorKind::Usage, "key retire: the id of the key is missing");
  GREFFE_TRY(const Path signer, needed_key_file(options));
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const custody::WrittenCheckpoint written,
             custody::retire_key(archive, options.key_or_id, signer, acting_of(options)));
  print_head(options, written);
  return cli::Done;
}

Result<int> accept(const Options& options) {
  if (options.reply.empty())
    return fail(ErrorKind::Usage, "timestamp accept: the file of the reply is missing");
  if (!options.authorities) return fail(ErrorKind::Usage, "timestamp accept: --ca FILE is missing");
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  fixity::TimeStampTrust trust{.authorities = *options.authorities, .at = options.now};
  if (options.untrusted) trust.untrusted = *options.untrusted;
  GREFFE_TRY(const custody::AcceptedTimeStamp accepted,
             custody::accept_time_stamp(archive, options.reply, trust, acting_of(options)));
  if (accepted.was_there) log::warning("{}: was there already", accepted.file.string());
  cli::print(fmt::format("{} {}\n", accepted.file.filename().string(), rfc3339(accepted.stamp.time, 0)));
  return cli::Done;
}

}  // namespace

custody::Acting acting_of(const Options& options) {
  return {.actor = options.actor, .now = options.now, .lock_wait = options.lock_wait};
}

Result<int> key(const Options& options) {
  if (options.action == "new") return new_key(options);
  if (options.action == "list") return list_keys(options);
  if (options.action == "retire") return retire_key(options);
  return fail(ErrorKind::Usage, "key {}: new, list or retire is expected", options.action);
}

Result<int> checkpoint(const Options& options) {
  GREFFE_TRY(const Path file, needed_key_file(options));
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const custody::WrittenCheckpoint written, custody::write_checkpoint(archive, file, options.now));
  print_head(options, written);
  return cli::Done;
}

Result<int> proof(const Options& options) {
  const auto seq = find_number<std::int64_t>(options.entry);
  if (!seq || *seq < 1)
    return fail(ErrorKind::Usage, "proof {}: the number of an entry is expected", printable(options.entry));
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const journal::InclusionProof made,
             journal::prove_inclusion(custody::journal_places(archive), *seq, options.now));
  cli::print(json::write(journal::json_of(made), json::Style::Indented) + "\n");
  return cli::Done;
}

Result<int> timestamp(const Options& options) {
  if (options.action == "accept") return accept(options);
  if (options.action != "request")
    return fail(ErrorKind::Usage, "timestamp {}: request or accept is expected", options.action);
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const Path file, custody::request_time_stamp(archive));
  cli::print(file.string() + "\n");
  return cli::Done;
}

}  // namespace greffe::catalog_tool
