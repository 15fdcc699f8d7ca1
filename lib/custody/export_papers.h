// What goes with meetings that are handed over: the journal's entries about them with their proofs, the rules
// and holds that they are under, and a description of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "custody/acting.h"
#include "journal/inclusion_proof.h"
#include "package/bag_info.h"

namespace greffe::custody {

// All that is known of some meetings, read once; texts are made of it for those of each part. It depends on
// what the archive holds and on `day` only, not on when it is asked.
class ExportPapers {
 public:
  // `meetings` are ids in order. Rules and holds are those of `day`. A journal that was changed is
  // ErrorKind::Integrity; rules that cannot be asked are damage.
  static Result<ExportPapers> read(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                   const std::vector<std::string>& meetings, CivilDate day, WallTime now,
                                   DamageLog& damage);

  // Files by their name in metadata/: journal.jsonl, proofs.jsonl, checkpoint.txt, token.tsr,
  // token-checkpoint.txt, rules.json, holds.json; those of which there is nothing are left out.
  std::map<std::string, std::string> texts(const std::vector<std::string>& meetings) const;
  // Greffe-Tree-Head, Greffe-Holds and Greffe-Retention-End.
  package::BagInfo labels(const std::vector<std::string>& meetings) const;
  // Ids of the holds that bind one of them.
  std::vector<std::string> holds_on(const std::vector<std::string>& meetings) const;
  // "1234 HEX": how long the journal is and the root of its tree.
  std::string tree_head() const;

 private:
  struct Kept {
    json::Object decision;  // of rules.json
    std::string end;        // for Greffe-Retention-End
    std::vector<std::string> rules;
    std::vector<std::string> holds;
  };
  Status read_holds(const catalog::Catalog& catalog, CivilDate day);
  Status read_rules(const catalog::Archive& archive, const catalog::Catalog& catalog, CivilDate day,
                    DamageLog& damage);
  Status read_journal(const catalog::Archive& archive, WallTime now);
  std::string journal_text(const std::vector<std::string>& meetings, std::string& proofs) const;
  std::string rules_text(const std::vector<std::string>& meetings) const;
  std::string holds_text(const std::vector<std::string>& meetings) const;

  CivilDate day_{};
  std::string zone_;
  std::int64_t policy_version_ = 0;
  std::map<std::string, Kept> kept_;           // by meeting
  std::map<std::string, json::Object> rules_;  // by id
  std::map<std::string, json::Object> holds_;  // by id
  journal::JournalExtract journal_;
  std::vector<std::vector<std::string>> subjects_;  // of each line: its meetings and holds
  std::string token_, token_checkpoint_;
};

}  // namespace greffe::custody
