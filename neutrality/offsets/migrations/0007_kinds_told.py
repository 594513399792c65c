"""Kinds of units say who issues them, whether what they stand for lasts, and their rules in both languages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offsets', '0006_turns'),
    ]

    operations = [
        migrations.AddField(
            model_name='unitkind',
            name='issuer_en',
            field=models.CharField(blank=True, db_default='', max_length=160),
        ),
        migrations.AddField(
            model_name='unitkind',
            name='issuer_zh',
            field=models.CharField(blank=True, db_default='', max_length=160),
        ),
        migrations.AddField(
            model_name='unitkind',
            name='permanence',
            field=models.CharField(choices=[('allowance', 'An allowance: once cancelled, it permits no emission any more'), ('lasting', 'Never expires; forests have units of their own here, and those expire (R3.30)'), ('reserve', 'Stored carbon can be lost again; the registry keeps a common reserve of units against it'), ('expires', 'Expires and must then be replaced (R3.30)'), ('unknown', 'No term, reserve or rule on losses was found (R3.29c)')], db_default='unknown', default='unknown', max_length=10),
        ),
        migrations.AddField(
            model_name='unitkind',
            name='source_en',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='unitkind',
            constraint=models.CheckConstraint(condition=models.Q(('permanence__in', ['allowance', 'lasting', 'reserve', 'expires', 'unknown'])), name='offsets_unitkind_permanence_one_of'),
        ),
    ]
