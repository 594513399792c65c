from django.db import migrations

from neutrality.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_tables")]

    operations = [
        guard("evaluation_selfcommitment", may_set=("withdrawn_at", "withdrawn_by_id", "withdrawal_reason")),
        guard("evaluation_linefinding"),
        guard("evaluation_evaluation"),
        guard("evaluation_check"),
        guard("evaluation_finding"),
    ]
