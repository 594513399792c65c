"""Insert-only rows, and inventories that no longer move once they were submitted."""

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


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [
        guard("inventory_factorversion"),
        guard("inventory_result"),
        guard("inventory_seal"),
        migrations.RunSQL(FROZEN, MELT),
    ]
