#include "custody/edit_meeting.h"

#include <set>
#include <vector>

#include "base/file_lock.h"
#include "caption/cue_json.h"
#include "caption/webvtt.h"
#include "custody/catalog_index.h"
#include "custody/holds.h"
#include "custody/swap_meeting.h"
#include "fixity/manifest.h"
#include "json/reader.h"

namespace greffe::custody {
namespace {

constexpr std::uint64_t LargestJson = 64u << 20;

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
  if (edit.producers)
    if (!edit.producers->empty() || meeting->find("producers"))
      meeting->set("producers", json::Array(edit.producers->begin(), edit.producers->end()));
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

// captions/cues.vtt is written from captions/cues.json.
Result<std::string> vtt_of_cues(const std::string& cues_json) {
  GREFFE_TRY(const json::Value value, json::parse(cues_json));
  GREFFE_TRY(const auto cues, caption::cues_of_json(value, "cues.json"));
  return caption::write_webvtt(cues);
}

// One edit on its way: what the folder holds, and what it is to hold.
class Editor {
 public:
  Editor(const catalog::Archive& archive, std::string_view id)
      : archive_(archive), id_(id), folder_(archive.meeting_folder(id)) {}

  // Reads the files and works out what they are to be.
  Status plan(const MeetingEdit& edit) {
    GREFFE_TRY(manifest_, fixity::read_manifest(folder_ / fixity::ManifestName));
    std::map<std::string, std::string> renamed;
    GREFFE_TRY(Rewrite meeting, read("meeting.json"));
    auto edited = edited_meeting(meeting.before, edit, renamed);
    if (!edited) return fail_within((folder_ / "meeting.json").string(), edited);
    meeting.after = std::move(*edited);
    rewrites_.push_back(std::move(meeting));
    if (manifest_.find("captions/cues.json")) GREFFE_CHECK(plan_cues(renamed));
    std::erase_if(rewrites_, [](const Rewrite& rewrite) { return !rewrite.changes(); });
    return {};
  }

  bool changes() const { return !rewrites_.empty(); }

  // The folder changes in one step.
  Status apply(const Acting& acting) {
    GREFFE_TRY(intake::MeetingStage stage, intake::MeetingStage::create(archive_.staging_folder() / id_));
    std::set<std::string> rewritten;
    for (const Rewrite& rewrite : rewrites_) rewritten.insert(rewrite.name);
    GREFFE_CHECK(stage.take_over(folder_, rewritten));
    for (const Rewrite& rewrite : rewrites_) GREFFE_CHECK(stage.write(rewrite.name, rewrite.after));
    return swap_in_meeting(std::move(stage), archive_, event(), acting);
  }

 private:
  Status plan_cues(const std::map<std::string, std::string>& renamed) {
    GREFFE_TRY(Rewrite cues, read("captions/cues.json"));
    auto edited = edited_cues(cues.before, renamed);
    if (!edited) return fail_within((folder_ / cues.name).string(), edited);
    cues.after = std::move(*edited);
    if (cues.changes() && manifest_.find("captions/cues.vtt")) {
      GREFFE_TRY(Rewrite vtt, read("captions/cues.vtt"));
      GREFFE_TRY(vtt.after, vtt_of_cues(cues.after));
      rewrites_.push_back(std::move(vtt));
    }
    rewrites_.push_back(std::move(cues));
    return {};
  }

  // The file must be the one the manifest names.
  Result<Rewrite> read(const std::string& name) {
    GREFFE_TRY(std::string text, read_text(folder_ / name, LargestJson));
    const fixity::Digest* const listed = manifest_.find(name);
    if (!listed || *listed != fixity::digest_of(text))
      return fail(ErrorKind::Integrity, "{}: not the file that the manifest names",
                  (folder_ / name).string());
    return Rewrite{.name = name, .before = std::move(text), .after = {}};
  }

  journal::Event event() const {
    const std::string path = catalog::Archive::meeting_path(id_);
    journal::Event event{.action = "edit", .subjects = {id_}};
    for (const Rewrite& rewrite : rewrites_)
      event.files.push_back(
          {path + "/" + rewrite.name, fixity::digest_of(rewrite.before), fixity::digest_of(rewrite.after)});
    return event;
  }

  const catalog::Archive& archive_;
  std::string id_;
  Path folder_;
  fixity::Manifest manifest_;
  std::vector<Rewrite> rewrites_;
};

}  // namespace

Result<bool> edit_meeting(const catalog::Archive& archive, std::string_view id, const MeetingEdit& edit,
                          const journal::Actor& actor, WallTime now, std::chrono::milliseconds lock_wait,
                          DamageLog& damage) {
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), lock_wait));
  Editor editor(archive, id);
  GREFFE_CHECK(editor.plan(edit));
  const bool changes = editor.changes();
  const Acting acting{actor, now, lock_wait};
  if (changes) {
    GREFFE_CHECK(refuse_if_held(archive, id, "alter", acting));
    GREFFE_CHECK(editor.apply(acting));
  } else {
    GREFFE_CHECK(remove_tree(archive.staging_folder() / id));  // of an edit that was killed at its very end
  }
  // The rows are made again even when nothing changes: a kill may have come between the files and the rows.
  GREFFE_CHECK(index_meeting(archive, id, acting, damage));
  return changes;
}

}  // namespace greffe::custody
