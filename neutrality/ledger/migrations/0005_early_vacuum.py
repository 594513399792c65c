"""Lots that are gone are cleared away early, whatever the size of the table.

A retirement leaves one or two deleted lots behind. The next ones that look for the lowest numbers of the same batch
pass their index entries, and mark them so that nobody after them follows one: the cost stays flat. While some
transaction with a number of its own is open anywhere on the server (a long import is enough), nothing may be marked,
and every one of them is followed into the table; five thousand such ghosts doubled the work of a retirement, until a
vacuum. By default that waits for a fifth of the table, which is two million ghosts among ten million lots.
"""

from django.db import migrations

EARLY = (
    "ALTER TABLE ledger_lot SET (autovacuum_vacuum_scale_factor = 0.002, autovacuum_vacuum_threshold = 2000, "
    "autovacuum_vacuum_cost_delay = 0)"
)
LATE = (
    "ALTER TABLE ledger_lot RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, "
    "autovacuum_vacuum_cost_delay)"
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_never_emptied")]
    operations = [migrations.RunSQL(EARLY, LATE)]
