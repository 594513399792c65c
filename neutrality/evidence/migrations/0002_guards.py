"""Files are only ever added; publishing one is filled in once."""

from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_tables")]
    operations = [guard("evidence_file", may_set=("published_at", "published_by_id"))]
