"""Insert-only rows; a verification says only what a competent, independent body may say, in time."""

from django.db import migrations

from neutrality.appendonly import guard

# No path, raw SQL included, lets an organizer verify its own growth, count growth after the six years, or count a
# stretch of growth twice (R1.22 to R1.24, R1.27).
VERIFICATION = """
CREATE FUNCTION planting_verification_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stand planting_planting; look planting_survey; body_kind text; organizer bigint;
BEGIN
  SELECT * INTO stand FROM planting_planting WHERE id = NEW.planting_id;
  SELECT * INTO look FROM planting_survey WHERE id = NEW.survey_id;
  SELECT kind INTO body_kind FROM accounts_organization WHERE id = NEW.body_id;
  SELECT organization_id INTO organizer FROM activities_activity WHERE id = stand.activity_id;
  IF look.planting_id <> NEW.planting_id OR look.body_id <> NEW.body_id OR body_kind <> 'evaluator'
     OR NEW.body_id = organizer OR stand.called_off_at IS NOT NULL THEN
    RAISE EXCEPTION 'only the independent body a survey names decides on it' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.increment_kg > 0 AND (NEW.grown_to > stand.horizon OR NEW.decided_on > stand.horizon) THEN
    RAISE EXCEPTION 'growth after the six years never counts' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.increment_kg > 0 AND EXISTS (
    SELECT 1 FROM planting_verification v WHERE v.planting_id = NEW.planting_id AND v.increment_kg > 0
      AND v.grown_from < NEW.grown_to AND NEW.grown_from < v.grown_to) THEN
    RAISE EXCEPTION 'this stretch of growth is verified already' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER verification_true BEFORE INSERT ON planting_verification
  FOR EACH ROW EXECUTE FUNCTION planting_verification_true();
"""


class Migration(migrations.Migration):
    dependencies = [("planting", "0001_tables")]
    operations = [
        guard("planting_plot", ("freed_at", "freed_by_id")),
        guard("planting_planting", ("called_off_at", "called_off_by_id", "call_off_reason")),
        guard("planting_survey"),
        guard("planting_verification"),
        migrations.RunSQL(
            VERIFICATION,
            "DROP TRIGGER verification_true ON planting_verification; DROP FUNCTION planting_verification_true();",
        ),
    ]
