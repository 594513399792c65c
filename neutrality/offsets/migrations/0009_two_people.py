"""The table of transfers itself asks for two people before units go to `void:`, and lets what is pledged or frozen go
nowhere but home or to `void:`.

Why in the database: whoever writes to the tables directly could else declare units false alone, or let pledged units
end in a surrender or a case. One function for all places others have a right in, as before, so that a move asks for its
two places once; what is new costs a retirement two comparisons of text.
"""

import importlib

from django.db import migrations

# A notice is still proposed while its units move; whoever moves them is not the one who proposed it.
STAY = """
CREATE OR REPLACE FUNCTION offsets_locked_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source text; target text; home text; activity text;
BEGIN
  SELECT code INTO source FROM ledger_place WHERE id = NEW.source_id;
  SELECT code INTO target FROM ledger_place WHERE id = NEW.target_id;
  IF target = 'void:' THEN
    IF NOT EXISTS (SELECT FROM offsets_voidnotice n WHERE n.number = split_part(NEW.key, ':', 2)
                   AND n.state = 'proposed' AND n.span @> NEW.span AND n.proposed_by_id <> NEW.by_id) THEN
      RAISE EXCEPTION 'units are void by a notice that a second person confirms' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF source LIKE 'pledged:%' OR source LIKE 'frozen:%' THEN
    SELECT 'held:' || o.code INTO home FROM offsets_lock l JOIN accounts_organization o ON o.id = l.owner_id
    WHERE l.number = split_part(source, ':', 2);
    IF target IS DISTINCT FROM home THEN
      RAISE EXCEPTION '% holds these units', source USING ERRCODE = 'QZ001';
    END IF;
  END IF;
  IF source LIKE 'reserved:%' OR target LIKE 'reserved:%' THEN
    SELECT 'held:' || o.code, 'retired:' || a.code INTO home, activity
    FROM offsets_reservation r JOIN accounts_organization o ON o.id = r.owner_id
      JOIN activities_activity a ON a.id = r.activity_id
    WHERE r.number = split_part(CASE WHEN source LIKE 'reserved:%' THEN source ELSE target END, ':', 2);
    IF (source LIKE 'reserved:%' AND (home IS NULL OR target NOT IN (home, activity)))
       OR (target LIKE 'reserved:%' AND source IS DISTINCT FROM home) THEN
      RAISE EXCEPTION 'these units are set aside' USING ERRCODE = 'QZ001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""


def before() -> str:
    """The function as it was."""
    stay: str = importlib.import_module("neutrality.offsets.migrations.0002_insert_only").STAY
    return stay[: stay.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("offsets", "0008_project_amendments")]
    operations = [migrations.RunSQL(STAY, before())]
