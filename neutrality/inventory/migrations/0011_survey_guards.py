from django.db import migrations

from neutrality.appendonly import guard

# A closed survey takes nothing more, whoever asks: answers and batches after the digest would stand outside it.
FROZEN = """
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
FREE = """
DROP TRIGGER frozen ON inventory_surveyanswer;
DROP TRIGGER frozen ON inventory_surveybatch;
DROP FUNCTION inventory_survey_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0010_survey")]
    operations = [
        guard("inventory_survey", ("closed_at", "answers", "digest")),
        guard("inventory_surveygroup"),
        guard("inventory_headcount"),
        guard("inventory_surveyanswer"),
        guard("inventory_surveybatch"),
        migrations.RunSQL(FROZEN, FREE),
    ]
