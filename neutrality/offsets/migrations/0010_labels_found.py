"""Projects are found by the words of their labels."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('offsets', '0009_two_people'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='project',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('labels', config='simple'), name='offsets_project_labelled'),
        ),
    ]
