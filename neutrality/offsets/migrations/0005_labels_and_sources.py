"""Labels of projects and units, each source of a project kept for itself, single cells set aside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was entered at the desk so far becomes a source of its own, with who and when as the trail tells it.
ENTERED = """
INSERT INTO offsets_projectversion (project_id, layout, facts, version, content, "row", at_line, said_at, said_by_id)
SELECT told.id, 'desk', told.facts, 1, encode(sha256(convert_to(told.facts::text, 'UTF8')), 'hex'), 0, 0,
  coalesce(entry.at, now()), person.id
FROM (
  SELECT id, code, jsonb_strip_nulls(jsonb_build_object('verifier', nullif(verifier, ''),
    'crediting_start', crediting_start, 'crediting_end', crediting_end)) AS facts
  FROM offsets_project WHERE verifier <> '' OR crediting_start IS NOT NULL OR crediting_end IS NOT NULL
) AS told
LEFT JOIN LATERAL (SELECT at, by FROM trail_entry WHERE subject = 'project:' || told.code
  AND verb = 'project.register' ORDER BY number LIMIT 1) AS entry ON true
LEFT JOIN accounts_user person ON person.public_id = entry.by
"""


class Migration(migrations.Migration):
    dependencies = [
        ("offsets", "0004_apart"),
        ("trail", "0004_never_emptied"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="badrow", name="whole", field=models.BooleanField(db_default=True, default=True)
        ),
        migrations.AddField(
            model_name="project",
            name="labels",
            field=models.CharField(blank=True, db_default="", default="", max_length=600),
        ),
        migrations.AddField(
            model_name="publishedrun",
            name="labels",
            field=models.CharField(blank=True, db_default="", default="", max_length=600),
        ),
        migrations.AddField(model_name="projectversion", name="said_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="projectversion",
            name="said_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="projectversion",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="projectversions",
                to="offsets.registryfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectversion",
            constraint=models.CheckConstraint(
                condition=models.Q(layout="desk", file__isnull=True, said_at__isnull=False)
                | models.Q(
                    ~models.Q(layout="desk"), file__isnull=False, said_at__isnull=True, said_by__isnull=True
                ),
                name="offsets_project_said_by_file_or_desk",
            ),
        ),
        migrations.RunSQL(ENTERED, migrations.RunSQL.noop),
    ]
