from django.db import migrations

from neutrality.appendonly import guard

# Whoever prepared a matter never decides it, whatever way the row comes in (R4.28, T17, V32).
TWO_PERSONS = """
CREATE FUNCTION oversight_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about text; preparer bigint;
BEGIN
  about := CASE NEW.act WHEN 'confirm' THEN 'propose' WHEN 'decide' THEN 'recommend' WHEN 'dismiss' THEN 'recommend'
                        WHEN 'uphold' THEN 'decide' WHEN 'reverse' THEN 'decide' END;
  IF about IS NULL THEN RETURN NEW; END IF;
  SELECT by_id INTO preparer FROM oversight_step
    WHERE case_id = NEW.case_id AND act = about ORDER BY position DESC LIMIT 1;
  IF preparer IS NULL OR NEW.prepared_by_id IS DISTINCT FROM preparer THEN
    RAISE EXCEPTION 'a decision names whose proposal it is about' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM oversight_step WHERE case_id = NEW.case_id AND by_id = NEW.by_id AND (
      act IN ('propose', 'recommend')
      OR NEW.act <> 'confirm' AND act IN ('open', 'take', 'investigate', 'serve', 'deliver', 'reply')
      OR NEW.act IN ('uphold', 'reverse') AND act IN ('decide', 'dismiss'))
  ) THEN
    RAISE EXCEPTION 'whoever prepared a case does not decide it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER two_persons BEFORE INSERT ON oversight_step FOR EACH ROW EXECUTE FUNCTION oversight_two_persons();
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_tables")]

    operations = [
        guard("oversight_case"),
        guard("oversight_step"),
        guard("oversight_exhibit"),
        guard("oversight_voice"),
        guard("oversight_beat", may_set=("confirmed_at", "confirmed_by_id")),
        migrations.RunSQL(
            TWO_PERSONS, "DROP TRIGGER two_persons ON oversight_step; DROP FUNCTION oversight_two_persons();"
        ),
    ]
