"""Insert-only rows; inventories that no longer move once they were submitted, surveys once they were closed."""

from django.db import migrations

from neutrality.appendonly import guard

FROZEN = """
CREATE OR REPLACE FUNCTION inventory_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_set text[] := ARRAY['state', 'returned_at', 'returned_by_id', 'return_reason'];
BEGIN
  IF OLD.state = 'draft' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state <> 'draft' AND to_jsonb(OLD) - may_set = to_jsonb(NEW) - may_set THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a submitted inventory is frozen' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON inventory_inventory
FOR EACH ROW EXECUTE FUNCTION inventory_frozen();

CREATE OR REPLACE FUNCTION inventory_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.inventory_id ELSE OLD.inventory_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM inventory_inventory WHERE id = touched AND state <> 'draft') THEN
    RAISE EXCEPTION 'lines of a submitted inventory are frozen' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON inventory_line
FOR EACH ROW EXECUTE FUNCTION inventory_line_frozen();
"""
MELT = """
DROP TRIGGER frozen ON inventory_line;
DROP FUNCTION inventory_line_frozen();
DROP TRIGGER frozen ON inventory_inventory;
DROP FUNCTION inventory_frozen();
"""

# A closed survey takes nothing more, whoever asks: answers and batches after the digest would stand outside it.
CLOSED = """
CREATE OR REPLACE FUNCTION inventory_survey_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM inventory_survey WHERE id = NEW.survey_id AND closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'survey % is closed', NEW.survey_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE INSERT ON inventory_surveyanswer
  FOR EACH ROW EXECUTE FUNCTION inventory_survey_frozen();
CREATE TRIGGER frozen BEFORE INSERT ON inventory_surveybatch
  FOR EACH ROW EXECUTE FUNCTION inventory_survey_frozen();
"""
OPENED = """
DROP TRIGGER frozen ON inventory_surveyanswer;
DROP TRIGGER frozen ON inventory_surveybatch;
DROP FUNCTION inventory_survey_frozen();
"""


class Migration(migrations.Migration):
    replaces = [
        ("inventory", "0002_guards"),
        ("inventory", "0004_simulation_guard"),
        ("inventory", "0006_deposit_guard"),
        ("inventory", "0008_cover_choice_guard"),
        ("inventory", "0011_survey_guards"),
    ]
    dependencies = [("inventory", "0001_tables")]
    operations = [
        guard("inventory_factorversion"),
        guard("inventory_result"),
        guard("inventory_seal"),
        guard("inventory_simulation"),
        guard("inventory_deposit"),
        guard("inventory_coverchoice"),
        guard("inventory_survey", ("closed_at", "answers", "digest")),
        guard("inventory_surveygroup"),
        guard("inventory_headcount"),
        guard("inventory_surveyanswer"),
        guard("inventory_surveybatch"),
        migrations.RunSQL(FROZEN, MELT),
        migrations.RunSQL(CLOSED, OPENED),
    ]
