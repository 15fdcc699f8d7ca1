-- Version 3: the retention policy and the events it counts from: an index of policy/, which is the truth. Days are
-- YYYY-MM-DD in the policy time zone.

CREATE TABLE policies (
  version      INTEGER PRIMARY KEY,   -- from 1, of policy/rules-N.json
  notice_days  INTEGER NOT NULL,      -- between being due and being proposed
  cooling_days INTEGER NOT NULL,      -- between deciding on rules that destroy sooner and their effect
  sha256       TEXT NOT NULL          -- of the file
) STRICT;

CREATE TABLE policy_rules (
  version      INTEGER NOT NULL REFERENCES policies (version),  -- policies.version
  position     INTEGER NOT NULL,      -- from 0, in the order of the file
  id           TEXT NOT NULL,         -- the same in each version of the policy
  level        TEXT NOT NULL,         -- 'floor', 'explicit', 'scoped', 'default' or 'fallback'
  classes      TEXT NOT NULL,         -- JSON array of records classes; empty for all
  query        TEXT NOT NULL,         -- of the meetings it is for, '' for none
  duration     TEXT NOT NULL,         -- ISO 8601, or 'forever'
  start_event  TEXT NOT NULL,         -- what it counts from: 'meeting_ended', …
  final_action TEXT NOT NULL,         -- 'keep', 'destroy', 'review', or '' where it says nothing of that
  rule         TEXT NOT NULL,         -- all of it, canonical JSON (RFC 8785)
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE activations (
  number         INTEGER PRIMARY KEY, -- from 1, of policy/activation-K.json
  version        INTEGER NOT NULL REFERENCES policies (version),  -- policies.version
  decided_utc    TEXT NOT NULL,       -- RFC 3339
  effective_date TEXT NOT NULL,       -- first day in force; a later number of a day that has come goes before
  reason         TEXT NOT NULL,       -- as written by people
  uid            INTEGER NOT NULL,    -- of who decided
  sudo_user      TEXT NOT NULL,       -- the person, where the account was borrowed; else ''
  diff_sha256    TEXT NOT NULL,       -- of what the decision was known to change
  sha256         TEXT NOT NULL        -- of the file
) STRICT;

CREATE TABLE policy_locks (
  version     INTEGER PRIMARY KEY REFERENCES policies (version),  -- policies.version
  decided_utc TEXT NOT NULL,          -- RFC 3339
  reason      TEXT NOT NULL,          -- as written by people
  uid         INTEGER NOT NULL,       -- of who decided
  sudo_user   TEXT NOT NULL           -- the person, where the account was borrowed; else ''
) STRICT;

CREATE TABLE events (
  number         INTEGER PRIMARY KEY, -- from 1, of policy/event-N.json
  type           TEXT NOT NULL,       -- 'dossier_closed', …
  effective_date TEXT NOT NULL,       -- the day it happened, or will
  supersedes     INTEGER NOT NULL,    -- events.number that it corrects, 0 for none
  withdrawn      INTEGER NOT NULL,    -- 1: only takes back what it supersedes
  query          TEXT NOT NULL,       -- that found its meetings, '' where they were named
  evidence       TEXT NOT NULL,       -- where it can be read that it happened
  recorded_utc   TEXT NOT NULL,       -- RFC 3339
  uid            INTEGER NOT NULL,    -- of who recorded it
  sudo_user      TEXT NOT NULL,       -- the person, where the account was borrowed; else ''
  sha256         TEXT NOT NULL        -- of the file
) STRICT;

CREATE TABLE event_meetings (
  meeting TEXT NOT NULL,              -- meetings.id; stays when the meeting's rows are made anew
  event   INTEGER NOT NULL REFERENCES events (number),  -- events.number
  PRIMARY KEY (meeting, event)
) STRICT, WITHOUT ROWID;
