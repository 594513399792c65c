import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0003_access_key')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='E-mail')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('name', models.CharField(blank=True, max_length=100, verbose_name='Name')),
                        ('language', models.CharField(blank=True, max_length=10)),
                        ('is_active', models.BooleanField(default=True)),
                        ('is_staff', models.BooleanField(default=False)),
                        ('is_demo', models.BooleanField(default=False)),
                        ('joined_at', models.DateTimeField(auto_now_add=True)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'user',
                        'verbose_name_plural': 'users',
                        'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='email_lower')],
                    },
                ),
                migrations.CreateModel(
                    name='Organization',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=18, unique=True, verbose_name='Unified social credit code')),
                        ('name_zh', models.CharField(max_length=120, verbose_name='Name in Chinese')),
                        ('name_en', models.CharField(blank=True, max_length=160, verbose_name='Name in English')),
                        ('kind', models.CharField(max_length=12, verbose_name='What the organization does here')),
                        ('region_code', models.CharField(max_length=6, validators=[django.core.validators.RegexValidator('^\\d{6}$', 'Choose the seat from the list.')], verbose_name='Seat')),
                        ('about', models.TextField(blank=True, max_length=2000, verbose_name='About the organization')),
                        ('is_demo', models.BooleanField(default=False)),
                        ('registered_at', models.DateTimeField()),
                        ('verified_at', models.DateTimeField(blank=True, null=True)),
                        ('declined_at', models.DateTimeField(blank=True, null=True)),
                        ('decline_reason', models.TextField(blank=True, max_length=1000)),
                        ('declined_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'organization',
                        'verbose_name_plural': 'organizations',
                        'ordering': ['code'],
                        'indexes': [models.Index(fields=['region_code'], name='accounts_or_region__768551_idx'), models.Index(fields=['kind'], name='accounts_or_kind_868824_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['organizer', 'evaluator', 'registry', 'regulator', 'seller'])), name='accounts_organization_kind_one_of'), models.CheckConstraint(condition=models.Q(models.Q(('verified_at__isnull', True), ('verified_by__isnull', True)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='accounts_organization_verified_paired'), models.CheckConstraint(condition=models.Q(models.Q(('declined_at__isnull', True), ('declined_by__isnull', True)), models.Q(('declined_at__isnull', False), ('declined_by__isnull', False)), _connector='OR'), name='accounts_organization_declined_paired'), models.CheckConstraint(condition=models.Q(('verified_at__isnull', True), ('declined_at__isnull', True), _connector='OR'), name='organization_one_verdict'), models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9A-Z]{18}$')), name='organization_code_shape'), models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}$')), name='organization_region_shape')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(max_length=13, verbose_name='Role')),
                        ('granted_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organization')),
                    ],
                    options={
                        'verbose_name': 'membership',
                        'verbose_name_plural': 'memberships',
                        'ordering': ['granted_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'preparer', 'signatory', 'evaluator', 'registrar', 'regulator', 'administrator', 'viewer'])), name='accounts_membership_role_one_of'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='accounts_membership_ended_paired'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'organization'), name='membership_one_active'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('granted_at'))), name='membership_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('email', models.EmailField(max_length=254, verbose_name='E-mail')),
                        ('role', models.CharField(max_length=13, verbose_name='Role')),
                        ('token_digest', models.CharField(max_length=64, unique=True)),
                        ('invited_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('accepted_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='accounts.organization')),
                    ],
                    options={
                        'verbose_name': 'invitation',
                        'verbose_name_plural': 'invitations',
                        'ordering': ['invited_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'preparer', 'signatory', 'evaluator', 'registrar', 'regulator', 'administrator', 'viewer'])), name='accounts_invitation_role_one_of'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='accounts_invitation_accepted_paired'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='accounts_invitation_withdrawn_paired'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('organization', 'email'), name='invitation_one_open'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='invitation_one_end')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(editable=False, unique=True)),
                        ('name', models.CharField(max_length=60, verbose_name='What the key is for')),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None)),
                        ('hint', models.CharField(max_length=12)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('made_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('last_used_at', models.DateTimeField(blank=True, null=True)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_keys', to=settings.AUTH_USER_MODEL)),
                        ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_keys', to='accounts.organization')),
                    ],
                    options={
                        'verbose_name': 'access key',
                        'verbose_name_plural': 'access keys',
                        'ordering': ['-made_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='accounts_accesskey_revoked_paired'), models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'write', 'deposit']), ('scopes__len__gte', 1)), name='access_key_scopes_one_of'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at')), ('expires_at__lte', django.db.models.expressions.CombinedExpression(models.F('made_at'), '+', models.Value(datetime.timedelta(days=366))))), name='access_key_ends_within_a_year')],
                    },
                ),
                migrations.CreateModel(
                    name='Restriction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=20)),
                        ('basis', models.CharField(max_length=200)),
                        ('since_on', models.DateField()),
                        ('until_on', models.DateField(blank=True, null=True)),
                        ('imposed_at', models.DateTimeField()),
                        ('lifted_at', models.DateTimeField(blank=True, null=True)),
                        ('imposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='accounts.organization')),
                    ],
                    options={
                        'verbose_name': 'restriction',
                        'verbose_name_plural': 'restrictions',
                        'ordering': ['since_on', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['self_declaration'])), name='accounts_restriction_kind_one_of'), models.CheckConstraint(condition=models.Q(('lifted_by__isnull', True), ('lifted_at__isnull', False), _connector='OR'), name='restriction_lifted_has_moment'), models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('since_on'))), name='restriction_ends_after_start'), models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('organization', 'kind', 'basis'), name='restriction_once_per_basis')],
                    },
                ),
                migrations.CreateModel(
                    name='UsedCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mark', models.CharField(max_length=100)),
                        ('used_at', models.DateTimeField()),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'used code',
                        'verbose_name_plural': 'used codes',
                        'constraints': [models.UniqueConstraint(fields=('user', 'mark'), name='code_used_once')],
                    },
                ),
            ],
        ),
    ]
