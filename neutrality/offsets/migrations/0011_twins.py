"""Twins across registries and what people decided about them."""

import django.db.models.deletion
import neutrality.codes
from django.conf import settings
from django.db import migrations, models

from neutrality.appendonly import guard


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_counters'),
        ('offsets', '0010_apart'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Twin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                ('points', models.SmallIntegerField()),
                ('reasons', models.JSONField()),
                ('found_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='TwinDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('same', models.BooleanField()),
                ('reason', models.CharField(max_length=1000)),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='mark',
            name='offsets_mark_what_one_of',
        ),
        migrations.RemoveConstraint(
            model_name='tally',
            name='offsets_tally_what_one_of',
        ),
        migrations.AlterField(
            model_name='mark',
            name='what',
            field=models.CharField(choices=[('block', 'Block'), ('retirement', 'Retirement'), ('project', 'Project')], max_length=10, unique=True),
        ),
        migrations.AlterField(
            model_name='tally',
            name='what',
            field=models.CharField(choices=[('block', 'Block'), ('retirement', 'Retirement'), ('project', 'Project')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['block', 'retirement', 'project'])), name='offsets_mark_what_one_of'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['block', 'retirement', 'project'])), name='offsets_tally_what_one_of'),
        ),
        migrations.AddField(
            model_name='twin',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.project'),
        ),
        migrations.AddField(
            model_name='twin',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offsets.project'),
        ),
        migrations.AddField(
            model_name='twindecision',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='twindecision',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='twindecision',
            name='twin',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='offsets.twin'),
        ),
        migrations.AddConstraint(
            model_name='twin',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='offsets_twin_once'),
        ),
        migrations.AddConstraint(
            model_name='twin',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='offsets_twin_in_order'),
        ),
        guard("offsets_twin"),
        guard("offsets_twindecision"),
    ]
