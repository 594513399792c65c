"""The table of accounts.limits: unlogged, because a counter lost in a crash is a counter that starts again."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE accounts_counter (
    cache_key text PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_counter_expires ON accounts_counter (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE accounts_counter;")]
