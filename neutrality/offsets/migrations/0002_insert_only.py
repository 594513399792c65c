"""Insert-only rows; decisions are made once; a retirement says of its transfer only what is true; nobody empties what
units were used for.
"""

from django.db import migrations

from neutrality.appendonly import guard, never_emptied

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

# One function for all places others have a right in, so that a move asks for its two places once. Pledged and frozen
# units return to their owner only. `reserved:` is reached from its owner's `held:` only, and left for that, for the
# activity the units are set aside for, or for `void:`.
STAY = """
CREATE FUNCTION offsets_locked_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source text; target text; home text; activity text;
BEGIN
  SELECT code INTO source FROM ledger_place WHERE id = NEW.source_id;
  SELECT code INTO target FROM ledger_place WHERE id = NEW.target_id;
  IF (target LIKE 'retired:%' OR target LIKE 'held:%') AND (source LIKE 'pledged:%' OR source LIKE 'frozen:%')
     AND (target LIKE 'retired:%' OR target <> (
       SELECT 'held:' || o.code FROM offsets_lock l JOIN accounts_organization o ON o.id = l.owner_id
       WHERE l.number = split_part(source, ':', 2))) THEN
    RAISE EXCEPTION '% holds these units', source USING ERRCODE = 'QZ001';
  END IF;
  IF source LIKE 'reserved:%' OR target LIKE 'reserved:%' THEN
    SELECT 'held:' || o.code, 'retired:' || a.code INTO home, activity
    FROM offsets_reservation r JOIN accounts_organization o ON o.id = r.owner_id
      JOIN activities_activity a ON a.id = r.activity_id
    WHERE r.number = split_part(CASE WHEN source LIKE 'reserved:%' THEN source ELSE target END, ':', 2);
    IF (source LIKE 'reserved:%' AND (home IS NULL OR target NOT IN (home, activity, 'void:')))
       OR (target LIKE 'reserved:%' AND source IS DISTINCT FROM home) THEN
      RAISE EXCEPTION 'these units are set aside' USING ERRCODE = 'QZ001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER locked_stay BEFORE INSERT ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION offsets_locked_stay();
"""


def decided_once(table: str, state: str, *columns: str) -> migrations.RunSQL:
    names = ", ".join(f"'{name}'" for name in (state, "state", *columns))
    return migrations.RunSQL(
        f"CREATE TRIGGER decided_once BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION offsets_decided_once({names});",
        f"DROP TRIGGER decided_once ON {table};",
    )


USED = ("offsets_serialline", "offsets_block", "offsets_retirement", "offsets_voidedpart", "offsets_lock")
USED += ("offsets_compensation", "offsets_proof", "offsets_voidnotice", "offsets_surrender", "offsets_handoverstep")


class Migration(migrations.Migration):
    replaces = [
        ("offsets", "0002_guards"),
        ("offsets", "0003_feeds"),
        ("offsets", "0004_locks"),
        ("offsets", "0005_compensations"),
        ("offsets", "0009_reservations"),
        ("offsets", "0011_twins"),
        ("offsets", "0012_never_emptied"),
        ("offsets", "0013_surrenders"),
        ("offsets", "0015_order_steps"),
    ]
    dependencies = [("offsets", "0001_tables"), ("ledger", "0002_moves")]
    operations = [
        guard("offsets_serialline"),
        guard("offsets_block"),
        guard("offsets_retirement"),
        guard("offsets_voidedpart"),
        guard("offsets_registryfile"),
        guard("offsets_publishedrun"),
        guard("offsets_publishedcount"),
        guard("offsets_projectversion"),
        guard("offsets_badrow"),
        guard("offsets_lock", ("released_at", "released_by_id", "release_note")),
        guard("offsets_compensation"),
        guard("offsets_reservation", ("ended_at", "ended_by_id", "ending")),
        guard("offsets_clearance"),
        guard("offsets_twin"),
        guard("offsets_twindecision"),
        guard("offsets_surrender"),
        guard("offsets_handoverstep"),
        migrations.RunSQL(DECIDED_ONCE, "DROP FUNCTION offsets_decided_once();"),
        decided_once("offsets_proof", "submitted", "decided_at", "decided_by_id", "decision_note"),
        decided_once("offsets_voidnotice", "proposed", "decided_at", "decided_by_id"),
        decided_once("offsets_handover", "asked", "closed_at", "closed_by_id"),
        decided_once("offsets_offer", "open", "closed_at", "closed_by_id"),
        migrations.RunSQL(
            RETIREMENT,
            "DROP TRIGGER retirement_true ON offsets_retirement; DROP FUNCTION offsets_retirement_true();",
        ),
        migrations.RunSQL(
            STAY, "DROP TRIGGER locked_stay ON ledger_transfer; DROP FUNCTION offsets_locked_stay();"
        ),
        never_emptied(*USED),
    ]
