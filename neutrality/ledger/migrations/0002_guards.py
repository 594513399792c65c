"""Places and transfers are only ever added, and a transfer moves its units by itself.

Why in the database: then no path, raw SQL included, can move a unit without a transfer, move what is not there, or take
an ended unit back. The place the units leave is locked first, so movers queue up and never deadlock over lots; the
exclusion constraint on ledger_lot stays as the last line.
"""

from django.db import migrations

from neutrality.appendonly import guard

NUMBERS = "CREATE SEQUENCE ledger_unit_number;"

MOVE = """
CREATE FUNCTION ledger_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source ledger_place; target ledger_place; original ledger_transfer; lot ledger_lot;
  found_units bigint := 0;
BEGIN
  SELECT * INTO source FROM ledger_place WHERE id = NEW.source_id;
  SELECT * INTO target FROM ledger_place WHERE id = NEW.target_id;
  IF target.code = 'issued:' THEN
    RAISE EXCEPTION 'nothing returns to issued:' USING ERRCODE = 'QZ002';
  END IF;
  IF source.code = 'issued:' THEN
    INSERT INTO ledger_lot (place_id, span) VALUES (NEW.target_id, NEW.span);
    RETURN NULL;
  END IF;
  IF source.ending THEN
    SELECT * INTO original FROM ledger_transfer WHERE number = NEW.reverses_id;
    IF target.code <> 'void:' OR source.code = 'void:' OR original IS NULL
       OR original.target_id <> NEW.source_id OR NOT original.span @> NEW.span THEN
      RAISE EXCEPTION 'units in % have ended', source.code USING ERRCODE = 'QZ002';
    END IF;
  END IF;
  PERFORM 1 FROM ledger_place WHERE id = NEW.source_id FOR NO KEY UPDATE;
  FOR lot IN SELECT * FROM ledger_lot WHERE place_id = NEW.source_id AND span && NEW.span FOR UPDATE LOOP
    found_units := found_units + upper(lot.span * NEW.span) - lower(lot.span * NEW.span);
    DELETE FROM ledger_lot WHERE id = lot.id;
    IF lower(lot.span) < lower(NEW.span) THEN
      INSERT INTO ledger_lot (place_id, span) VALUES (lot.place_id, int8range(lower(lot.span), lower(NEW.span)));
    END IF;
    IF upper(lot.span) > upper(NEW.span) THEN
      INSERT INTO ledger_lot (place_id, span) VALUES (lot.place_id, int8range(upper(NEW.span), upper(lot.span)));
    END IF;
  END LOOP;
  IF found_units <> NEW.quantity THEN
    RAISE EXCEPTION '% of % units lie in %', found_units, NEW.quantity, source.code USING ERRCODE = 'QZ001';
  END IF;
  INSERT INTO ledger_lot (place_id, span) VALUES (NEW.target_id, NEW.span);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_move AFTER INSERT ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION ledger_move();
"""

ONLY_BY_TRANSFER = """
CREATE FUNCTION ledger_only_by_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'lots move by transfers only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER only_by_transfer BEFORE INSERT OR UPDATE OR DELETE ON ledger_lot
  FOR EACH ROW EXECUTE FUNCTION ledger_only_by_transfer();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        guard("ledger_place"),
        guard("ledger_transfer"),
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE ledger_unit_number;"),
        migrations.RunSQL(MOVE, "DROP TRIGGER ledger_move ON ledger_transfer; DROP FUNCTION ledger_move();"),
        migrations.RunSQL(
            ONLY_BY_TRANSFER, "DROP TRIGGER only_by_transfer ON ledger_lot; DROP FUNCTION ledger_only_by_transfer();"
        ),
    ]
