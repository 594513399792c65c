"""Corrections of projects: rows that are only ever added."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from neutrality.appendonly import guard


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_counters'),
        ('offsets', '0007_kinds_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProjectAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('changes', models.JSONField()),
                ('reason', models.CharField(max_length=1000)),
                ('amended_at', models.DateTimeField()),
                ('amended_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='offsets.project')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='offsets_projectamendment_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='offsets_projectamendment_reason'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='offsets_projectamendment_number_positive')],
            },
        ),
        guard("offsets_projectamendment"),
    ]
