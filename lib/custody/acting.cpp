#include "custody/acting.h"

#include "journal/journal.h"

namespace greffe::custody {

Status append_to_journal(const catalog::Archive& archive, const Acting& acting, const journal::Event& event) {
  return append_to_journal(archive, acting, std::span(&event, 1));
}

Status append_to_journal(const catalog::Archive& archive, const Acting& acting,
                         std::span<const journal::Event> events) {
  return journal::Journal(archive.journal_folder(), acting.actor, acting.lock_wait)
      .append(events, acting.now);
}

Status append_done(const catalog::Archive& archive, const Acting& acting, journal::Event event) {
  event.outcome = "done";
  return append_to_journal(archive, acting, event);
}

Status append_done(const catalog::Archive& archive, const Acting& acting,
                   std::vector<journal::Event> events) {
  for (journal::Event& event : events) event.outcome = "done";
  return append_to_journal(archive, acting, events);
}

}  // namespace greffe::custody
