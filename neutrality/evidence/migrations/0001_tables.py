import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from neutrality.tables import Tables


class Migration(migrations.Migration):

    replaces = [('evidence', '0001_initial')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Tables(
            operations=[
                migrations.CreateModel(
                    name='File',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=64)),
                        ('name', models.CharField(max_length=200)),
                        ('size', models.PositiveIntegerField()),
                        ('media_type', models.CharField(max_length=100)),
                        ('owner_code', models.CharField(max_length=18)),
                        ('deposited_at', models.DateTimeField()),
                        ('published_at', models.DateTimeField(blank=True, null=True)),
                        ('deposited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ('-deposited_at', '-pk'),
                        'indexes': [models.Index(fields=['digest'], name='evidence_file_digest')],
                        'constraints': [models.UniqueConstraint(fields=('owner_code', 'digest'), name='evidence_file_once'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='evidence_file_digest_form'), models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'])), name='evidence_file_media_type_one_of'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='evidence_file_size_positive'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='evidence_file_published_paired')],
                    },
                ),
            ],
        ),
    ]
