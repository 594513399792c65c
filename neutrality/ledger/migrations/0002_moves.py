"""Places and transfers are only ever added, a transfer moves its units by itself, and one act is one round trip.

Why in the database: then no path, raw SQL included, can move a unit without a transfer, move what is not there, or take
an ended unit back.

`ledger_post` is the body of every verb of the ledger: one key, one act; both places; the lock on the place the units
leave; which numbers; one transfer for each run. It answers with an outcome instead of an error, so that a refusal does
not spoil the caller's transaction. It guards nothing by itself: what may move is still decided by the trigger
`ledger_move`, for this function and for raw SQL alike.

Lots of one place never overlap, so those that touch a run are the last one that begins at or before it and those that
begin inside it. With an index on (place, first number) that is one probe, whatever else lies in the place or in the
batch. The span index alone would read every lot of the batch, and every retirement leaves one behind.
"""

from django.db import migrations

from neutrality.appendonly import guard

NUMBERS = "CREATE SEQUENCE ledger_unit_number;"

OVERLAPPING = """
CREATE FUNCTION ledger_overlapping(place bigint, run int8range) RETURNS SETOF ledger_lot LANGUAGE sql STABLE AS $$
  SELECT * FROM ledger_lot
  WHERE place_id = place AND upper(span) > lower(run) AND lower(span) < upper(run) AND lower(span) >= coalesce(
    (SELECT lower(before.span) FROM ledger_lot before WHERE before.place_id = place AND lower(before.span) <= lower(run)
     ORDER BY lower(before.span) DESC LIMIT 1), lower(run))
  ORDER BY lower(span)
$$;
"""

# Lots are read one by one in the order of the index, and reading stops early; the planner, who thinks of all of them,
# would rather fetch and sort them.
IN_ORDER = "SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off"

# Reads no lot beyond the last one it takes from. Says nothing when fewer than `wanted` lie there.
LOWEST = f"""
CREATE FUNCTION ledger_lowest(place bigint, within int8range, wanted bigint) RETURNS int8range[] LANGUAGE plpgsql
STABLE {IN_ORDER} AS $$
DECLARE
  runs int8range[] := '{{}}'; lot int8range; missing bigint := wanted;
BEGIN
  FOR lot IN SELECT span * within FROM ledger_overlapping(place, within) LOOP
    lot := int8range(lower(lot), least(upper(lot), lower(lot) + missing));
    missing := missing - (upper(lot) - lower(lot));
    IF upper(runs[cardinality(runs)]) = lower(lot) THEN
      runs[cardinality(runs)] := runs[cardinality(runs)] + lot;
    ELSE
      runs := runs || lot;
    END IF;
    EXIT WHEN missing = 0;
  END LOOP;
  RETURN CASE WHEN missing = 0 THEN runs END;
END $$;
"""

PLACE = """
CREATE FUNCTION ledger_place_of(wanted text, ends boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  place ledger_place;
BEGIN
  SELECT * INTO place FROM ledger_place WHERE code = wanted;
  IF NOT FOUND THEN
    INSERT INTO ledger_place (code, ending) VALUES (wanted, ends) ON CONFLICT (code) DO NOTHING;
    SELECT * INTO STRICT place FROM ledger_place WHERE code = wanted;
  END IF;
  IF place.ending <> ends THEN
    RAISE EXCEPTION 'whether % ends a unit''s use never changes', wanted;
  END IF;
  RETURN place.id;
END $$;
"""

# The caller holds the lock of `issued:`, which makes two steps on the sequence one.
NEW_NUMBERS = """
CREATE FUNCTION ledger_new_numbers(quantity bigint) RETURNS int8range LANGUAGE plpgsql AS $$
DECLARE
  last bigint := setval('ledger_unit_number', nextval('ledger_unit_number') + quantity - 1);
BEGIN
  RETURN int8range(last - quantity + 1, last + 1);
END $$;
"""

# Three ways to say which numbers: fresh ones when they come from `issued:`, the lowest `wanted` of `within`, or exactly
# `within` when `wanted` is null.
POST = """
CREATE FUNCTION ledger_post(
  this_key text, this_asked text, source_code text, source_ends boolean, target_code text, target_ends boolean,
  within int8range, wanted bigint, why text, day date, at timestamptz, person bigint, reversed bigint
) RETURNS TABLE (outcome text, number bigint, span int8range, source_id bigint, target_id bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  earlier ledger_transfer; leaves bigint; enters bigint; runs int8range[]; moved bigint; numbers bigint[] := '{}';
  refused text;
BEGIN
  -- One key, one act: equal sends wait for each other here, and the later ones get the first one's answer.
  PERFORM pg_advisory_xact_lock(hashtextextended(this_key, 1));
  FOR earlier IN SELECT * FROM ledger_transfer WHERE key = this_key ORDER BY position LOOP
    IF earlier.asked <> this_asked THEN
      RETURN QUERY SELECT 'key_reused', NULL::bigint, NULL::int8range, NULL::bigint, NULL::bigint;
      RETURN;
    END IF;
    RETURN QUERY SELECT 'again', earlier.number, earlier.span, earlier.source_id, earlier.target_id;
  END LOOP;
  IF FOUND THEN RETURN; END IF;

  -- The place the units leave is locked before anything is looked at: movers queue here and never deadlock over lots.
  leaves := ledger_place_of(source_code, source_ends);
  enters := ledger_place_of(target_code, target_ends);
  PERFORM 1 FROM ledger_place WHERE id = leaves FOR NO KEY UPDATE;

  runs := CASE WHEN source_code = 'issued:' THEN ARRAY[ledger_new_numbers(wanted)]
               WHEN wanted IS NULL THEN ARRAY[within]
               ELSE ledger_lowest(leaves, within, wanted) END;
  IF runs IS NULL THEN
    refused := 'not_held';
  ELSE
    BEGIN
      FOR place IN 1 .. cardinality(runs) LOOP
        INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, by_id, source_id, target_id,
                                     span, quantity, reverses_id)
        VALUES (this_key, place - 1, this_asked, why, day, at, person, leaves, enters,
                runs[place], upper(runs[place]) - lower(runs[place]), reversed)
        RETURNING number INTO moved;
        numbers := numbers || moved;
      END LOOP;
    EXCEPTION
      WHEN SQLSTATE 'QZ001' THEN refused := 'not_held';
      WHEN SQLSTATE 'QZ002' THEN refused := 'ended';
    END;
  END IF;
  IF refused IS NOT NULL THEN
    RETURN QUERY SELECT refused, NULL::bigint, NULL::int8range, NULL::bigint, NULL::bigint;
  ELSE
    RETURN QUERY SELECT 'moved', done.n, done.r, leaves, enters FROM unnest(numbers, runs) AS done(n, r);
  END IF;
END $$;
"""

# The place the units leave is locked before anything is read, so movers queue up and never deadlock over lots; the
# exclusion constraint on ledger_lot stays as the last line.
#
# What is left of a long lot goes back in pieces, a short one beside the cut and each further one twice as long. Deleted
# rows stay in the span index until they are vacuumed, and the exclusion constraint looks at each that overlaps a new
# one: if the whole rest of a batch went back in one piece, every retirement would meet the ghosts of all earlier ones.
# So it meets some dozens at most. Lots are storage; who asks for spans gets adjacent ones as one.
MOVE = f"""
CREATE OR REPLACE FUNCTION ledger_move() RETURNS trigger LANGUAGE plpgsql {IN_ORDER} AS $$
DECLARE
  source ledger_place; target ledger_place; original ledger_transfer; lot ledger_lot;
  found_units bigint := 0; next bigint; length bigint;
BEGIN
  SELECT * INTO source FROM ledger_place WHERE id = NEW.source_id FOR NO KEY UPDATE;
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
  FOR lot IN SELECT * FROM ledger_overlapping(NEW.source_id, NEW.span) LOOP
    found_units := found_units + upper(lot.span * NEW.span) - lower(lot.span * NEW.span);
    DELETE FROM ledger_lot WHERE id = lot.id;
    IF lower(lot.span) < lower(NEW.span) THEN
      INSERT INTO ledger_lot (place_id, span) VALUES (lot.place_id, int8range(lower(lot.span), lower(NEW.span)));
    END IF;
    next := upper(NEW.span);
    length := greatest(16 * NEW.quantity, 256);
    WHILE next < upper(lot.span) LOOP
      length := CASE WHEN upper(lot.span) - next < 2 * length THEN upper(lot.span) - next ELSE length END;
      INSERT INTO ledger_lot (place_id, span) VALUES (lot.place_id, int8range(next, next + length));
      next := next + length;
      length := 2 * length;
    END LOOP;
  END LOOP;
  IF found_units <> NEW.quantity THEN
    RAISE EXCEPTION '% of % units lie in %', found_units, NEW.quantity, source.code USING ERRCODE = 'QZ001';
  END IF;
  INSERT INTO ledger_lot (place_id, span) VALUES (NEW.target_id, NEW.span);
  RETURN NULL;
END $$;
"""
BY_ITSELF = """
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

UNPOST = """
DROP FUNCTION ledger_post; DROP FUNCTION ledger_new_numbers; DROP FUNCTION ledger_place_of; DROP FUNCTION ledger_lowest;
DROP FUNCTION ledger_overlapping;
"""


class Migration(migrations.Migration):
    replaces = [("ledger", "0002_guards"), ("ledger", "0003_post")]
    dependencies = [("ledger", "0001_tables")]
    operations = [
        guard("ledger_place"),
        guard("ledger_transfer"),
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE ledger_unit_number;"),
        migrations.RunSQL(OVERLAPPING + LOWEST + PLACE + NEW_NUMBERS + POST, UNPOST),
        migrations.RunSQL(
            MOVE + BY_ITSELF, "DROP TRIGGER ledger_move ON ledger_transfer; DROP FUNCTION ledger_move();"
        ),
        migrations.RunSQL(
            ONLY_BY_TRANSFER, "DROP TRIGGER only_by_transfer ON ledger_lot; DROP FUNCTION ledger_only_by_transfer();"
        ),
    ]
