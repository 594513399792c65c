import django.db.models.deletion
import neutrality.standing.rules.terms
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('standing', '0001_initial'), ('standing', '0003_ending_reasons')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('oversight', '0001_tables'),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='Policy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=40)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('effective_on', models.DateField()),
                        ('content', models.JSONField()),
                        ('published_at', models.DateTimeField()),
                        ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name_plural': 'policies',
                        'ordering': ['effective_on', 'version'],
                        'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='standing_policy_version')],
                    },
                ),
                migrations.CreateModel(
                    name='Listing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('list', models.CharField(max_length=5)),
                        ('subject_code', models.CharField(max_length=18)),
                        ('subject_name_zh', models.CharField(max_length=200)),
                        ('subject_name_en', models.CharField(blank=True, max_length=200)),
                        ('grade', models.CharField(blank=True, max_length=8)),
                        ('violation', models.CharField(blank=True, max_length=3)),
                        ('fact_zh', models.TextField()),
                        ('fact_en', models.TextField(blank=True)),
                        ('basis_zh', models.TextField()),
                        ('basis_en', models.TextField(blank=True)),
                        ('document', models.CharField(max_length=100)),
                        ('authority_zh', models.CharField(max_length=200)),
                        ('authority_en', models.CharField(blank=True, max_length=200)),
                        ('decided_on', models.DateField()),
                        ('starts_on', models.DateField()),
                        ('minimum_until', models.DateField(null=True)),
                        ('repair_from', models.DateField()),
                        ('last_on', models.DateField()),
                        ('public', models.BooleanField()),
                        ('settled_at', models.DateTimeField()),
                        ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='listing', to='oversight.case')),
                        ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='listing', to='oversight.step')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='accounts.organization')),
                        ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='standing.policy')),
                    ],
                    options={
                        'ordering': ['-starts_on', 'pk'],
                        'indexes': [models.Index(fields=['list', 'starts_on', 'last_on'], name='standing_listing_days')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('list__in', ['green', 'black'])), name='standing_listing_list_one_of'), models.CheckConstraint(condition=models.Q(('grade__in', ['minor', 'general', 'serious', ''])), name='standing_listing_grade_one_of'), models.CheckConstraint(condition=models.Q(('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', ''])), name='standing_listing_violation_one_of'), models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('starts_on'))), name='standing_listing_starts_on_before_last_on'), models.CheckConstraint(condition=models.Q(models.Q(('grade', ''), ('list', neutrality.standing.rules.terms.List['GREEN']), ('violation', '')), models.Q(('list', neutrality.standing.rules.terms.List['BLACK']), models.Q(('grade', ''), _negated=True), models.Q(('violation', ''), _negated=True), models.Q(('basis_zh', ''), _negated=True)), _connector='OR'), name='standing_listing_black_has_class_and_basis')],
                    },
                ),
                migrations.CreateModel(
                    name='Score',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scored_on', models.DateField()),
                        ('total', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                        ('facts', models.JSONField()),
                        ('result', models.JSONField()),
                        ('digest', models.CharField(max_length=64)),
                        ('scored_at', models.DateTimeField()),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='accounts.organization')),
                        ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='standing.policy')),
                    ],
                    options={
                        'ordering': ['scored_on', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'scored_on', 'policy'), name='standing_scored_once_a_day'), models.CheckConstraint(condition=models.Q(('total__gte', 0), ('total__lte', 100)), name='standing_score_range')],
                    },
                ),
                migrations.CreateModel(
                    name='Watch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('looked_on', models.DateField()),
                        ('organization', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                    ],
                ),
                migrations.CreateModel(
                    name='Ending',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=8)),
                        ('ended_on', models.DateField()),
                        ('ended_at', models.DateTimeField()),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endings', to='oversight.case')),
                        ('listing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ending', to='standing.listing')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['repaired', 'reversed'])), name='standing_ending_reason_one_of')],
                    },
                ),
            ],
        ),
    ]
