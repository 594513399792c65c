"""What keeps shelves, cards and tallies of the catalogue true."""

from django.db import migrations

# Every block and cancellation gets its card in the statement that inserts it, by whatever hand.
SHELVE = """
CREATE FUNCTION offsets_shelve_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE made bigint; wanted bigint;
BEGIN
  INSERT INTO offsets_shelf (registry_id, kind_id, country, province, year_first, year_last)
    SELECT DISTINCT kind.registry_id, kind.id, coalesce(project.country, ''), coalesce(left(project.region_code, 2), ''),
                    extract(year FROM fresh.vintage_start)::int, extract(year FROM fresh.vintage_end)::int
    FROM fresh JOIN offsets_unitkind kind ON kind.id = fresh.kind_id
               LEFT JOIN offsets_project project ON project.id = fresh.project_id
    ON CONFLICT DO NOTHING;
  INSERT INTO offsets_blockcard (row_id, shelf_id, project_id, owner_id)
    SELECT fresh.id, shelf.id, fresh.project_id, fresh.owner_id
    FROM fresh LEFT JOIN offsets_project project ON project.id = fresh.project_id
    JOIN offsets_shelf shelf ON shelf.kind_id = fresh.kind_id AND shelf.country = coalesce(project.country, '')
      AND shelf.province = coalesce(left(project.region_code, 2), '')
      AND shelf.year_first = extract(year FROM fresh.vintage_start)::int
      AND shelf.year_last = extract(year FROM fresh.vintage_end)::int;
  GET DIAGNOSTICS made = ROW_COUNT;
  SELECT count(*) INTO wanted FROM fresh;
  IF made <> wanted THEN
    RAISE EXCEPTION '% of % blocks found their shelf', made, wanted USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION offsets_shelve_retirements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO offsets_retirementcard (row_id, shelf_id, project_id, owner_id, activity_id)
    SELECT fresh.id, card.shelf_id, card.project_id, activity.organization_id, activity.id
    FROM fresh JOIN offsets_blockcard card ON card.row_id = fresh.block_id
               JOIN activities_activity activity ON activity.id = fresh.activity_id;
  RETURN NULL;
END $$;
CREATE TRIGGER shelve AFTER INSERT ON offsets_block REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION offsets_shelve_blocks();
CREATE TRIGGER shelve AFTER INSERT ON offsets_retirement REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION offsets_shelve_retirements();
"""
UNSHELVE = """
DROP TRIGGER shelve ON offsets_block; DROP TRIGGER shelve ON offsets_retirement;
DROP FUNCTION offsets_shelve_blocks(); DROP FUNCTION offsets_shelve_retirements();
"""

# A project whose place is corrected takes its rows to other shelves. The counter waits meanwhile (its marks are locked),
# what was counted is taken off the old shelves and put on the new ones.
RESHELVE = """
CREATE FUNCTION offsets_counted(project bigint)
RETURNS TABLE (what text, shelf_id bigint, year smallint, rows bigint, units bigint) LANGUAGE sql STABLE AS $$
  SELECT 'block', card.shelf_id, extract(year FROM block.issued_on)::smallint, count(*), sum(block.quantity)::bigint
    FROM offsets_blockcard card JOIN offsets_block block ON block.id = card.row_id
    WHERE card.project_id = project AND card.row_id <= (SELECT last FROM offsets_mark WHERE offsets_mark.what = 'block')
    GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'retirement', card.shelf_id, extract(year FROM made.cancelled_on)::smallint, count(*),
         sum(made.quantity)::bigint
    FROM offsets_retirementcard card JOIN offsets_retirement made ON made.id = card.row_id
    WHERE card.project_id = project
      AND card.row_id <= (SELECT last FROM offsets_mark WHERE offsets_mark.what = 'retirement')
    GROUP BY 1, 2, 3
$$;
CREATE FUNCTION offsets_reshelve() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM offsets_mark ORDER BY what FOR UPDATE;
  UPDATE offsets_tally tally SET rows = tally.rows - gone.rows, units = tally.units - gone.units
    FROM offsets_counted(NEW.id) gone
    WHERE tally.what = gone.what AND tally.shelf_id = gone.shelf_id AND tally.year = gone.year;
  INSERT INTO offsets_shelf (registry_id, kind_id, country, province, year_first, year_last)
    SELECT DISTINCT shelf.registry_id, shelf.kind_id, NEW.country, left(NEW.region_code, 2), shelf.year_first,
                    shelf.year_last
    FROM offsets_blockcard card JOIN offsets_shelf shelf ON shelf.id = card.shelf_id WHERE card.project_id = NEW.id
    ON CONFLICT DO NOTHING;
  UPDATE offsets_blockcard card SET shelf_id = other.id FROM offsets_shelf shelf, offsets_shelf other
    WHERE card.project_id = NEW.id AND shelf.id = card.shelf_id AND other.kind_id = shelf.kind_id
      AND other.country = NEW.country AND other.province = left(NEW.region_code, 2)
      AND other.year_first = shelf.year_first AND other.year_last = shelf.year_last;
  UPDATE offsets_retirementcard card SET shelf_id = block.shelf_id
    FROM offsets_retirement made JOIN offsets_blockcard block ON block.row_id = made.block_id
    WHERE card.project_id = NEW.id AND made.id = card.row_id;
  INSERT INTO offsets_tally (what, shelf_id, year, rows, units) SELECT * FROM offsets_counted(NEW.id)
    ON CONFLICT (what, shelf_id, year) DO UPDATE
    SET rows = offsets_tally.rows + excluded.rows, units = offsets_tally.units + excluded.units;
  RETURN NULL;
END $$;
CREATE TRIGGER reshelve AFTER UPDATE OF country, region_code ON offsets_project FOR EACH ROW
  WHEN (OLD.country IS DISTINCT FROM NEW.country OR left(OLD.region_code, 2) IS DISTINCT FROM left(NEW.region_code, 2))
  EXECUTE FUNCTION offsets_reshelve();
"""
UNRESHELVE = """
DROP TRIGGER reshelve ON offsets_project; DROP FUNCTION offsets_reshelve(); DROP FUNCTION offsets_counted(bigint);
"""

# The statement that writes projects counts them, group by group in one order, so that two of them never wait crosswise.
COUNT_PROJECTS = """
CREATE FUNCTION offsets_projects_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO offsets_projectcount (registry_id, country, province, rows)
    SELECT registry_id, country, left(region_code, 2), count(*) FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (registry_id, country, province) DO UPDATE SET rows = offsets_projectcount.rows + excluded.rows;
  RETURN NULL;
END $$;
CREATE FUNCTION offsets_project_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE offsets_projectcount SET rows = rows - 1
    WHERE registry_id = OLD.registry_id AND country = OLD.country AND province = left(OLD.region_code, 2);
  INSERT INTO offsets_projectcount (registry_id, country, province, rows)
    VALUES (NEW.registry_id, NEW.country, left(NEW.region_code, 2), 1)
    ON CONFLICT (registry_id, country, province) DO UPDATE SET rows = offsets_projectcount.rows + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER count_added AFTER INSERT ON offsets_project REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION offsets_projects_added();
CREATE TRIGGER count_moved AFTER UPDATE OF country, region_code ON offsets_project FOR EACH ROW
  WHEN (OLD.country IS DISTINCT FROM NEW.country OR left(OLD.region_code, 2) IS DISTINCT FROM left(NEW.region_code, 2))
  EXECUTE FUNCTION offsets_project_moved();
"""
UNCOUNT = """
DROP TRIGGER count_added ON offsets_project; DROP TRIGGER count_moved ON offsets_project;
DROP FUNCTION offsets_projects_added(); DROP FUNCTION offsets_project_moved();
"""

MARKS = "INSERT INTO offsets_mark (what, last) VALUES ('block', 0), ('retirement', 0);"


class Migration(migrations.Migration):
    replaces = [("offsets", "0007_shelves"), ("offsets", "0008_catalogue_indexes")]
    dependencies = [("offsets", "0002_insert_only")]
    operations = [
        migrations.RunSQL(SHELVE, UNSHELVE),
        migrations.RunSQL(RESHELVE, UNRESHELVE),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_PROJECTS, UNCOUNT),
    ]
