from django.db import migrations

# Runs of one side never share a number. The statement's own rows stand in the table already, so it is enough that
# neighbours lie apart: a few rows ask for theirs, many are walked through in order. Writers of such rows wait for each
# other here, so two transactions cannot both find the place free.
APART = """
CREATE FUNCTION offsets_published_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE many bigint; low bigint; high bigint; meets boolean;
BEGIN
  SELECT count(*), min(lower(numbers)), max(upper(numbers)) INTO many, low, high
    FROM fresh WHERE side > 0 AND version = 1;
  IF many = 0 THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(696205);
  IF many < 20000 THEN
    SELECT EXISTS (SELECT FROM fresh f WHERE f.side > 0 AND f.version = 1 AND (
      lower(f.numbers) < (SELECT upper(r.numbers) FROM offsets_publishedrun r
        WHERE r.side = f.side AND r.version = 1 AND lower(r.numbers) <= lower(f.numbers) AND r.id <> f.id
        ORDER BY lower(r.numbers) DESC LIMIT 1)
      OR upper(f.numbers) > (SELECT lower(r.numbers) FROM offsets_publishedrun r
        WHERE r.side = f.side AND r.version = 1 AND lower(r.numbers) >= lower(f.numbers) AND r.id <> f.id
        ORDER BY lower(r.numbers) LIMIT 1))) INTO meets;
  ELSE
    -- From the last run that begins before the first of ours, on each side.
    SELECT coalesce(min(before), low) INTO low FROM (
      SELECT (SELECT max(lower(r.numbers)) FROM offsets_publishedrun r
        WHERE r.side = each AND r.version = 1 AND lower(r.numbers) < low) AS before FROM generate_series(1, 2) AS each
    ) AS sides;
    SELECT EXISTS (SELECT FROM (
      SELECT lower(numbers) < lag(upper(numbers)) OVER (PARTITION BY side ORDER BY lower(numbers)) AS late
      FROM offsets_publishedrun
      WHERE side > 0 AND version = 1 AND lower(numbers) >= low AND lower(numbers) < high) AS walk WHERE late) INTO meets;
  END IF;
  IF meets THEN
    RAISE EXCEPTION 'published runs of one side share numbers'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'offsets_published_apart';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER published_apart AFTER INSERT ON offsets_publishedrun
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION offsets_published_apart();
"""
BACK = "DROP TRIGGER published_apart ON offsets_publishedrun; DROP FUNCTION offsets_published_apart();"


class Migration(migrations.Migration):
    replaces = [
        ("offsets", "0010_apart"),
        ("offsets", "0014_crediting_and_labels"),
        ("offsets", "0016_covering_indexes"),
    ]
    dependencies = [("offsets", "0003_shelves")]
    operations = [migrations.RunSQL(APART, BACK)]
