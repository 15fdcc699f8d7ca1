// What the verbs share: the archive, numbers and days as people give them.

#include "base/parse.h"
#include "cli/exit_code.h"
#include "custody/checkpoint.h"
#include "greffe-retain/verbs.h"
#include "shared/named_archive.h"

namespace greffe::retain_tool {

Result<catalog::Archive> find_archive(const Options& options) { return open_named_archive(options.archive); }

Result<OpenArchive> open_archive(const Options& options) {
  GREFFE_TRY(catalog::Archive archive, find_archive(options));
  GREFFE_TRY(catalog::Catalog catalog, catalog::Catalog::open_read_only(
                                           archive.catalog_file(), {.lock_wait = options.acting.lock_wait}));
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  return OpenArchive{.archive = std::move(archive),
                     .catalog = std::move(catalog),
                     .zone = zone,
                     .today = zone.date_of(options.acting.now)};
}

Result<int> signed_done(const catalog::Archive& archive, const Options& options) {
  GREFFE_CHECK(custody::checkpoint_if_key(archive, custody::key_file_of_environment(), options.acting.now));
  return cli::Done;
}

Result<std::int64_t> parse_number(const std::string& name, const std::string& text) {
  const auto number = find_number<std::int64_t>(text);
  if (!number || *number < 1) return fail(ErrorKind::Usage, "{}: \"{}\" is not a number from 1", name, text);
  return *number;
}

Result<CivilDate> parse_day(const std::string& name, const std::string& text) {
  const auto date = parse_date(text);
  if (!date) return fail(ErrorKind::Usage, "{}: {}", name, date.error().message());
  return *date;
}

json::Value day_json(std::optional<CivilDate> date) {
  return date ? json::Value(text_of(*date)) : json::Value();
}

std::string day_text(std::optional<CivilDate> date) { return date ? text_of(*date) : "-"; }

}  // namespace greffe::retain_tool
