import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import neutrality.fields
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('activities', '0001_initial'), ('activities', '0003_measure_number')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('evidence', '0001_tables'),
        ('rulebook', '0001_initial'),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='Activity',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=9, unique=True)),
                        ('key', models.CharField(max_length=40, unique=True)),
                        ('form', models.CharField(max_length=10)),
                        ('kind', models.CharField(max_length=20, verbose_name='Kind')),
                        ('level', models.CharField(blank=True, max_length=15, verbose_name='Level')),
                        ('name_zh', models.CharField(max_length=120, verbose_name='Name in Chinese')),
                        ('name_en', models.CharField(blank=True, max_length=160, verbose_name='Name in English')),
                        ('summary', models.TextField(blank=True, max_length=2000, verbose_name='What it is')),
                        ('starts_on', models.DateField(verbose_name='First day')),
                        ('ends_on', models.DateField(verbose_name='Last day')),
                        ('place_name', models.CharField(blank=True, max_length=120, verbose_name='Place')),
                        ('region_code', models.CharField(max_length=6, verbose_name='City or county')),
                        ('expected_people', models.PositiveIntegerField(blank=True, null=True, verbose_name='People expected on site')),
                        ('actual_people', models.PositiveIntegerField(blank=True, null=True, verbose_name='People who came')),
                        ('online_people', models.PositiveIntegerField(blank=True, null=True, verbose_name='People taking part online')),
                        ('floor_area_m2', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='Floor area')),
                        ('stages', models.JSONField(default=list, verbose_name='Stages inside the boundary')),
                        ('state', models.CharField(default='draft', max_length=10)),
                        ('promised_on', models.DateField(blank=True, null=True, verbose_name='Neutrality expected by')),
                        ('offset_method', models.TextField(blank=True, max_length=2000, verbose_name='How the rest will be offset')),
                        ('offset_families', models.JSONField(blank=True, default=list, verbose_name='Kinds of units')),
                        ('disclose_on', models.DateField(blank=True, null=True, verbose_name='Statement promised by')),
                        ('source_citation', models.TextField(blank=True)),
                        ('published_total_t', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                        ('created_at', models.DateTimeField()),
                        ('committed_at', models.DateTimeField(blank=True, null=True)),
                        ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                        ('cancel_reason', models.TextField(blank=True, max_length=1000)),
                        ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                        ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('committed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='activities.activity')),
                        ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='accounts.organization')),
                        ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='rulebook.rulebook')),
                    ],
                    options={
                        'verbose_name': 'activity',
                        'verbose_name_plural': 'activities',
                        'ordering': ('-starts_on', 'code'),
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='activities_activity_search'), models.Index(fields=['region_code'], name='activities_activity_region'), models.Index(fields=['ends_on'], name='activities_activity_ends')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('form__in', ['event', 'operation'])), name='activities_activity_form_one_of'), models.CheckConstraint(condition=models.Q(('kind__in', ['meeting', 'forum', 'exhibition', 'competition', 'performance', 'annual_meeting', 'other_event', 'scenic_area', 'hotel', 'mall', 'restaurant', 'enterprise', 'public_body', 'social_organization', 'other_operation'])), name='activities_activity_kind_one_of'), models.CheckConstraint(condition=models.Q(('level__in', ['international', 'national', 'provincial', 'city', 'county', 'internal', ''])), name='activities_activity_level_one_of'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'committed', 'cancelled'])), name='activities_activity_state_one_of'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='activities_activity_starts_on_before_ends_on'), models.CheckConstraint(condition=models.Q(('published_total_t__gte', 0)), name='activities_activity_published_total_t_not_negative'), models.CheckConstraint(condition=models.Q(('floor_area_m2__gt', 0)), name='activities_activity_floor_area_m2_positive'), models.CheckConstraint(condition=models.Q(models.Q(('committed_at__isnull', True), ('committed_by__isnull', True)), models.Q(('committed_at__isnull', False), ('committed_by__isnull', False)), _connector='OR'), name='activities_activity_committed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', True), ('cancelled_by__isnull', True)), models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False)), _connector='OR'), name='activities_activity_cancelled_paired'), models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}$')), name='activities_activity_region_shape'), models.CheckConstraint(condition=models.Q(models.Q(('committed_at__isnull', True), ('state', 'draft')), models.Q(('committed_at__isnull', False), ('state', 'committed')), ('state', 'cancelled'), _connector='OR'), name='activities_activity_committed'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('state', 'cancelled')), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at__isnull', True)), _connector='OR'), name='activities_activity_cancelled')],
                    },
                ),
                migrations.CreateModel(
                    name='Amendment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('field', models.CharField(max_length=30)),
                        ('before', models.TextField()),
                        ('after', models.TextField()),
                        ('reason', models.TextField(max_length=1000)),
                        ('made_at', models.DateTimeField()),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='activities.activity')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'amendment',
                        'verbose_name_plural': 'amendments',
                        'ordering': ('made_at', 'id'),
                    },
                ),
                migrations.CreateModel(
                    name='Measure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=40, unique=True)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('stage', models.CharField(max_length=12, verbose_name='Stage')),
                        ('source', models.CharField(max_length=20, verbose_name='Source it cuts')),
                        ('title', models.CharField(max_length=120, verbose_name='Measure')),
                        ('description', models.TextField(blank=True, max_length=2000, verbose_name='What will be done')),
                        ('responsible', models.CharField(blank=True, max_length=120, verbose_name='Who sees to it')),
                        ('planned_kg', neutrality.fields.KgField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='Planned effect')),
                        ('planned_basis', models.TextField(blank=True, max_length=1000, verbose_name='How the planned effect was worked out')),
                        ('cost_cny', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='Cost')),
                        ('state', models.CharField(default='planned', max_length=8)),
                        ('achieved_kg', neutrality.fields.KgField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='Achieved effect')),
                        ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='What came of it')),
                        ('created_at', models.DateTimeField()),
                        ('reported_at', models.DateTimeField(blank=True, null=True)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='activities.activity')),
                        ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file')),
                        ('reported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'measure',
                        'verbose_name_plural': 'measures',
                        'ordering': ('activity', 'number'),
                        'constraints': [models.UniqueConstraint(fields=('activity', 'number'), name='activities_measure_number'), models.CheckConstraint(condition=models.Q(('stage__in', ['preparation', 'holding', 'closing', 'operation'])), name='activities_measure_stage_one_of'), models.CheckConstraint(condition=models.Q(('source__in', ['stationary_fuel', 'mobile_fuel', 'refrigerant', 'electricity', 'heat', 'participant_travel', 'staff_travel', 'local_transport', 'freight', 'lodging', 'catering', 'goods', 'venue_construction', 'water', 'waste', 'online'])), name='activities_measure_source_one_of'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'done', 'dropped'])), name='activities_measure_state_one_of'), models.CheckConstraint(condition=models.Q(('planned_kg__gte', 0)), name='activities_measure_planned_kg_not_negative'), models.CheckConstraint(condition=models.Q(('achieved_kg__gte', 0)), name='activities_measure_achieved_kg_not_negative'), models.CheckConstraint(condition=models.Q(('cost_cny__gte', 0)), name='activities_measure_cost_cny_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at__isnull', True), ('reported_by__isnull', True)), models.Q(('reported_at__isnull', False), ('reported_by__isnull', False)), _connector='OR'), name='activities_measure_reported_paired'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at__isnull', True), ('state', 'planned')), models.Q(models.Q(('state', 'planned'), _negated=True), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='activities_measure_outcome_told')],
                    },
                ),
            ],
        ),
    ]
