-- Version 7: what a saved plan was in doubt about.

-- Ids of rules, with commas: nobody could tell whether they have the meeting, so that it is not to be destroyed (H5).
ALTER TABLE plan_rows ADD COLUMN in_doubt TEXT NOT NULL DEFAULT '';

DROP VIEW v_due;
DROP VIEW v_plan;

CREATE VIEW v_plan AS
  SELECT r.meeting, m.title, m.class, r.code, r.codes, r.keep_until, r.due_from, r.propose_from, r.final_action,
         r.rule, r.waits_for,
         (SELECT coalesce(sum(a.bytes), 0) FROM assets a WHERE a.meeting = r.meeting) AS bytes,
         (SELECT count(*) FROM hold_members h JOIN holds d ON d.id = h.hold
           WHERE h.meeting = r.meeting AND d.released_date = '') AS holds,
         p.as_of, p.made_utc, p.policy_version,
         (SELECT coalesce(max(j.seq), 0) FROM journal j) - p.journal_seq AS entries_since,
         r.in_doubt
    FROM saved_plan p CROSS JOIN plan_rows r JOIN meetings m ON m.id = r.meeting;

CREATE VIEW v_due AS
  SELECT meeting, title, class, code, keep_until, due_from, propose_from, final_action, rule, bytes, holds, as_of,
         made_utc, policy_version, entries_since
    FROM v_plan WHERE due_from <> '' AND due_from <= as_of AND in_doubt = '';
