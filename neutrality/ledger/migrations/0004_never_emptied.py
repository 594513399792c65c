"""Nobody empties the ledger."""

from django.db import migrations

from neutrality.appendonly import never_emptied


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_moves")]
    operations = [never_emptied("ledger_place", "ledger_transfer", "ledger_lot")]
