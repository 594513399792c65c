"""Insert-only rows; decisions are made once; a retirement says of its transfer only what is true."""

from django.db import migrations

from neutrality.appendonly import guard

# Rows that are decided once: while waiting, only the named columns change; after that, none does.
DECIDED_ONCE = """
CREATE FUNCTION offsets_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '% rows are never removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> TG_ARGV[0] OR to_jsonb(OLD) - TG_ARGV[1:] <> to_jsonb(NEW) - TG_ARGV[1:] THEN
    RAISE EXCEPTION '% was decided or is not changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

# No path, raw SQL included, can write a retirement for units that did not just end in that activity's place.
RETIREMENT = """
CREATE FUNCTION offsets_retirement_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  move ledger_transfer; target text; activity text; block offsets_block;
BEGIN
  SELECT * INTO move FROM ledger_transfer WHERE number = NEW.transfer_id;
  SELECT code INTO target FROM ledger_place WHERE id = move.target_id;
  SELECT code INTO activity FROM activities_activity WHERE id = NEW.activity_id;
  SELECT * INTO block FROM offsets_block WHERE id = NEW.block_id;
  IF target IS DISTINCT FROM 'retired:' || activity OR move.span <> NEW.span OR move.quantity <> NEW.quantity
     OR NOT block.house @> NEW.span THEN
    RAISE EXCEPTION 'a retirement must say what its transfer did' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retirement_true BEFORE INSERT ON offsets_retirement
  FOR EACH ROW EXECUTE FUNCTION offsets_retirement_true();
"""


def decided_once(table: str, state: str, *columns: str) -> migrations.RunSQL:
    names = ", ".join(f"'{name}'" for name in (state, "state", *columns))
    return migrations.RunSQL(
        f"CREATE TRIGGER decided_once BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION offsets_decided_once({names});",
        f"DROP TRIGGER decided_once ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("offsets", "0001_initial"), ("ledger", "0002_guards")]
    operations = [
        guard("offsets_serialline"),
        guard("offsets_block"),
        guard("offsets_retirement"),
        guard("offsets_voidedpart"),
        migrations.RunSQL(DECIDED_ONCE, "DROP FUNCTION offsets_decided_once();"),
        decided_once("offsets_proof", "submitted", "decided_at", "decided_by_id", "decision_note"),
        decided_once("offsets_voidnotice", "proposed", "decided_at", "decided_by_id"),
        decided_once("offsets_handover", "asked", "closed_at", "closed_by_id"),
        decided_once("offsets_offer", "open", "closed_at", "closed_by_id"),
        migrations.RunSQL(
            RETIREMENT,
            "DROP TRIGGER retirement_true ON offsets_retirement; DROP FUNCTION offsets_retirement_true();",
        ),
    ]
