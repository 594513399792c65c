"""Tallies bear a name that changes with them, so that what was read of them once need not be read again."""

import django.contrib.postgres.functions
from django.db import migrations, models

TURN = """
CREATE FUNCTION offsets_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE offsets_mark SET turn = gen_random_uuid() WHERE what IN (SELECT changed.what FROM changed);
  RETURN NULL;
END $$;
CREATE TRIGGER turn_of_new AFTER INSERT ON offsets_tally REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION offsets_turn();
CREATE TRIGGER turn_of_changed AFTER UPDATE ON offsets_tally REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION offsets_turn();
CREATE TRIGGER turn_of_gone AFTER DELETE ON offsets_tally REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION offsets_turn();
"""
UNTURN = """
DROP TRIGGER turn_of_new ON offsets_tally; DROP TRIGGER turn_of_changed ON offsets_tally;
DROP TRIGGER turn_of_gone ON offsets_tally; DROP FUNCTION offsets_turn();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("offsets", "0005_labels_and_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="mark",
            name="turn",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.RunSQL(TURN, UNTURN),
    ]
