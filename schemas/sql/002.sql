-- Version 2: words of titles and names, legal holds, and packets that were recovered.

-- RTP packets that never came, but whose content was rebuilt from redundancy, retransmission or error correction.
ALTER TABLE tracks ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;

-- A number for each meeting, since the index of words knows rows by number. Of this catalog only: a rebuilt one may
-- number otherwise.
CREATE TABLE meeting_numbers (
  number  INTEGER PRIMARY KEY,        -- as the index of words names the meeting
  meeting TEXT NOT NULL UNIQUE REFERENCES meetings (id) ON DELETE CASCADE  -- meetings.id
) STRICT;

INSERT INTO meeting_numbers (meeting) SELECT id FROM meetings ORDER BY id;

CREATE VIEW meeting_texts (number, meeting, title, people) AS
  SELECT n.number, m.id, m.title,
         coalesce((SELECT group_concat(name, ' / ')
                     FROM (SELECT name FROM participants WHERE meeting = m.id ORDER BY position)), '')
    FROM meeting_numbers n JOIN meetings m ON m.id = n.meeting;

-- Words of titles and of participants' names, as those of the cues in cue_words.
CREATE VIRTUAL TABLE meeting_words USING fts5 (
  title,                              -- meetings.title
  people,                             -- participants.name of all, in their order
  content = 'meeting_texts', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO meeting_words (meeting_words) VALUES ('rebuild');

CREATE INDEX participants_by_id ON participants (id);

-- Index of holds/*/, which is the truth. Days are YYYY-MM-DD in the policy time zone, '' where there is none.
CREATE TABLE holds (
  id              TEXT PRIMARY KEY,   -- hold-YYYYMMDD-xxxxxx, also the name of the folder
  matter          TEXT NOT NULL,      -- case or file it is placed for
  owner           TEXT NOT NULL,      -- who answers for it
  reason          TEXT NOT NULL,      -- why it was placed
  created_by      TEXT NOT NULL,      -- login of who placed it
  created_utc     TEXT NOT NULL,      -- RFC 3339
  start_date      TEXT NOT NULL,      -- first day
  end_date        TEXT NOT NULL,      -- last day, '' for none
  auto_release    INTEGER NOT NULL,   -- 1: ends by itself after its last day
  review_on       TEXT NOT NULL,      -- day on which somebody looks at it again, '' for none
  mode            TEXT NOT NULL,      -- 'live': covers what comes later, too; 'snapshot': what was there
  blocks          TEXT NOT NULL,      -- of 'dispose', 'alter' and 'move', with commas
  query           TEXT NOT NULL,      -- of its meetings; '' where they were named or an SQL condition finds them
  condition       TEXT NOT NULL,      -- SQL over v_meetings; '' for none
  confidential    INTEGER NOT NULL,   -- 1: its reason is shown to nobody who asks why a meeting is kept
  batches         INTEGER NOT NULL,   -- how many of its members-NNNNNN.json are in hold_members
  released_date   TEXT NOT NULL,      -- day of its release, '' while it stands
  released_by     TEXT NOT NULL,      -- login, '' while it stands
  release_reason  TEXT NOT NULL       -- why it was released, '' while it stands
) STRICT, WITHOUT ROWID;

-- What a hold covers: once matched, until it is released (H4).
CREATE TABLE hold_members (
  hold      TEXT NOT NULL REFERENCES holds (id),  -- holds.id
  meeting   TEXT NOT NULL,            -- meetings.id; stays when the meeting's rows are made anew
  since_utc TEXT NOT NULL,            -- when it was matched, RFC 3339
  evidence  TEXT NOT NULL,            -- why: JSON
  PRIMARY KEY (hold, meeting)
) STRICT, WITHOUT ROWID;

CREATE INDEX hold_members_by_meeting ON hold_members (meeting, hold);

-- For queries of people and programs: names and columns of views stay.
CREATE VIEW v_meetings AS
  SELECT m.id, m.title, m.start_unix_ms, m.duration_ms, m.origin, m.class, m.manifest_sha256,
         (SELECT count(*) FROM participants p WHERE p.meeting = m.id) AS participants,
         (SELECT count(*) FROM tracks t WHERE t.meeting = m.id) AS tracks,
         (SELECT count(*) FROM renders r WHERE r.meeting = m.id) AS renders,
         (SELECT coalesce(sum(a.bytes), 0) FROM assets a WHERE a.meeting = m.id) AS bytes,
         (SELECT count(*) FROM hold_members h JOIN holds d ON d.id = h.hold
           WHERE h.meeting = m.id AND d.released_date = '') AS holds
    FROM meetings m;
