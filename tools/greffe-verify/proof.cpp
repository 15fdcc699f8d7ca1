// proof: that one entry stands in a journal that somebody has signed. Needs no archive.
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "greffe-verify/trusted.h"
#include "greffe-verify/verbs.h"
#include "journal/inclusion_proof.h"

namespace greffe::verify_tool {
namespace {

constexpr std::uint64_t LargestProof = 16u << 20;

json::Object json_of(const journal::ProofCheck& check) {
  json::Object object{{"schema", "greffe.verify-proof/1"},    {"holds", true},
                      {"origin", check.checkpoint.origin},    {"seq", check.entry.seq},
                      {"utc", rfc3339(check.entry.utc)},      {"action", check.entry.event.action},
                      {"outcome", check.entry.event.outcome}, {"size", check.checkpoint.size},
                      {"root", check.checkpoint.root.hex()},  {"vouched", check.is_vouched_for()}};
  if (!check.signed_by.empty()) object.set("signed_by", check.signed_by);
  if (check.checkpoint.time) object.set("signed", rfc3339(*check.checkpoint.time));
  return object;
}

std::string text_of(const journal::ProofCheck& check) {
  const journal::Event& event = check.entry.event;
  std::string text =
      fmt::format("entry {} of {}\n{}  {} {}: {}\n", check.entry.seq, check.checkpoint.origin,
                  rfc3339(check.entry.utc), printable(event.action),
                  printable(fmt::format("{}", fmt::join(event.subjects, ", "))), printable(event.outcome));
  for (const journal::FileChange& change : event.files)
    if (change.after) text += fmt::format("  {}: SHA-256 {}\n", printable(change.file), change.after->hex());
  const std::string when =
      check.checkpoint.time ? fmt::format(" of {}", rfc3339(*check.checkpoint.time, 0)) : "";
  text += fmt::format("stands in the checkpoint{} over {} entries\n", when, check.checkpoint.size);
  if (!check.signed_by.empty()) text += fmt::format("which key {} has signed\n", check.signed_by);
  if (!check.vouched_by.empty()) text += fmt::format("which is {}\n", printable(check.vouched_by));
  return text + (check.is_vouched_for() ? "holds\n" : "holds, if that checkpoint is genuine\n");
}

class ProofVerb : public Verb {
 public:
  const char* name() const override { return "proof"; }

  void define(cli::CommandLine& command) override {
    command.verb("proof", "A proof that greffe-catalog proof has printed; needs no archive")
        .argument("FILE", file_, "The proof")
        .option("--key", keys_, "FILE|LINE", "A key that is trusted; may be given several times")
        .option("--head", heads_, "FILE|LINE", "A head that is trusted; may be given several times");
  }

  Result<int> run(const Options& options) override {
    journal::ProofTrust trust;
    for (const std::string& given : keys_) {
      const auto key = key_of(given);
      if (!key) return fail(ErrorKind::Usage, "--key {}: {}", given, key.error().message());
      trust.keys.push_back(*key);
    }
    for (const std::string& given : heads_) {
      GREFFE_TRY(journal::KnownHead head, head_of(given));
      trust.heads.push_back(std::move(head));
    }
    GREFFE_TRY(const std::string text, read_text(file_, LargestProof));
    const auto proof = read(text);
    if (!proof) return fail_within(file_, proof);
    const auto check = journal::check_proof(*proof, trust);
    if (!check) return fail_within(file_, check);
    cli::print(options.json ? json::write(json_of(*check), json::Style::Indented) + "\n" : text_of(*check));
    if (check->is_vouched_for()) return cli::Done;
    log::warning("nobody vouches for the checkpoint: give --key or --head, known from elsewhere");
    return cli::WithDamage;
  }

 private:
  static Result<journal::InclusionProof> read(const std::string& text) {
    GREFFE_TRY(const json::Value value, json::parse(text));
    return journal::proof_of(value);
  }

  std::string file_;
  std::vector<std::string> keys_, heads_;
};

}  // namespace

std::unique_ptr<Verb> proof_verb() { return std::make_unique<ProofVerb>(); }

}  // namespace greffe::verify_tool
