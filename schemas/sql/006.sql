-- Version 6: whose records a meeting is.

-- SEDA's OriginatingAgency, the French "service producteur": rules may be of one producer, and what several have to say
-- must agree (R7).
CREATE TABLE producers (
  meeting  TEXT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,  -- meetings.id
  position INTEGER NOT NULL,          -- from 0, in the order of meeting.json
  name     TEXT NOT NULL,             -- as rules name it, unique within the meeting
  PRIMARY KEY (meeting, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX producers_by_name ON producers (name);

CREATE VIEW v_producers AS
  SELECT meeting, position, name FROM producers;
