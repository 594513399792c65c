import django.db.models.deletion
import neutrality.evaluation.rules
import neutrality.fields
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('evaluation', '0001_initial')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('activities', '0001_tables'),
        ('evidence', '0001_tables'),
        ('inventory', '0001_tables'),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='Assignment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=20, unique=True)),
                        ('state', models.CharField(default=neutrality.evaluation.rules.State['INVITED'], max_length=10)),
                        ('message', models.TextField(blank=True)),
                        ('invited_at', models.DateTimeField()),
                        ('declared', models.JSONField(default=list)),
                        ('accepted_at', models.DateTimeField(null=True)),
                        ('declined_at', models.DateTimeField(null=True)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='activities.activity')),
                        ('declined_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='accounts.organization')),
                        ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['invited_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['invited', 'accepted', 'declined', 'withdrawn'])), name='evaluation_assignment_state_one_of'), models.CheckConstraint(condition=models.Q(models.Q(('invited_at__isnull', True), ('invited_by__isnull', True)), models.Q(('invited_at__isnull', False), ('invited_by__isnull', False)), _connector='OR'), name='evaluation_assignment_invited_paired'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='evaluation_assignment_accepted_paired'), models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', True), ('declined_by__isnull', True)), models.Q(('declined_at__isnull', False), ('declined_by__isnull', False)), _connector='OR'), name='evaluation_assignment_declined_paired'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='evaluation_assignment_withdrawn_paired'), models.UniqueConstraint(condition=models.Q(('state__in', [neutrality.evaluation.rules.State['INVITED'], neutrality.evaluation.rules.State['ACCEPTED']])), fields=('activity', 'organization'), name='evaluation_one_open_assignment')],
                    },
                ),
                migrations.CreateModel(
                    name='Check',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveSmallIntegerField()),
                        ('checked_at', models.DateTimeField()),
                        ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='inventory.inventory')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('inventory', 'version'), name='evaluation_checked_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Evaluation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('digest', models.CharField(max_length=64)),
                        ('opinion', models.CharField(max_length=12)),
                        ('conclusion_zh', models.TextField(blank=True)),
                        ('conclusion_en', models.TextField(blank=True)),
                        ('declared', models.JSONField()),
                        ('findings', models.JSONField()),
                        ('signed_at', models.DateTimeField()),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='activities.activity')),
                        ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='evaluation.assignment')),
                        ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='inventory.inventory')),
                        ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file')),
                        ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['signed_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('opinion__in', ['unmodified', 'modified', 'adverse', 'disclaimer'])), name='evaluation_evaluation_opinion_one_of'), models.UniqueConstraint(fields=('assignment', 'inventory'), name='evaluation_one_opinion_per_inventory'), models.CheckConstraint(condition=models.Q(('conclusion_en', ''), ('conclusion_zh', ''), _negated=True), name='evaluation_evaluation_has_conclusion')],
                    },
                ),
                migrations.CreateModel(
                    name='Finding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=30)),
                        ('severity', models.CharField(max_length=10)),
                        ('line', models.PositiveIntegerField(null=True)),
                        ('params', models.JSONField(default=dict)),
                        ('check_run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='evaluation.check')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['source_missing', 'much_excluded', 'no_people', 'head_low', 'head_high', 'source_low', 'source_high', 'zero_line', 'no_evidence', 'evidence_reused', 'far_from_estimate', 'own_factor', 'no_measures', 'measures_open', 'units_overdue'])), name='evaluation_finding_code_one_of'), models.CheckConstraint(condition=models.Q(('severity__in', ['note', 'question', 'warning'])), name='evaluation_finding_severity_one_of')],
                    },
                ),
                migrations.CreateModel(
                    name='LineFinding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('verdict', models.CharField(max_length=10)),
                        ('text', models.TextField(blank=True)),
                        ('difference_kg', neutrality.fields.KgField(decimal_places=4, max_digits=20, null=True)),
                        ('found_at', models.DateTimeField()),
                        ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_findings', to='evaluation.assignment')),
                        ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_findings', to='inventory.inventory')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['assignment', 'inventory', 'position', '-id'], name='evaluation_line_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['agreed', 'clarify', 'misstated'])), name='evaluation_linefinding_verdict_one_of'), models.CheckConstraint(condition=models.Q(('verdict', neutrality.evaluation.rules.Verdict['AGREED']), models.Q(('text', ''), _negated=True), _connector='OR'), name='evaluation_linefinding_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='SelfCommitment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('digest', models.CharField(max_length=64)),
                        ('affirmed', models.JSONField()),
                        ('signatory', models.CharField(max_length=100)),
                        ('committed_at', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('withdrawal_reason', models.TextField(null=True)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='self_commitments', to='activities.activity')),
                        ('committed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='self_commitments', to='inventory.inventory')),
                        ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['committed_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='evaluation_selfcommitment_withdrawn_paired'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('inventory',), name='evaluation_one_commitment_stands')],
                    },
                ),
            ],
        ),
    ]
