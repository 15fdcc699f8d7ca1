-- Version 10: an index of disposals/, which is the truth: lists of what is to go, and what became of their lines. Days
-- are YYYY-MM-DD in the policy time zone, '' where there is none.

CREATE TABLE disposal_lists (
  id             TEXT PRIMARY KEY,    -- disposal-YYYYMMDD-xxxxxx, also the name of the folder
  made_utc       TEXT NOT NULL,       -- RFC 3339
  day            TEXT NOT NULL,       -- the day it was decided for
  made_by        TEXT NOT NULL,       -- login of who proposed it
  policy_version INTEGER NOT NULL,    -- of the rules it rests on
  scope          TEXT NOT NULL,       -- as it was asked for
  sha512         TEXT NOT NULL,       -- of the list: what visas name
  meetings       INTEGER NOT NULL,    -- lines
  bytes          INTEGER NOT NULL,    -- of all lines
  visas          INTEGER NOT NULL,    -- how many there are
  certificates   INTEGER NOT NULL,    -- how many there are
  closed_utc     TEXT NOT NULL        -- since nothing can come of it any more, RFC 3339; '' while something can
) STRICT, WITHOUT ROWID;

CREATE TABLE disposal_lines (
  list            TEXT NOT NULL REFERENCES disposal_lists (id),  -- disposal_lists.id
  meeting         TEXT NOT NULL,      -- meetings.id; stays when the meeting is destroyed
  class           TEXT NOT NULL,      -- as it was when the list was made
  start_unix_ms   INTEGER NOT NULL,   -- UTC instant of the meeting's start, in ms since 1970
  end_unix_ms     INTEGER NOT NULL,   -- and of its end
  bytes           INTEGER NOT NULL,   -- of all its files
  manifest_sha256 TEXT NOT NULL,      -- the version that was decided on
  rule            TEXT NOT NULL,      -- id of the rule that lets it go
  keep_until      TEXT NOT NULL,      -- last protected day
  due_from        TEXT NOT NULL,      -- first day on which it was due
  trashed_utc     TEXT NOT NULL,      -- RFC 3339, '' while it is not
  purge_from      TEXT NOT NULL,      -- first day on which it may be purged
  restored_utc    TEXT NOT NULL,      -- RFC 3339, '' while it is not
  destroyed_utc   TEXT NOT NULL,      -- RFC 3339, '' while it is not
  outcome         TEXT NOT NULL,      -- of a closed list: 'destroyed', 'restored', 'refused', 'deferred', 'expired' or
                                      -- 'cancelled'; else ''
  again_from      TEXT NOT NULL,      -- of a closed list: first day on which it may be proposed again
  PRIMARY KEY (list, meeting)
) STRICT, WITHOUT ROWID;

CREATE INDEX disposal_lines_by_meeting ON disposal_lines (meeting, list);

-- The dumps of what was destroyed, by which it is known when it comes again.
CREATE TABLE destroyed_dumps (
  sha256  TEXT NOT NULL,              -- of the dump
  meeting TEXT NOT NULL,              -- disposal_lines.meeting
  list    TEXT NOT NULL,              -- disposal_lines.list
  PRIMARY KEY (sha256, meeting, list)
) STRICT, WITHOUT ROWID;

-- For whoever looks whether an entry on a disposal was followed by its end.
CREATE INDEX journal_of_disposals ON journal (subjects, seq) WHERE action IN ('dispose', 'restore', 'purge');

CREATE VIEW v_disposals AS
  SELECT l.id, l.made_utc, l.day, l.made_by, l.policy_version, l.scope, l.sha512, l.meetings, l.bytes, l.visas,
         l.certificates, l.closed_utc,
         (SELECT count(*) FROM disposal_lines d WHERE d.list = l.id AND d.trashed_utc <> '' AND d.restored_utc = ''
             AND d.destroyed_utc = '') AS in_trash,
         (SELECT count(*) FROM disposal_lines d WHERE d.list = l.id AND d.destroyed_utc <> '') AS destroyed
    FROM disposal_lists l;

CREATE VIEW v_disposal_lines AS
  SELECT list, meeting, class, start_unix_ms, end_unix_ms, bytes, manifest_sha256, rule, keep_until, due_from,
         trashed_utc, purge_from, restored_utc, destroyed_utc, outcome, again_from
    FROM disposal_lines;

CREATE VIEW v_destroyed AS
  SELECT meeting, list, class, start_unix_ms, end_unix_ms, bytes, rule, keep_until, destroyed_utc
    FROM disposal_lines WHERE destroyed_utc <> '';
