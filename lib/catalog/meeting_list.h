// Meetings as a list, newest first, all or those that a query finds.
#pragma once

#include <memory>
#include <optional>

#include "catalog/catalog.h"
#include "catalog/meeting_matches.h"

namespace greffe::catalog {

class MeetingList {
 public:
  // Of all meetings where `scope` has neither query nor condition. As with find_matches, what does more than
  // read or does not compile is refused (ErrorKind::Usage); it runs until told to stop. `catalog` must
  // outlive the list, and is good for reading only meanwhile.
  static Result<MeetingList> open(const Catalog& catalog, const MeetingScope& scope);
  MeetingList(MeetingList&&) noexcept;
  ~MeetingList();

  Result<std::optional<MeetingSummary>> next();

 private:
  struct Parts;
  explicit MeetingList(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// How many there are.
Result<std::int64_t> count_meetings(const Catalog& catalog, const MeetingScope& scope);

}  // namespace greffe::catalog
