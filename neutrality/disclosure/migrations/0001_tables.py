import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('disclosure', '0001_initial')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('activities', '0001_tables'),
        ('inventory', '0001_tables'),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='Statement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=12, unique=True)),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('text', models.TextField()),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('published_at', models.DateTimeField()),
                        ('correction', models.CharField(blank=True, max_length=1000)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='activities.activity')),
                        ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='inventory.inventory')),
                        ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='disclosure.statement')),
                    ],
                    options={
                        'ordering': ('-published_at', '-pk'),
                        'abstract': False,
                        'indexes': [models.Index(fields=['-published_at', '-id'], name='disclosure_statement_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='statement_digest_form'), models.UniqueConstraint(condition=models.Q(('replaces__isnull', True)), fields=('activity',), name='disclosure_statement_one_beginning'), models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('correction', ''), _negated=True), _connector='OR'), name='disclosure_statement_says_why'), models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('replaces', models.F('pk')), _negated=True), _connector='OR'), name='disclosure_statement_not_itself')],
                    },
                ),
                migrations.CreateModel(
                    name='Withdrawal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=1000)),
                        ('basis', models.CharField(blank=True, max_length=60)),
                        ('withdrawn_at', models.DateTimeField()),
                        ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='disclosure.statement')),
                        ('withdrawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('withdrawn_at', 'pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='disclosure_withdrawal_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='Plan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=12, unique=True)),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('text', models.TextField()),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('published_at', models.DateTimeField()),
                        ('activity', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='plan', to='activities.activity')),
                        ('estimate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='plan', to='inventory.inventory')),
                        ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('-published_at', '-pk'),
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='plan_digest_form')],
                    },
                ),
                migrations.CreateModel(
                    name='Review',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('basis', models.CharField(max_length=60)),
                        ('reason', models.CharField(max_length=1000)),
                        ('opened_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='activities.activity')),
                        ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('opened_at', 'pk'),
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('activity', 'basis'), name='disclosure_review_once'), models.CheckConstraint(condition=models.Q(('ended_by__isnull', True), ('ended_at__isnull', False), _connector='OR'), name='disclosure_review_ended_has_moment')],
                    },
                ),
            ],
        ),
    ]
