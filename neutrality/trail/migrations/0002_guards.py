"""Entries and checkpoints are only ever added."""

from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]
    operations = [guard("trail_entry"), guard("trail_checkpoint")]
