from django.db import migrations

from neutrality.appendonly import guard

# The last line before an entry: whatever the code did, no row appears without due process (I8, V32, V33).
DUE_PROCESS = """
CREATE FUNCTION standing_due_process() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter oversight_case%ROWTYPE; decided oversight_step%ROWTYPE; notice oversight_step%ROWTYPE;
BEGIN
  SELECT * INTO matter FROM oversight_case WHERE id = NEW.case_id;
  SELECT * INTO decided FROM oversight_step WHERE id = NEW.decision_id;
  IF matter.kind <> (CASE NEW.list WHEN 'black' THEN 'listing' ELSE 'recognition' END)
     OR decided.case_id <> NEW.case_id OR decided.act <> 'decide' THEN
    RAISE EXCEPTION 'an entry needs the decision of its own case' USING ERRCODE = 'check_violation';
  END IF;
  IF matter.subject_id <> NEW.organization_id OR matter.subject_code <> NEW.subject_code
     OR NOT EXISTS (SELECT 1 FROM accounts_organization WHERE id = NEW.organization_id AND code = NEW.subject_code) THEN
    RAISE EXCEPTION 'an entry bears the code number of its case' USING ERRCODE = 'check_violation';
  END IF;
  IF (SELECT state FROM oversight_step WHERE case_id = NEW.case_id ORDER BY position DESC LIMIT 1)
     NOT IN ('decided', 'upheld') THEN
    RAISE EXCEPTION 'the case is not decided' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.list <> 'black' THEN RETURN NEW; END IF;
  SELECT * INTO notice FROM oversight_step
    WHERE case_id = NEW.case_id AND act IN ('deliver', 'acknowledge') AND position < decided.position
    ORDER BY position DESC LIMIT 1;
  IF notice.id IS NULL OR coalesce(notice.content ->> 'proof', '') = ''
     OR (notice.content ->> 'window_ends')::date >= (decided.at AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'no entry without a delivered notice and an elapsed term' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM oversight_step o WHERE o.case_id = NEW.case_id AND o.act = 'object' AND NOT EXISTS (
      SELECT 1 FROM oversight_step r WHERE r.case_id = o.case_id AND r.act = 'reply'
      AND r.position > o.position AND r.position < decided.position)
  ) THEN
    RAISE EXCEPTION 'no entry while an objection is open' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM oversight_exhibit e WHERE e.case_id = NEW.case_id AND e.withdraws_id IS NULL
    AND e.subject_code = NEW.subject_code
    AND NOT EXISTS (SELECT 1 FROM oversight_exhibit w WHERE w.withdraws_id = e.id)
  ) OR EXISTS (
    SELECT 1 FROM oversight_exhibit e WHERE e.case_id = NEW.case_id AND e.withdraws_id IS NULL
    AND e.subject_code <> NEW.subject_code
    AND NOT EXISTS (SELECT 1 FROM oversight_exhibit w WHERE w.withdraws_id = e.id)
  ) THEN
    RAISE EXCEPTION 'no entry without evidence that bears its code number' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER due_process BEFORE INSERT ON standing_listing FOR EACH ROW EXECUTE FUNCTION standing_due_process();
"""


class Migration(migrations.Migration):
    dependencies = [("standing", "0001_tables"), ("oversight", "0002_guards")]

    operations = [
        guard("standing_policy"),
        guard("standing_score"),
        guard("standing_listing"),
        guard("standing_ending"),
        migrations.RunSQL(
            DUE_PROCESS, "DROP TRIGGER due_process ON standing_listing; DROP FUNCTION standing_due_process();"
        ),
    ]
