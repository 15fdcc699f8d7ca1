#include "catalog/meeting_writer.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "catalog/cue_numbers.h"
#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

// A statement that is run again and again.
struct Repeated {
  Repeated(SQLite::Database& database, const char* sql) : statement(database, sql), bind(statement) {}
  SQLite::Statement statement;
  Binder bind;
};

}  // namespace

struct MeetingWriter::Parts {
  explicit Parts(SQLite::Database& of) : database(of) {}

  static void run(Repeated& repeated, std::string_view id) {
    repeated.bind << id;
    repeated.bind.run();
  }

  void remove(std::string_view id) {
    known.reset();
    known.bind(1, std::string(id));
    const bool is_known = known.executeStep();
    known.reset();
    if (!is_known) return;
    run(forget_late, id);
    run(forget_cues, id);
    run(forget_names, id);
    run(remove_meeting, id);
  }

  void insert(const MeetingRecord& record) {
    const MeetingRow& row = record.meeting;
    meeting.bind << row.id << row.title << row.start_unix_ms << row.duration_ms << row.origin
                 << row.meeting_class << row.manifest;
    meeting.bind.run();
    insert_producers(record);
    insert_participants(record);
    // After its participants, whose names are among the words.
    run(number, row.id);
    run(names, row.id);
    insert_tracks(record);
    insert_files(record);
    insert_cues(record);
  }

  void insert_producers(const MeetingRecord& record) {
    std::int64_t position = 0;
    for (const ProducerRow& row : record.producers) {
      producer.bind << record.meeting.id << position++ << row.name;
      producer.bind.run();
    }
  }

  void insert_participants(const MeetingRecord& record) {
    std::int64_t position = 0;
    for (const ParticipantRow& row : record.participants) {
      participant.bind << record.meeting.id << position++ << row.id << row.name;
      participant.bind.run();
    }
  }

  void insert_tracks(const MeetingRecord& record) {
    for (const TrackRow& row : record.tracks) {
      track.bind << record.meeting.id << row.track << row.participant << row.role << row.codec << row.dump
                 << row.start_ms << row.end_ms << row.frames << row.packets << row.lost << row.late
                 << row.duplicates << row.recovered;
      track.bind.run();
    }
  }

  void insert_files(const MeetingRecord& record) {
    for (const AssetRow& row : record.assets) {
      asset.bind << record.meeting.id << row.path << row.kind << row.bytes << row.digest;
      asset.bind.run();
    }
    for (const RenderRow& row : record.renders) {
      render.bind << record.meeting.id << row.file << row.bytes << row.digest << row.receipt << row.scenes
                  << row.options;
      render.bind.run();
    }
  }

  void insert_cues(const MeetingRecord& record) {
    if (record.cues.empty()) return;
    const std::int64_t first = first_cue_number(database, record.meeting.start_unix_ms);
    std::int64_t position = 0;
    for (const CueRow& row : record.cues) {
      cue.bind << first + position << record.meeting.id << position << row.start_ms << row.end_ms
               << row.speaker << row.text;
      cue.bind.run();
      words.bind << first + position << row.text << row.speaker;
      words.bind.run();
      ++position;
    }
  }

  SQLite::Database& database;
  SQLite::Statement known{database, "SELECT 1 FROM meetings WHERE id = ?"};
  // FTS5 has to be told what it is to forget. The rows of the other tables go with their meeting.
  Repeated forget_late{database, "DELETE FROM late_meetings WHERE meeting = ?"};
  Repeated forget_cues{database,
                       "INSERT INTO cue_words (cue_words, rowid, text, speaker) "
                       "SELECT 'delete', number, text, speaker FROM cues WHERE meeting = ? ORDER BY number"};
  Repeated forget_names{database,
                        "INSERT INTO meeting_words (meeting_words, rowid, title, people) "
                        "SELECT 'delete', number, title, people FROM meeting_texts WHERE meeting = ?"};
  Repeated remove_meeting{database, "DELETE FROM meetings WHERE id = ?"};
  Repeated meeting{database, "INSERT INTO meetings VALUES (?, ?, ?, ?, ?, ?, ?)"};
  Repeated producer{database, "INSERT INTO producers VALUES (?, ?, ?)"};
  Repeated participant{database, "INSERT INTO participants VALUES (?, ?, ?, ?)"};
  Repeated number{database, "INSERT INTO meeting_numbers (meeting) VALUES (?)"};
  Repeated names{database,
                 "INSERT INTO meeting_words (rowid, title, people) "
                 "SELECT number, title, people FROM meeting_texts WHERE meeting = ?"};
  Repeated track{database, "INSERT INTO tracks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Repeated asset{database, "INSERT INTO assets VALUES (?, ?, ?, ?, ?)"};
  Repeated render{database, "INSERT INTO renders VALUES (?, ?, ?, ?, ?, ?, ?)"};
  Repeated cue{database,
               "INSERT INTO cues (number, meeting, position, start_ms, end_ms, speaker, text) "
               "VALUES (?, ?, ?, ?, ?, ?, ?)"};
  Repeated words{database, "INSERT INTO cue_words (rowid, text, speaker) VALUES (?, ?, ?)"};
};

MeetingWriter::MeetingWriter(SQLite::Database& database) : parts_(std::make_unique<Parts>(database)) {}
MeetingWriter::~MeetingWriter() = default;

void MeetingWriter::remove(std::string_view id) { parts_->remove(id); }

Status MeetingWriter::put(const MeetingRecord& record) {
  if (static_cast<std::int64_t>(record.cues.size()) > MostCuesOfMeeting)
    return fail("{}: {} cues, more than {}", record.meeting.id, record.cues.size(), MostCuesOfMeeting);
  parts_->remove(record.meeting.id);
  parts_->insert(record);
  return {};
}

}  // namespace greffe::catalog
