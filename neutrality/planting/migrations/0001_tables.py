import django.db.models.deletion
import neutrality.codes
import neutrality.fields
import neutrality.planting.models
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('planting', '0001_initial')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('activities', '0001_tables'),
        ('evidence', '0001_tables'),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='Plot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                        ('purpose', models.CharField(choices=[('planting', 'Planting for an activity'), ('project', 'Project of the offset registry')], max_length=10)),
                        ('project_code', models.CharField(blank=True, max_length=60)),
                        ('system', models.CharField(choices=[('wgs84', 'WGS-84 (GPS receivers, Google Earth, OpenStreetMap)'), ('cgcs2000', 'CGCS2000 (official survey of China, degrees)'), ('gcj02', 'GCJ-02 (Chinese web maps such as Amap and Tencent Maps)')], max_length=10)),
                        ('given', models.JSONField()),
                        ('parts', models.JSONField()),
                        ('digest', models.CharField(max_length=64)),
                        ('source_name', models.CharField(blank=True, max_length=200)),
                        ('source_digest', models.CharField(max_length=64)),
                        ('area_m2', neutrality.planting.models.AreaField(decimal_places=2, max_digits=16)),
                        ('west', models.BigIntegerField()),
                        ('south', models.BigIntegerField()),
                        ('east', models.BigIntegerField()),
                        ('north', models.BigIntegerField()),
                        ('contested', models.BooleanField(default=False)),
                        ('conflicts', models.JSONField(blank=True, default=list)),
                        ('doubts', models.JSONField(blank=True, default=list)),
                        ('drawn_at', models.DateTimeField()),
                        ('freed_at', models.DateTimeField(blank=True, null=True)),
                        ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('freed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['west', 'east'], name='planting_plot_lon'), models.Index(fields=['project_code'], name='planting_plot_project')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['planting', 'project'])), name='planting_plot_purpose_one_of'), models.CheckConstraint(condition=models.Q(('system__in', ['wgs84', 'cgcs2000', 'gcj02'])), name='planting_plot_system_one_of'), models.CheckConstraint(condition=models.Q(('area_m2__gt', 0)), name='planting_plot_area_m2_positive'), models.CheckConstraint(condition=models.Q(('east__gte', models.F('west'))), name='planting_plot_west_before_east'), models.CheckConstraint(condition=models.Q(('north__gte', models.F('south'))), name='planting_plot_south_before_north'), models.CheckConstraint(condition=models.Q(models.Q(('freed_at__isnull', True), ('freed_by__isnull', True)), models.Q(('freed_at__isnull', False), ('freed_by__isnull', False)), _connector='OR'), name='planting_plot_freed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('contested', False), ('project_code', ''), ('purpose', 'planting')), models.Q(('purpose', 'project'), models.Q(('project_code', ''), _negated=True)), _connector='OR'), name='planting_plot_of_one_purpose'), models.UniqueConstraint(condition=models.Q(('contested', False), ('freed_at__isnull', True)), fields=('digest',), name='planting_plot_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Planting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('place_name', models.CharField(max_length=120)),
                        ('region_code', models.CharField(max_length=6)),
                        ('species', models.JSONField()),
                        ('stated_area', neutrality.fields.ExactField(decimal_places=4, max_digits=12)),
                        ('stated_unit', models.CharField(choices=[('mu', 'mu'), ('ha', 'hectares')], max_length=2)),
                        ('methodology', models.CharField(max_length=160)),
                        ('planting_plan', models.TextField(max_length=4000)),
                        ('monitoring_plan', models.TextField(max_length=4000)),
                        ('land_right', models.CharField(max_length=500)),
                        ('planted_on', models.DateField()),
                        ('promised_units', models.BigIntegerField()),
                        ('horizon', models.DateField()),
                        ('declaration', models.TextField(max_length=1000)),
                        ('committed_at', models.DateTimeField()),
                        ('called_off_at', models.DateTimeField(blank=True, null=True)),
                        ('call_off_reason', models.CharField(blank=True, max_length=1000, null=True)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plantings', to='activities.activity')),
                        ('called_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('committed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('plot', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='planting', to='planting.plot')),
                    ],
                    options={
                        'ordering': ['-id'],
                        'indexes': [models.Index(fields=['region_code', '-id'], name='planting_planting_region')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('stated_unit__in', ['mu', 'ha'])), name='planting_planting_stated_unit_one_of'), models.CheckConstraint(condition=models.Q(('stated_area__gt', 0)), name='planting_planting_stated_area_positive'), models.CheckConstraint(condition=models.Q(('promised_units__gt', 0)), name='planting_planting_promised_units_positive'), models.CheckConstraint(condition=models.Q(('horizon__gte', models.F('planted_on'))), name='planting_planting_planted_on_before_horizon'), models.CheckConstraint(condition=models.Q(models.Q(('called_off_at__isnull', True), ('called_off_by__isnull', True)), models.Q(('called_off_at__isnull', False), ('called_off_by__isnull', False)), _connector='OR'), name='planting_planting_called_off_paired')],
                    },
                ),
                migrations.CreateModel(
                    name='Survey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('year', models.PositiveSmallIntegerField()),
                        ('surveyed_on', models.DateField()),
                        ('alive_percent', models.PositiveSmallIntegerField()),
                        ('method', models.CharField(max_length=500)),
                        ('grown_from', models.DateField()),
                        ('grown_to', models.DateField()),
                        ('claimed_kg', neutrality.fields.KgField(decimal_places=4, max_digits=20)),
                        ('note', models.CharField(blank=True, max_length=2000)),
                        ('reported_at', models.DateTimeField()),
                        ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file')),
                        ('planting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='planting.planting')),
                        ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['body', 'id'], name='planting_survey_body')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('grown_to__gte', models.F('grown_from'))), name='planting_survey_grown_from_before_grown_to'), models.CheckConstraint(condition=models.Q(('alive_percent__gte', 0), ('alive_percent__lte', 100)), name='planting_survey_percent')],
                    },
                ),
                migrations.CreateModel(
                    name='Verification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(default=neutrality.codes.new_code, max_length=20, unique=True)),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('outcome', models.CharField(choices=[('verified', 'Verified'), ('refused', 'Not verified')], max_length=10)),
                        ('increment_kg', neutrality.fields.KgField(decimal_places=4, max_digits=20)),
                        ('grown_from', models.DateField()),
                        ('grown_to', models.DateField()),
                        ('competence', models.CharField(max_length=500)),
                        ('report_number', models.CharField(max_length=80)),
                        ('note', models.CharField(blank=True, max_length=2000)),
                        ('decided_at', models.DateTimeField()),
                        ('decided_on', models.DateField()),
                        ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('planting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='planting.planting')),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file')),
                        ('survey', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='verification', to='planting.survey')),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [models.Index(fields=['planting', 'id'], name='planting_verification_of')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['verified', 'refused'])), name='planting_verification_outcome_one_of'), models.CheckConstraint(condition=models.Q(('grown_to__gte', models.F('grown_from'))), name='planting_verification_grown_from_before_grown_to'), models.CheckConstraint(condition=models.Q(('outcome', 'verified'), ('increment_kg', 0), _connector='OR'), name='planting_verification_refused_is_nothing'), models.UniqueConstraint(fields=('body', 'report_number'), name='planting_verification_report_once')],
                    },
                ),
            ],
        ),
    ]
