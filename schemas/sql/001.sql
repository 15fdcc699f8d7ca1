-- Version 1 of catalog.sqlite. The catalog is an index: all of it is made again from the meeting folders and the
-- journal by `greffe-catalog rebuild`. Times within a meeting are whole milliseconds since its start, rounded down;
-- digests are SHA-256 as 64 lower-case hex digits.

CREATE TABLE meetings (
  id              TEXT PRIMARY KEY,   -- YYYYMMDD-HHMMSSZ-xxxxxxxxxx, also the name of the folder
  title           TEXT NOT NULL,      -- as written by people: any text
  start_unix_ms   INTEGER NOT NULL,   -- UTC instant of meeting time 0, in ms since 1970
  duration_ms     INTEGER NOT NULL,   -- from meeting time 0 to the end of the last track
  origin          TEXT NOT NULL,      -- what recorded it: 'janus', 'rtpdump', 'capture', …
  class           TEXT NOT NULL,      -- records class, '' when none is given
  manifest_sha256 TEXT NOT NULL       -- of manifest-sha256.txt: changes when any file of the folder changes
) STRICT, WITHOUT ROWID;

CREATE INDEX meetings_by_start ON meetings (start_unix_ms);

CREATE TABLE participants (
  meeting  TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,  -- meetings.id
  position INTEGER NOT NULL,          -- from 0, in the order of meeting.json
  id       TEXT NOT NULL,             -- as meeting.json has it, unique within the meeting
  name     TEXT NOT NULL,             -- as written by people: any text, may stand twice
  PRIMARY KEY (meeting, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tracks (
  meeting     TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,  -- meetings.id
  track       TEXT NOT NULL,          -- stem of tracks/NAME.mkv and tracks/NAME.track.json
  participant TEXT NOT NULL,          -- participants.id of the same meeting
  role        TEXT NOT NULL,          -- camera, microphone, screen, screen-audio or room
  codec       TEXT NOT NULL,          -- 'vp8', 'opus', …
  dump        TEXT NOT NULL,          -- dumps/… it was read from
  start_ms    INTEGER NOT NULL,       -- meeting time of its first frame; negative before the given start
  end_ms      INTEGER NOT NULL,       -- meeting time of the end of its last frame
  frames      INTEGER NOT NULL,       -- coded frames kept
  packets     INTEGER NOT NULL,       -- RTP packets received, each once
  lost        INTEGER NOT NULL,       -- RTP packets that never came
  late        INTEGER NOT NULL,       -- RTP packets that came out of order
  duplicates  INTEGER NOT NULL,       -- RTP packets that came again
  PRIMARY KEY (meeting, track)
) STRICT, WITHOUT ROWID;

CREATE TABLE assets (
  meeting TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,  -- meetings.id
  path    TEXT NOT NULL,              -- relative to the meeting folder
  kind    TEXT NOT NULL,              -- its top folder, 'dumps', 'tracks', …; 'meeting' for the files beside them
  bytes   INTEGER NOT NULL,           -- size of the file
  sha256  TEXT NOT NULL,              -- of the file, as the manifest has it
  PRIMARY KEY (meeting, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX assets_by_sha256 ON assets (sha256);

CREATE TABLE renders (
  meeting       TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,  -- meetings.id
  file          TEXT NOT NULL,        -- the film, relative to the meeting folder
  bytes         INTEGER NOT NULL,     -- size of the film
  sha256        TEXT NOT NULL,        -- of the film
  receipt       TEXT NOT NULL,        -- its receipt, relative to the meeting folder
  scenes_sha256 TEXT NOT NULL,        -- of the scenes it was made from
  options       TEXT NOT NULL,        -- of the receipt: canonical JSON (RFC 8785)
  PRIMARY KEY (meeting, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE cues (
  number   INTEGER PRIMARY KEY,       -- of this catalog only: a rebuilt one may number otherwise
  meeting  TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,  -- meetings.id
  position INTEGER NOT NULL,          -- from 0, in the order of captions/cues.json
  start_ms INTEGER NOT NULL,          -- meeting time
  end_ms   INTEGER NOT NULL,          -- meeting time
  speaker  TEXT NOT NULL,             -- display name, '' when not known
  text     TEXT NOT NULL              -- what was said, plain text
) STRICT;

CREATE INDEX cues_by_meeting ON cues (meeting, position);

-- Words of the cues, without accents and case: "cafe" finds "Café". Written by the programs beside the cues, not by
-- triggers: with trusted_schema off, SQLite 3.40 lets no trigger write to an FTS5 table.
CREATE VIRTUAL TABLE cue_words USING fts5 (
  text,                               -- cues.text
  speaker,                            -- cues.speaker
  content = 'cues', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
-- Index of journal/*.jsonl, which is the truth. The triggers guard against accident only (they need PRAGMA
-- recursive_triggers against INSERT OR REPLACE); no UNIQUE beside the primary key, for the same reason.
CREATE TABLE journal (
  seq      INTEGER PRIMARY KEY,       -- number of the entry, from 1, without holes
  utc      TEXT NOT NULL,             -- when, RFC 3339 with milliseconds
  action   TEXT NOT NULL,             -- what was done: 'create', 'ingest', 'edit', …
  subjects TEXT NOT NULL,             -- JSON array of ids
  outcome  TEXT NOT NULL,             -- 'intended', 'done' or 'failed'
  entry    TEXT NOT NULL              -- the whole canonical line
) STRICT;

CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is never edited');
END;
CREATE TRIGGER journal_is_not_removed BEFORE DELETE ON journal BEGIN
  SELECT RAISE(ABORT, 'the journal is never edited');
END;
