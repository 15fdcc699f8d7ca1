-- Version 8: meetings whose rows may be behind their folders.

-- The journal tells of another manifest than the rows have: who changed the folder was killed before its rows, is at it,
-- or never changed it. A row goes when the rows of the meeting are made again.
CREATE TABLE late_meetings (
  meeting TEXT NOT NULL PRIMARY KEY,  -- meetings.id
  seq     INTEGER NOT NULL            -- of the entry that tells
) STRICT, WITHOUT ROWID;
