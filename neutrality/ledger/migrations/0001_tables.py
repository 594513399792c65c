import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('ledger', '0001_initial')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='Place',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=120, unique=True)),
                        ('ending', models.BooleanField(default=False)),
                    ],
                    options={
                        'ordering': ('code',),
                    },
                ),
                migrations.CreateModel(
                    name='Lot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('span', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                        ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='ledger.place')),
                    ],
                    options={
                        'ordering': ('span',),
                        'indexes': [models.Index(models.F('place'), models.F('span__startswith'), name='ledger_lot_by_place')],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('span', '&&')], name='ledger_lot_one_place'), models.CheckConstraint(condition=models.Q(('span__isempty', False)), name='ledger_lot_not_empty')],
                    },
                ),
                migrations.CreateModel(
                    name='Transfer',
                    fields=[
                        ('number', models.BigAutoField(primary_key=True, serialize=False)),
                        ('key', models.CharField(max_length=120)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                        ('asked', models.CharField(max_length=64)),
                        ('reason', models.CharField(max_length=60)),
                        ('event_on', models.DateField()),
                        ('recorded_at', models.DateTimeField()),
                        ('span', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                        ('quantity', models.PositiveBigIntegerField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reverses', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='ledger.transfer')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures', to='ledger.place')),
                        ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='arrivals', to='ledger.place')),
                    ],
                    options={
                        'ordering': ('number',),
                        'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['span'], name='ledger_transfer_span')],
                        'constraints': [models.UniqueConstraint(fields=('key', 'position'), name='ledger_transfer_key'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='ledger_transfer_quantity_positive'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='ledger_transfer_moves'), models.CheckConstraint(condition=models.Q(('span__endswith', django.db.models.expressions.CombinedExpression(models.F('span__startswith'), '+', models.F('quantity')))), name='ledger_transfer_span_counts')],
                    },
                ),
            ],
        ),
    ]
