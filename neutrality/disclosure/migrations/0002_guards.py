"""What is published is only ever added; the end of a review is filled in once."""

from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_tables")]
    operations = [
        guard("disclosure_plan"),
        guard("disclosure_statement"),
        guard("disclosure_withdrawal"),
        guard("disclosure_review", may_set=("ended_at", "ended_by_id")),
    ]
