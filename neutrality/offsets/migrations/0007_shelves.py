"""The catalogue: shelves, cards, tallies, and what keeps them true."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from neutrality.offsets import geography
from neutrality.search import named

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

# What was recorded before there were shelves.
PRESENT = """
INSERT INTO offsets_mark (what, last) VALUES ('block', 0), ('retirement', 0);
INSERT INTO offsets_shelf (registry_id, kind_id, country, province, year_first, year_last)
  SELECT DISTINCT kind.registry_id, kind.id, coalesce(project.country, ''), coalesce(left(project.region_code, 2), ''),
                  extract(year FROM block.vintage_start)::int, extract(year FROM block.vintage_end)::int
  FROM offsets_block block JOIN offsets_unitkind kind ON kind.id = block.kind_id
  LEFT JOIN offsets_project project ON project.id = block.project_id;
INSERT INTO offsets_blockcard (row_id, shelf_id, project_id, owner_id)
  SELECT block.id, shelf.id, block.project_id, block.owner_id
  FROM offsets_block block LEFT JOIN offsets_project project ON project.id = block.project_id
  JOIN offsets_shelf shelf ON shelf.kind_id = block.kind_id AND shelf.country = coalesce(project.country, '')
    AND shelf.province = coalesce(left(project.region_code, 2), '')
    AND shelf.year_first = extract(year FROM block.vintage_start)::int
    AND shelf.year_last = extract(year FROM block.vintage_end)::int;
INSERT INTO offsets_retirementcard (row_id, shelf_id, project_id, owner_id, activity_id)
  SELECT made.id, card.shelf_id, card.project_id, activity.organization_id, activity.id
  FROM offsets_retirement made JOIN offsets_blockcard card ON card.row_id = made.block_id
  JOIN activities_activity activity ON activity.id = made.activity_id;
"""


def name_projects(apps, schema_editor):
    """Search tokens in the new shape: parts of words, pinyin, four groups."""
    model = apps.get_model("offsets", "Project")
    batch = []
    for row in model.objects.order_by("pk").iterator(chunk_size=1000):
        row.search = named(
            (row.name_zh, row.name_en, row.identifier),
            (row.place_name, *geography.spoken(row.country, row.region_code)),
            (row.methodology, row.sector),
            (row.developer,),
        )
        batch.append(row)
        if len(batch) == 1000:
            model.objects.bulk_update(batch, ["search"])
            batch = []
    model.objects.bulk_update(batch, ["search"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_counters'),
        ('activities', '0003_measure_number'),
        ('ledger', '0002_guards'),
        ('offsets', '0006_readings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Beneficiary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('name', models.CharField(max_length=300, unique=True)),
                ('cancellations', models.BigIntegerField()),
                ('units', models.BigIntegerField()),
                ('last_on', models.DateField()),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
            ],
            options={
                'ordering': ['-units', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BlockCard',
            fields=[
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='card', serialize=False, to='offsets.block')),
            ],
            options={
                'ordering': ['-row'],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('block', 'Block'), ('retirement', 'Retirement')], max_length=10, unique=True)),
                ('last', models.BigIntegerField(default=0)),
                ('counted_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['what'],
            },
        ),
        migrations.CreateModel(
            name='RetirementCard',
            fields=[
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='card', serialize=False, to='offsets.retirement')),
            ],
            options={
                'ordering': ['-row'],
            },
        ),
        migrations.CreateModel(
            name='Shelf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, max_length=2)),
                ('province', models.CharField(blank=True, max_length=2)),
                ('year_first', models.SmallIntegerField()),
                ('year_last', models.SmallIntegerField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('block', 'Block'), ('retirement', 'Retirement')], max_length=10)),
                ('year', models.SmallIntegerField()),
                ('rows', models.BigIntegerField()),
                ('units', models.BigIntegerField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='retirement',
            index=models.Index(fields=['beneficiary', 'id'], name='offsets_retirement_named'),
        ),
        migrations.AddIndex(
            model_name='beneficiary',
            index=models.Index(fields=['units', 'id'], name='offsets_beneficiary_units'),
        ),
        migrations.AddIndex(
            model_name='beneficiary',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='offsets_beneficiary_search'),
        ),
        migrations.AddConstraint(
            model_name='beneficiary',
            constraint=models.CheckConstraint(condition=models.Q(('cancellations__gte', 0)), name='offsets_beneficiary_cancellations_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='beneficiary',
            constraint=models.CheckConstraint(condition=models.Q(('units__gte', 0)), name='offsets_beneficiary_units_not_negative'),
        ),
        migrations.AddField(
            model_name='blockcard',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='blockcard',
            name='project',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.project'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['block', 'retirement'])), name='offsets_mark_what_one_of'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', 0)), name='offsets_mark_last_not_negative'),
        ),
        migrations.AddField(
            model_name='retirementcard',
            name='activity',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='activities.activity'),
        ),
        migrations.AddField(
            model_name='retirementcard',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='retirementcard',
            name='project',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.project'),
        ),
        migrations.AddField(
            model_name='shelf',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.unitkind'),
        ),
        migrations.AddField(
            model_name='shelf',
            name='registry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.registry'),
        ),
        migrations.AddField(
            model_name='retirementcard',
            name='shelf',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.shelf'),
        ),
        migrations.AddField(
            model_name='blockcard',
            name='shelf',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.shelf'),
        ),
        migrations.AddField(
            model_name='tally',
            name='shelf',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.shelf'),
        ),
        migrations.AddConstraint(
            model_name='shelf',
            constraint=models.UniqueConstraint(fields=('kind', 'country', 'province', 'year_first', 'year_last'), name='offsets_shelf_once'),
        ),
        migrations.AddConstraint(
            model_name='shelf',
            constraint=models.CheckConstraint(condition=models.Q(('year_last__gte', models.F('year_first'))), name='offsets_shelf_year_first_before_year_last'),
        ),
        migrations.AddIndex(
            model_name='retirementcard',
            index=models.Index(fields=['shelf', 'row'], name='offsets_rcard_shelf'),
        ),
        migrations.AddIndex(
            model_name='retirementcard',
            index=models.Index(fields=['project', 'row'], name='offsets_rcard_project'),
        ),
        migrations.AddIndex(
            model_name='retirementcard',
            index=models.Index(fields=['owner', 'row'], name='offsets_rcard_owner'),
        ),
        migrations.AddIndex(
            model_name='retirementcard',
            index=models.Index(fields=['activity', 'row'], name='offsets_rcard_activity'),
        ),
        migrations.AddIndex(
            model_name='blockcard',
            index=models.Index(fields=['shelf', 'row'], name='offsets_bcard_shelf'),
        ),
        migrations.AddIndex(
            model_name='blockcard',
            index=models.Index(fields=['project', 'row'], name='offsets_bcard_project'),
        ),
        migrations.AddIndex(
            model_name='blockcard',
            index=models.Index(fields=['owner', 'row'], name='offsets_bcard_owner'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['block', 'retirement'])), name='offsets_tally_what_one_of'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('rows__gte', 0)), name='offsets_tally_rows_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('units__gte', 0)), name='offsets_tally_units_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('what', 'shelf', 'year'), name='offsets_tally_once'),
        ),
        migrations.RunSQL(PRESENT, migrations.RunSQL.noop),
        migrations.RunSQL(SHELVE, UNSHELVE),
        migrations.RunSQL(RESHELVE, UNRESHELVE),
        migrations.RunPython(name_projects, migrations.RunPython.noop, elidable=True),
    ]
