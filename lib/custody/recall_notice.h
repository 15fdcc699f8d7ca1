// What is sent to whoever has an export of meetings that were destroyed here: it cannot be recalled, but
// asked back (RETENTION D10).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "custody/disposal_text.h"
#include "custody/export_register.h"

namespace greffe::custody {

// One export that a certificate names. It has ids, dates and digests, and no title or person of a meeting.
struct RecallNotice {
  std::string list;
  std::int64_t certificate = 0;  // number within the list
  WallTime destroyed{};
  catalog::CertifiedExport exported;   // its meetings are those that were destroyed
  std::optional<ExportRecord> record;  // of the register, with all parts; nullopt where it is not there

  std::string id() const;  // "export-3, disposal-20260301-0a1b2c/1"
  // How many meetings of the package this is not about; 0 where the register does not have it.
  std::int64_t other_meetings() const;
  // What was handed over: the parts, or what the certificate has of them.
  std::vector<ExportedPart> parts() const;
};

// All of one certificate, in its order. `exports` are those of the register.
std::vector<RecallNotice> recall_notices(const catalog::Certificate& certificate,
                                         const std::vector<ExportRecord>& exports);

// greffe.recall-notice/1
json::Object json_of(const RecallNotice& notice);
// A page to be signed and sent back.
Paper paper_of(const RecallNotice& notice, const DisposalView& view, Language language);

}  // namespace greffe::custody
