-- Version 4: views that others build on, explained in greffe-views(7), and the plan that was last saved.

-- Of the plan in plan_rows; at most one row. A plan is what was decided from the rest of the catalog: a rebuilt one has
-- none until the next is saved.
CREATE TABLE saved_plan (
  number         INTEGER PRIMARY KEY CHECK (number = 1),  -- there is one
  as_of          TEXT NOT NULL,       -- the day that was decided for, YYYY-MM-DD in the policy time zone
  made_utc       TEXT NOT NULL,       -- when, RFC 3339
  policy_version INTEGER NOT NULL,    -- of the rules in force on that day, 0 for none
  journal_seq    INTEGER NOT NULL     -- journal.seq of the last entry that it knows of
) STRICT;

CREATE TABLE plan_rows (
  meeting      TEXT PRIMARY KEY,      -- meetings.id; stays when the meeting's rows are made anew
  code         TEXT NOT NULL,         -- 'KEEP_RULE', 'DUE', …: the gravest of its codes (R13)
  codes        TEXT NOT NULL,         -- all of them, with commas
  keep_until   TEXT NOT NULL,         -- last protected day, '' where there is none
  due_from     TEXT NOT NULL,         -- first day on which it is due, '' where there is none
  propose_from TEXT NOT NULL,         -- first day on which it may be proposed, '' where there is none
  final_action TEXT NOT NULL,         -- 'keep', 'destroy', 'review', or '' where no rule says
  rule         TEXT NOT NULL,         -- id of the rule to name, '' where none decides
  waits_for    TEXT NOT NULL          -- events that rules start with and nobody has recorded, with commas
) STRICT, WITHOUT ROWID;

-- Adds the instants as text, and the number of captions, to what version 2 had.
DROP VIEW v_meetings;
CREATE VIEW v_meetings AS
  SELECT m.id, m.title, m.start_unix_ms, m.duration_ms, m.origin, m.class, m.manifest_sha256,
         (SELECT count(*) FROM participants p WHERE p.meeting = m.id) AS participants,
         (SELECT count(*) FROM tracks t WHERE t.meeting = m.id) AS tracks,
         (SELECT count(*) FROM renders r WHERE r.meeting = m.id) AS renders,
         (SELECT coalesce(sum(a.bytes), 0) FROM assets a WHERE a.meeting = m.id) AS bytes,
         (SELECT count(*) FROM hold_members h JOIN holds d ON d.id = h.hold
           WHERE h.meeting = m.id AND d.released_date = '') AS holds,
         strftime('%Y-%m-%dT%H:%M:%SZ', m.start_unix_ms / 1000, 'unixepoch') AS start_utc,
         strftime('%Y-%m-%dT%H:%M:%SZ', (m.start_unix_ms + m.duration_ms) / 1000, 'unixepoch') AS end_utc,
         (SELECT count(*) FROM cues c WHERE c.meeting = m.id) AS cues
    FROM meetings m;

CREATE VIEW v_participants AS
  SELECT p.meeting, p.position, p.id, p.name,
         (SELECT count(*) FROM tracks t WHERE t.meeting = p.meeting AND t.participant = p.id) AS tracks
    FROM participants p;

CREATE VIEW v_tracks AS
  SELECT meeting, track, participant, role, codec, dump, start_ms, end_ms, frames, packets, lost, recovered, late,
         duplicates
    FROM tracks;

CREATE VIEW v_assets AS
  SELECT meeting, path, kind, bytes, sha256 FROM assets;

CREATE VIEW v_renders AS
  SELECT meeting, file, bytes, sha256, receipt, scenes_sha256 FROM renders;

CREATE VIEW v_cues AS
  SELECT meeting, position, start_ms, end_ms, speaker, text FROM cues;

CREATE VIEW v_holds AS
  SELECT h.id, h.matter, h.owner, h.reason, h.created_by, h.created_utc, h.start_date, h.end_date, h.auto_release,
         h.review_on, h.mode, h.blocks, h.query, h.condition, h.confidential, h.released_date, h.released_by,
         h.release_reason, h.released_date = '' AS stands,
         (SELECT count(*) FROM hold_members m WHERE m.hold = h.id) AS meetings
    FROM holds h;

CREATE VIEW v_held AS
  SELECT m.meeting, m.hold, m.since_utc, m.evidence, h.matter, h.blocks, h.released_date, h.released_date = '' AS stands
    FROM hold_members m JOIN holds h ON h.id = m.hold;

CREATE VIEW v_rules AS
  SELECT r.version, r.position, r.id, r.level, r.classes, r.query, r.duration, r.start_event, r.final_action, r.rule,
         coalesce((SELECT min(a.effective_date) FROM activations a WHERE a.version = r.version), '') AS first_effective
    FROM policy_rules r;

CREATE VIEW v_events AS
  SELECT e.number, e.type, e.effective_date, e.supersedes, e.withdrawn, e.query, e.evidence, e.recorded_utc, e.uid,
         e.sudo_user,
         e.withdrawn = 0 AND e.number NOT IN (SELECT l.supersedes FROM events l) AS stands,
         (SELECT count(*) FROM event_meetings m WHERE m.event = e.number) AS meetings
    FROM events e;

CREATE VIEW v_happened AS
  SELECT m.meeting, m.event, e.type, e.effective_date,
         e.withdrawn = 0 AND e.number NOT IN (SELECT l.supersedes FROM events l) AS stands
    FROM event_meetings m JOIN events e ON e.number = m.event;

-- Who did it stands in the entry; with trusted_schema off, SQLite 3.40 lets no view call json_extract.
CREATE VIEW v_journal AS
  SELECT seq, utc, action, subjects, outcome, entry FROM journal;

CREATE VIEW v_plan AS
  SELECT r.meeting, m.title, m.class, r.code, r.codes, r.keep_until, r.due_from, r.propose_from, r.final_action,
         r.rule, r.waits_for,
         (SELECT coalesce(sum(a.bytes), 0) FROM assets a WHERE a.meeting = r.meeting) AS bytes,
         (SELECT count(*) FROM hold_members h JOIN holds d ON d.id = h.hold
           WHERE h.meeting = r.meeting AND d.released_date = '') AS holds,
         p.as_of, p.made_utc, p.policy_version,
         (SELECT coalesce(max(j.seq), 0) FROM journal j) - p.journal_seq AS entries_since
    FROM saved_plan p CROSS JOIN plan_rows r JOIN meetings m ON m.id = r.meeting;

CREATE VIEW v_due AS
  SELECT meeting, title, class, code, keep_until, due_from, propose_from, final_action, rule, bytes, holds, as_of,
         made_utc, policy_version, entries_since
    FROM v_plan WHERE due_from <> '' AND due_from <= as_of;
