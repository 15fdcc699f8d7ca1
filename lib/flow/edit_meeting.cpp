#include "flow/edit_meeting.h"

#include <algorithm>
#include <vector>

#include "base/file_lock.h"
#include "fixity/manifest.h"
#include "flow/catalog_index.h"
#include "journal/journal.h"
#include "json/reader.h"

namespace greffe::flow {
namespace {

constexpr std::uint64_t LargestJson = 64u << 20;
constexpr std::string_view ManifestName = "manifest-sha256.txt";

// A file of the folder as it is and as it is to be.
struct Rewrite {
  std::string name;
  std::string before;
  std::string after;
  bool changes() const { return before != after; }
};

// Sets title and names. `renamed` gets the display names that change, when no other participant has the same.
Result<std::string> edited_meeting(const std::string& text, const MeetingEdit& edit,
                                   std::map<std::string, std::string>& renamed) {
  GREFFE_TRY(json::Value value, json::parse(text));
  json::Object* meeting = value.find_object();
  const json::Value* listed = meeting ? meeting->find("participants") : nullptr;
  if (!listed || !listed->find_array()) return fail("no list of participants");
  if (edit.title) meeting->set("title", *edit.title);
  json::Array participants = *listed->find_array();
  std::map<std::string, int> bearers;  // how many bear a name
  std::map<std::string, std::string> unknown = edit.names;
  for (json::Value& participant : participants) {
    json::Reader reader(participant, "participants");
    const std::string participant_id = reader.text("id");
    const std::string name = reader.text("name");
    GREFFE_CHECK(reader.status());
    ++bearers[name];
    const auto wanted = edit.names.find(participant_id);
    if (wanted == edit.names.end()) continue;
    unknown.erase(participant_id);
    if (wanted->second == name) continue;
    renamed[name] = wanted->second;
    participant.find_object()->set("name", wanted->second);
  }
  if (!unknown.empty()) return fail(ErrorKind::Usage, "no participant \"{}\"", unknown.begin()->first);
  std::erase_if(renamed, [&](const auto& change) { return bearers[change.first] > 1; });
  meeting->set("participants", std::move(participants));
  return json::write(value, json::Style::Indented);
}

// Cues bear display names: those that were renamed follow.
Result<std::string> edited_cues(const std::string& text, const std::map<std::string, std::string>& renamed) {
  if (renamed.empty()) return text;
  GREFFE_TRY(json::Value value, json::parse(text));
  json::Object* document = value.find_object();
  const json::Value* listed = document ? document->find("cues") : nullptr;
  if (!listed || !listed->find_array()) return fail("no list of cues");
  json::Array cues = *listed->find_array();
  for (json::Value& cue : cues) {
    json::Object* object = cue.find_object();
    const json::Value* speaker = object ? object->find("speaker") : nullptr;
    if (!speaker || !speaker->find_text()) continue;
    if (const auto change = renamed.find(*speaker->find_text()); change != renamed.end())
      object->set("speaker", change->second);
  }
  document->set("cues", std::move(cues));
  return json::write(value, json::Style::Indented);
}

// One edit on its way: what the folder holds, what it is to hold, and the journal.
class Editor {
 public:
  Editor(const catalog::Archive& archive, std::string_view id, const journal::Actor& actor, WallTime now,
         std::chrono::milliseconds lock_wait)
      : id_(id),
        path_(catalog::Archive::meeting_path(id)),
        folder_(archive.meeting_folder(id)),
        journal_folder_(archive.journal_folder()),
        journal_(journal_folder_, actor, lock_wait),
        now_(now) {}

  // Reads the files and works out what they are to be.
  Status plan(const MeetingEdit& edit) {
    GREFFE_TRY(manifest_, fixity::read_manifest(folder_ / ManifestName));
    manifest_before_ = fixity::digest_of(manifest_.text());
    std::map<std::string, std::string> renamed;
    GREFFE_TRY(Rewrite meeting, read("meeting.json"));
    auto edited = edited_meeting(meeting.before, edit, renamed);
    if (!edited) return fail_within((folder_ / "meeting.json").string(), edited);
    meeting.after = std::move(*edited);
    rewrites_.push_back(std::move(meeting));
    if (manifest_.find("captions/cues.json")) {
      GREFFE_TRY(Rewrite cues, read("captions/cues.json"));
      auto edited_text = edited_cues(cues.before, renamed);
      if (!edited_text) return fail_within((folder_ / cues.name).string(), edited_text);
      cues.after = std::move(*edited_text);
      rewrites_.push_back(std::move(cues));
    }
    for (const Rewrite& rewrite : rewrites_)
      GREFFE_CHECK(manifest_.replace(rewrite.name, fixity::digest_of(rewrite.after)));
    return {};
  }

  bool changes() const { return fixity::digest_of(manifest_.text()) != manifest_before_; }

  // The cues come before meeting.json: an edit that was killed between them is planned again as a whole,
  // because meeting.json still has the old names.
  Status apply() {
    GREFFE_CHECK(note("intended"));
    for (auto rewrite = rewrites_.rbegin(); rewrite != rewrites_.rend(); ++rewrite)
      if (rewrite->changes()) GREFFE_CHECK(write_text_atomically(folder_ / rewrite->name, rewrite->after));
    GREFFE_CHECK(write_text_atomically(folder_ / ManifestName, manifest_.text()));
    return note("done");
  }

 private:
  // A file must be the one the manifest names, or the one an interrupted edit was about to put there.
  Result<Rewrite> read(const std::string& name) {
    GREFFE_TRY(std::string text, read_text(folder_ / name, LargestJson));
    const fixity::Digest* const listed = manifest_.find(name);
    const fixity::Digest found = fixity::digest_of(text);
    if (!listed || *listed != found) {
      GREFFE_TRY(const bool intended, was_intended(name, found));
      if (!intended)
        return fail(ErrorKind::Integrity, "{}: not the file that the manifest names",
                    (folder_ / name).string());
    }
    return Rewrite{.name = name, .before = std::move(text), .after = {}};
  }

  Result<bool> was_intended(const std::string& name, const fixity::Digest& digest) {
    GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(journal_folder_));
    while (true) {
      GREFFE_TRY(const auto entry, reader.next());
      if (!entry) return false;
      if (entry->event.action != "edit") continue;
      const auto& files = entry->event.files;
      if (std::any_of(files.begin(), files.end(), [&](const auto& file) {
            return file.file == path_ + "/" + name && file.after == digest;
          }))
        return true;
    }
  }

  Status note(const char* outcome) {
    journal::Event event{.action = "edit", .subjects = {id_}, .outcome = outcome};
    for (const Rewrite& rewrite : rewrites_)
      if (rewrite.changes())
        event.files.push_back({path_ + "/" + rewrite.name, fixity::digest_of(rewrite.before),
                               fixity::digest_of(rewrite.after)});
    event.files.push_back(
        {path_ + "/" + std::string(ManifestName), manifest_before_, fixity::digest_of(manifest_.text())});
    const auto entry = journal_.append(event, now_);
    if (!entry) return tl::unexpected(entry.error());
    return {};
  }

  std::string id_;
  std::string path_;  // of the folder, relative to the archive
  Path folder_;
  Path journal_folder_;
  journal::Journal journal_;
  WallTime now_;
  fixity::Manifest manifest_;  // as it is to be, after plan()
  fixity::Digest manifest_before_;
  std::vector<Rewrite> rewrites_;
};

}  // namespace

Result<bool> edit_meeting(const catalog::Archive& archive, std::string_view id, const MeetingEdit& edit,
                          const journal::Actor& actor, WallTime now, std::chrono::milliseconds lock_wait,
                          DamageLog& damage) {
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), lock_wait));
  Editor editor(archive, id, actor, now, lock_wait);
  GREFFE_CHECK(editor.plan(edit));
  const bool changes = editor.changes();
  if (changes) GREFFE_CHECK(editor.apply());
  // The rows are made again even when nothing changes: a kill may have come between the files and the rows.
  GREFFE_CHECK(index_meeting(archive, id, lock_wait, damage));
  return changes;
}

}  // namespace greffe::flow
