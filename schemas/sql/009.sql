-- Version 9: packages that were made of meetings and handed over, an index of exports/.

CREATE TABLE exports (
  number       INTEGER PRIMARY KEY,   -- of exports/export-N.json
  format       TEXT NOT NULL,         -- 'bagit' or 'folder'
  exported_utc TEXT NOT NULL,         -- RFC 3339
  bagging_date TEXT NOT NULL,         -- YYYY-MM-DD, the day written in the package
  recipient    TEXT NOT NULL,         -- as told, '' where nobody was named
  reason       TEXT NOT NULL,         -- as told, '' for none
  target       TEXT NOT NULL,         -- where it was put, an absolute path
  uid          INTEGER NOT NULL,      -- of who exported
  sudo_user    TEXT NOT NULL,         -- the person, where the account was borrowed, else ''
  holds        TEXT NOT NULL,         -- JSON array: ids of the holds that bound one of its meetings
  sha256       TEXT NOT NULL          -- of the file
) STRICT;

-- A meeting that is destroyed later stays here: its package is still out.
CREATE TABLE export_meetings (
  meeting         TEXT NOT NULL,      -- id
  export          INTEGER NOT NULL REFERENCES exports(number),  -- that has it
  manifest_sha256 TEXT NOT NULL,      -- of its manifest-sha256.txt as it was packed
  files           INTEGER NOT NULL,   -- of it, in the package
  bytes           INTEGER NOT NULL,   -- of them
  PRIMARY KEY (meeting, export)
) STRICT, WITHOUT ROWID;

CREATE TABLE export_parts (
  export   INTEGER NOT NULL REFERENCES exports(number),  -- that it is a part of
  position INTEGER NOT NULL,          -- from 0
  name     TEXT NOT NULL,             -- of the file or folder
  bytes    INTEGER NOT NULL,          -- of all in it
  file     TEXT NOT NULL,             -- what the digest is of: the part, or a list within it
  sha256   TEXT NOT NULL,             -- the digest
  PRIMARY KEY (export, position)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_exports AS
  SELECT m.meeting, 'export-' || e.number AS export, e.exported_utc, e.bagging_date, e.format, e.recipient, e.reason,
         m.manifest_sha256, m.files, m.bytes,
         (SELECT count(*) FROM export_parts p WHERE p.export = e.number) AS parts,
         (SELECT group_concat(p.sha256, ' ') FROM (SELECT sha256 FROM export_parts WHERE export = e.number
                                                    ORDER BY position) p) AS sha256
    FROM export_meetings m JOIN exports e ON e.number = m.export;
