// A person's word on a list of disposal (RETENTION D2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/disposal_files.h"
#include "custody/acting.h"

namespace greffe::custody {

struct VisaOrder {
  std::string list;                         // id, or the beginning of one
  std::string digest;                       // of what was read: all 128 digits, or the first 16 or more
  bool accept_rest = false;                 // all lines that are not named
  std::vector<std::string> accept, refuse;  // meetings, ids or beginnings of ids
  std::vector<std::pair<std::string, CivilDate>> defer;
  std::string remark;                    // on the lines named by refuse and defer
  std::optional<CivilDate> valid_until;  // by default in 180 days
  std::string reason;
  std::string clock_jump;
};

// What is to be signed, or recorded without a signature. ErrorKind::Refused: another list than the one that
// is there, or one of which nothing is open.
Result<catalog::VisaText> visa_text(const catalog::Archive& archive, const VisaOrder& order,
                                    const Acting& acting);

struct GivenVisa {
  catalog::Visa visa;
  bool is_new = true;  // false: the last one says the same
};

// Records it as the next visa of its list. `signature` (64 bytes, as openssl writes it, or empty) must be of
// a key of the policy in force. ErrorKind::Refused, with nothing touched: of another list, or of a list that
// says otherwise by now; expired; by the proposer, which the same login is unless each line asks for signed
// approval and it is signed, and the same key always; with a signature that does not hold, or none where a
// line that it accepts asks for one; by a clock that is not to be believed (T6).
Result<GivenVisa> give_visa(const catalog::Archive& archive, const catalog::VisaText& text,
                            const std::string& signature, const std::string& clock_jump,
                            const Acting& acting);

}  // namespace greffe::custody
