"""verify is silent about a sound house, and names the row after each of fourteen planted corruptions.

The corruptions are made as the database's owner with the guards off: what no guard can prevent, a second look finds.
"""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from neutrality.disclosure.models import Plan, Statement
from neutrality.disclosure.tests.factories import make_settled, publish
from neutrality.evidence import operations as evidence
from neutrality.evidence.models import File
from neutrality.inventory.models import Inventory, Result, Seal
from neutrality.ledger.models import Lot, Transfer
from neutrality.offsets.models import Block, Retirement
from neutrality.offsets.tests.factories import make_void
from neutrality.trail import operations as trail
from neutrality.trail.models import Checkpoint, Entry
from portal.tasks import verify_due

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 3, tzinfo=UTC)


@pytest.fixture
def house():
    """A settled account, some of its units found false, and a checkpoint over it all."""
    statement = publish(make_settled())
    make_void(Block.objects.get(), 4)
    trail.checkpoint(at=AT)
    return statement


def verify(*arguments):
    """(exit code, what it said)."""
    out = StringIO()
    try:
        call_command("verify", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def corrupt(table, change):
    """Do to the table what its guards forbid."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(change)
        assert cursor.rowcount == 1
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def last(model):
    return model.objects.order_by("-pk").first().pk


def first(model):
    return model.objects.order_by("pk").first().pk


# table of the row, the row, what is done to it
CORRUPTIONS = {
    "an entry reworded": ("trail_entry", lambda: 3, "UPDATE trail_entry SET verb = 'house.other' WHERE number = {pk}"),
    "the content of an entry": (
        "trail_entry",
        lambda: 3,
        "UPDATE trail_entry SET content = '{{}}' WHERE number = {pk}",
    ),
    "an entry removed": ("trail_entry", lambda: 2, "DELETE FROM trail_entry WHERE number = {pk}"),
    "the end of the trail cut off": (
        "trail_checkpoint",
        lambda: last(Checkpoint),
        "DELETE FROM trail_entry WHERE number = {pk}",
    ),
    "a checkpoint": (
        "trail_checkpoint",
        lambda: last(Checkpoint),
        "UPDATE trail_checkpoint SET root = repeat('0', 64) WHERE size = {pk}",
    ),
    "units in another place": (
        "ledger_lot",
        lambda: Lot.objects.filter(place__code__startswith="retired:").first().pk,
        "UPDATE ledger_lot SET place_id = (SELECT min(id) FROM ledger_place) WHERE id = {pk}",
    ),
    "a transfer never made": (
        "ledger_transfer",
        lambda: first(Transfer) + 1,
        "UPDATE ledger_transfer SET span = int8range(900000, 900104) WHERE number = {pk}",
    ),
    "a result": ("inventory_result", lambda: last(Result), "UPDATE inventory_result SET kg = kg - 1 WHERE id = {pk}"),
    "the factor of a line": (
        "inventory_result",
        lambda: last(Result),
        "UPDATE inventory_line SET own_value = 2 WHERE id = (SELECT line_id FROM inventory_result WHERE id = {pk})",
    ),
    "a total": (
        "inventory_inventory",
        lambda: last(Inventory),
        "UPDATE inventory_inventory SET total_kg = 1 WHERE id = {pk}",
    ),
    "a seal": ("inventory_seal", lambda: last(Seal), "UPDATE inventory_seal SET text = text || ' ' WHERE id = {pk}"),
    "a cancellation": (
        "offsets_retirement",
        lambda: last(Retirement),
        "UPDATE offsets_retirement SET quantity = quantity + 1 WHERE id = {pk}",
    ),
    "a commitment": (
        "evaluation_selfcommitment",
        lambda: 1,
        "UPDATE evaluation_selfcommitment SET digest = repeat('0', 64)",
    ),
    "the words of a statement": (
        "disclosure_statement",
        lambda: last(Statement),
        "UPDATE disclosure_statement SET text = replace(text, 'settled', 'surplus') WHERE id = {pk}",
    ),
    "a statement and its digest": (
        "disclosure_statement",
        lambda: last(Statement),
        "UPDATE disclosure_statement SET text = '{{}}', digest = encode(sha256('{{}}'), 'hex') WHERE id = {pk}",
    ),
    "the digest of a plan": (
        "disclosure_plan",
        lambda: last(Plan),
        "UPDATE disclosure_plan SET digest = repeat('0', 64) WHERE id = {pk}",
    ),
}


def test_a_sound_house(house):
    code, said = verify()
    assert (code, said.splitlines()[-1].split()[0]) == (0, "0")
    assert "neutrality.ledger: nothing wrong" in said


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_planted_corruption_is_named(house, name):
    table, row, change = CORRUPTIONS[name]
    key = row()
    corrupt(change.split()[1 if change.startswith("UPDATE") else 2], change.format(pk=key))
    code, said = verify()
    assert code == 1
    if table != "evaluation_selfcommitment":
        assert f"  {table} {key}: " in said
    assert f"  {table} " in said


def test_changed_evidence_is_named(house):
    file = File.objects.order_by("pk").first()
    path = evidence.path_of(file.digest)
    kept = path.read_bytes()
    path.write_bytes(b"other")
    try:
        code, said = verify("--room", "evidence")
    finally:
        path.write_bytes(kept)
    assert (code, f"  evidence_file {file.pk}: " in said) == (1, True)


def test_one_room_alone(house):
    corrupt("trail_entry", "UPDATE trail_entry SET verb = 'house.other' WHERE number = 3")
    assert verify("--room", "ledger")[0] == 0
    assert verify("--room", "trail")[0] == 1


def test_the_sweeper_tells_the_error_log(house, caplog):
    verify_due()
    assert caplog.records == []
    corrupt("trail_entry", "UPDATE trail_entry SET verb = 'house.other' WHERE number = 3")
    verify_due()
    assert "trail_entry 3: " in caplog.text


def test_without_entries_or_transfers_there_is_nothing_to_find():
    assert not Entry.objects.exists()
    assert verify()[0] == 0
