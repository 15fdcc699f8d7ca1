-- Version 5: what an archive of a million meetings asks for. Cues are numbered by the time of their meeting, so that a
-- search gives the newest first without sorting; and dumps that were taken in before are found by their digits.

-- cues.number is (second * 256 + slot) * 2097152 + position, where second is that of the meeting's start since 1970,
-- from 0 to 17000000000. A meeting takes the first free slot of its second, or of a later one.
UPDATE cues SET number = s.slot * 2097152 + position
  FROM (SELECT meeting, place + max(second * 256 - place) OVER (ORDER BY place) AS slot
          FROM (SELECT id AS meeting, max(0, min(start_unix_ms / 1000, 17000000000)) AS second,
                       row_number() OVER (ORDER BY max(0, min(start_unix_ms / 1000, 17000000000)), id) AS place
                  FROM meetings)) s
 WHERE s.meeting = cues.meeting;
INSERT INTO cue_words (cue_words) VALUES ('rebuild');

-- The digits behind the date of an id are of the meeting's dumps. The journal knows of a meeting before its folder is
-- there, the catalog after.
CREATE INDEX meetings_by_dumps ON meetings (substr(id, 18));
CREATE INDEX journal_by_dumps ON journal (substr(subjects, 20, 10)) WHERE action = 'ingest';
