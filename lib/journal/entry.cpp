#include "journal/entry.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/text.h"
#include "json/reader.h"

namespace greffe::journal {
namespace {

constexpr std::string_view Schema = "greffe.journal/1";
constexpr json::ParseLimits LineLimits{.bytes = LargestLine, .depth = 8};

json::Value to_json(const std::optional<fixity::Digest>& digest) {
  return digest ? json::Value(digest->hex()) : json::Value();
}

json::Array files_json(const std::vector<FileChange>& files) {
  json::Array array;
  for (const FileChange& change : files)
    array.push_back(json::Object{
        {"after", to_json(change.after)}, {"before", to_json(change.before)}, {"file", change.file}});
  return array;
}

std::optional<fixity::Digest> find_digest(json::Reader& reader, std::string_view name) {
  const auto hex = reader.find_text(name);
  if (!hex) return std::nullopt;
  const auto digest = fixity::Digest::of_hex(*hex);
  if (!digest) reader.refuse(name, "expected 64 hex digits");
  return digest;
}

fixity::Digest digest(json::Reader& reader, std::string_view name) {
  reader.text(name);
  return find_digest(reader, name).value_or(fixity::Digest{});
}

Result<FileChange> file_change_of(const json::Value& value, std::string place) {
  json::Reader reader(value, std::move(place));
  FileChange change{.file = reader.text("file"),
                    .before = find_digest(reader, "before"),
                    .after = find_digest(reader, "after")};
  GREFFE_CHECK(reader.status());
  return change;
}

Result<Event> event_of(json::Reader& reader) {
  Event event{.action = reader.text("action"),
              .outcome = reader.text("outcome"),
              .policy_version = reader.find_text("policy_version").value_or("")};
  for (const json::Value& subject : reader.array("subjects")) {
    if (!subject.find_text()) return fail("subjects: expected text");
    event.subjects.push_back(*subject.find_text());
  }
  for (const json::Value& file : reader.array("files")) {
    GREFFE_TRY(FileChange change, file_change_of(file, fmt::format("files[{}]", event.files.size())));
    event.files.push_back(std::move(change));
  }
  return event;
}

Result<JournalEntry> entry_of(const json::Value& value) {
  json::Reader reader(value, "");
  if (reader.text("schema") != Schema) reader.refuse("schema", fmt::format("expected {}", Schema));
  JournalEntry entry;
  entry.seq = reader.integer("seq");
  const std::string utc = reader.text("utc");
  const json::Value actor_json = reader.object("actor");
  json::Reader actor(actor_json, "actor");
  entry.actor.uid = actor.integer("uid");
  entry.actor.sudo_user = actor.find_text("sudo_user").value_or("");
  entry.actor.host = actor.text("host");
  entry.actor.argv = digest(reader, "argv_sha256");
  entry.prev = digest(reader, "prev");
  GREFFE_TRY(entry.event, event_of(reader));
  GREFFE_CHECK(reader.status());
  GREFFE_CHECK(actor.status());
  GREFFE_TRY(entry.utc, parse_rfc3339(utc));
  return entry;
}

}  // namespace

Actor actor_of_process(int argc, const char* const* argv) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const char* sudo_user = std::getenv("SUDO_USER");
  return {.uid = static_cast<std::int64_t>(::getuid()),
          .sudo_user = valid_utf8(sudo_user ? sudo_user : ""),
          .host = valid_utf8(host.data()),
          .argv = digest_of_arguments(argc, argv)};
}

std::string login_of(const Actor& actor) {
  if (!actor.sudo_user.empty()) return actor.sudo_user;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const auto uid = static_cast<uid_t>(actor.uid);
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return valid_utf8(found->pw_name);
  return fmt::format("uid {}", actor.uid);
}

fixity::Digest digest_of_arguments(int argc, const char* const* argv) {
  fixity::Sha256 hasher;
  for (int i = 0; i < argc; ++i)
    hasher.update(std::string_view(argv[i], std::string_view(argv[i]).size() + 1));
  return hasher.finish();
}

std::string canonical_line(const JournalEntry& entry) {
  json::Object actor{{"host", entry.actor.host}, {"uid", entry.actor.uid}};
  if (!entry.actor.sudo_user.empty()) actor.set("sudo_user", entry.actor.sudo_user);
  json::Object line{{"schema", Schema},
                    {"seq", entry.seq},
                    {"utc", rfc3339(entry.utc, 3)},
                    {"actor", std::move(actor)},
                    {"argv_sha256", entry.actor.argv.hex()},
                    {"action", entry.event.action},
                    {"subjects", json::Array(entry.event.subjects.begin(), entry.event.subjects.end())},
                    {"files", files_json(entry.event.files)},
                    {"outcome", entry.event.outcome},
                    {"prev", entry.prev.hex()}};
  if (!entry.event.policy_version.empty()) line.set("policy_version", entry.event.policy_version);
  return json::write(std::move(line), json::Style::Canonical);
}

Result<JournalEntry> entry_of_line(std::string_view line) {
  GREFFE_TRY(const json::Value value, json::parse(line, LineLimits));
  GREFFE_TRY(JournalEntry entry, entry_of(value));
  // The chain is over bytes: what says the same in other bytes is not the same line. Members that a later
  // version has added are kept in the value, so they are canonical too.
  if (json::write(value, json::Style::Canonical) != line) return fail("not in canonical form (RFC 8785)");
  return entry;
}

}  // namespace greffe::journal
