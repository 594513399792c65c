import django.db.models.deletion
import neutrality.oversight.rules
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('oversight', '0001_initial'), ('oversight', '0003_settled')]

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
                    name='Case',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('kind', models.CharField(max_length=12)),
                        ('key', models.CharField(max_length=200, unique=True)),
                        ('region_code', models.CharField(max_length=6)),
                        ('subject_code', models.CharField(max_length=18)),
                        ('subject_name_zh', models.CharField(max_length=200)),
                        ('subject_name_en', models.CharField(blank=True, max_length=200)),
                        ('statement_number', models.CharField(blank=True, max_length=40)),
                        ('figure', models.CharField(blank=True, max_length=60)),
                        ('content', models.JSONField(default=dict)),
                        ('opened_at', models.DateTimeField()),
                        ('activity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='activities.activity')),
                        ('inventory', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='inventory.inventory')),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.organization')),
                    ],
                    options={
                        'ordering': ['opened_at', 'pk'],
                        'indexes': [models.Index(fields=['kind', 'region_code'], name='oversight_kind_region')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['review', 'challenge', 'listing', 'recognition', 'repair', 'invalidation'])), name='oversight_case_kind_one_of'), models.CheckConstraint(condition=models.Q(('inventory', None), ('kind', neutrality.oversight.rules.Kind['REVIEW']), _negated=True), name='oversight_review_has_inventory'), models.CheckConstraint(condition=models.Q(('kind', neutrality.oversight.rules.Kind['CHALLENGE']), ('statement_number', ''), _negated=True), name='oversight_challenge_has_statement')],
                    },
                ),
                migrations.CreateModel(
                    name='Exhibit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject_code', models.CharField(max_length=18)),
                        ('title', models.CharField(max_length=200)),
                        ('reference', models.CharField(blank=True, max_length=200)),
                        ('digest', models.CharField(max_length=64)),
                        ('reason', models.TextField(blank=True)),
                        ('added_at', models.DateTimeField()),
                        ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='oversight.case')),
                        ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file')),
                        ('withdraws', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawn', to='oversight.exhibit')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='oversight_exhibit_has_digest')],
                    },
                ),
                migrations.CreateModel(
                    name='Step',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('act', models.CharField(max_length=12)),
                        ('state', models.CharField(max_length=12)),
                        ('at', models.DateTimeField()),
                        ('due_on', models.DateField(null=True)),
                        ('text', models.TextField(blank=True)),
                        ('public_text', models.TextField(blank=True)),
                        ('content', models.JSONField(default=dict)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='oversight.case')),
                        ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file')),
                        ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['case', 'position'],
                        'indexes': [models.Index(fields=['case', '-position'], name='oversight_last_step')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['open', 'join', 'remark', 'send_back', 'accept', 'take', 'ask', 'answer', 'propose', 'confirm', 'refuse', 'reopen', 'investigate', 'serve', 'deliver', 'acknowledge', 'bounce', 'object', 'reply', 'recommend', 'decide', 'settle', 'dismiss', 'drop', 'appeal', 'uphold', 'reverse', 'restore'])), name='oversight_step_act_one_of'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'returned', 'accepted', 'checking', 'asked', 'closing', 'closed', 'investigated', 'served', 'noticed', 'objected', 'answered', 'recommended', 'decided', 'settled', 'dismissed', 'appealed', 'upheld', 'reversed'])), name='oversight_step_state_one_of'), models.UniqueConstraint(fields=('case', 'position'), name='oversight_step_position'), models.UniqueConstraint(condition=models.Q(('act', neutrality.oversight.rules.Act['DECIDE'])), fields=('case',), name='oversight_decided_once'), models.CheckConstraint(condition=models.Q(models.Q(('act__in', frozenset([neutrality.oversight.rules.Act['CONFIRM'], neutrality.oversight.rules.Act['DECIDE'], neutrality.oversight.rules.Act['DISMISS'], neutrality.oversight.rules.Act['REVERSE'], neutrality.oversight.rules.Act['UPHOLD']])), _negated=True), models.Q(('by__isnull', False), ('prepared_by__isnull', False), models.Q(('by', models.F('prepared_by')), _negated=True)), _connector='OR'), name='oversight_step_two_persons')],
                    },
                ),
                migrations.CreateModel(
                    name='Voice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('figure', models.CharField(max_length=60)),
                        ('text', models.TextField()),
                        ('network', models.CharField(max_length=64)),
                        ('said_at', models.DateTimeField()),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='oversight.case')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['network', 'said_at'], name='oversight_voice_network')],
                    },
                ),
                migrations.CreateModel(
                    name='Contact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(blank=True, max_length=100)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('voice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contact', to='oversight.voice')),
                    ],
                ),
                migrations.CreateModel(
                    name='Beat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('wall_at', models.DateTimeField()),
                        ('database_at', models.DateTimeField()),
                        ('boot', models.CharField(max_length=64)),
                        ('uptime_s', models.BigIntegerField()),
                        ('fault', models.CharField(blank=True, max_length=10)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('fault__in', ['disagree', 'back', 'jumped', ''])), name='oversight_beat_fault_one_of'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='oversight_beat_confirmed_paired')],
                    },
                ),
            ],
        ),
    ]
