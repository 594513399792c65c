"""Counts of projects, and the indexes large look-ups need."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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
INSERT INTO offsets_projectcount (registry_id, country, province, rows)
  SELECT registry_id, country, left(region_code, 2), count(*) FROM offsets_project GROUP BY 1, 2, 3;
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


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_counters'),
        ('activities', '0003_measure_number'),
        ('ledger', '0002_guards'),
        ('offsets', '0007_shelves'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProjectCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, max_length=2)),
                ('province', models.CharField(blank=True, max_length=2)),
                ('rows', models.BigIntegerField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='blockcard',
            index=models.Index(fields=['owner', 'shelf', 'row'], name='offsets_bcard_both'),
        ),
        migrations.AddIndex(
            model_name='retirement',
            index=models.Index(condition=models.Q(('certificate_number', ''), _negated=True), fields=['certificate_number'], name='offsets_retirement_certificate'),
        ),
        migrations.AddIndex(
            model_name='retirementcard',
            index=models.Index(fields=['owner', 'shelf', 'row'], name='offsets_rcard_both'),
        ),
        migrations.AddIndex(
            model_name='serialline',
            index=models.Index(fields=['text'], name='offsets_line_text'),
        ),
        migrations.AddField(
            model_name='projectcount',
            name='registry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.registry'),
        ),
        migrations.AddConstraint(
            model_name='projectcount',
            constraint=models.CheckConstraint(condition=models.Q(('rows__gte', 0)), name='offsets_projectcount_rows_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='projectcount',
            constraint=models.UniqueConstraint(fields=('registry', 'country', 'province'), name='offsets_projectcount_once'),
        ),
        migrations.RunSQL(COUNT_PROJECTS, UNCOUNT),
    ]
