"""Nobody empties what units were used for."""

from django.db import migrations

from neutrality.appendonly import never_emptied

TABLES = ("offsets_serialline", "offsets_block", "offsets_retirement", "offsets_voidedpart", "offsets_lock")


class Migration(migrations.Migration):
    dependencies = [("offsets", "0011_twins")]
    operations = [never_emptied(*TABLES, "offsets_compensation", "offsets_proof", "offsets_voidnotice")]
