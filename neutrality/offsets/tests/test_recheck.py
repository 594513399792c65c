"""The recheck in one pass over all units, held to what it says when it looks at one block, one lot after the other."""

import random

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import make_organization
from neutrality.activities.tests.factories import make_activity
from neutrality.findings import Finding
from neutrality.ledger import queries as lots
from neutrality.ledger import rules as spans
from neutrality.ledger.models import Lot
from neutrality.offsets import operations, recheck
from neutrality.offsets.models import Block, Retirement
from neutrality.offsets.tests.factories import AT, make_block, make_void
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db
SEEDS = range(6)


def one_by_one():
    """The same questions, asked of every row by itself."""
    for row in Retirement.objects.select_related("transfer__target", "activity", "block"):
        if (row.span, row.quantity) != (row.transfer.span, row.transfer.quantity):
            yield Finding("offsets_retirement", str(row.pk), "is not the span its transfer moved")
        if row.transfer.target.code != f"retired:{row.activity.code}":
            yield Finding("offsets_retirement", str(row.pk), "stands behind another activity than its transfer")
    for block in Block.objects.all():
        found = sum(spans.count(span) for held in lots.holdings(block.within).values() for span in held)
        if found != block.quantity:
            yield Finding("offsets_block", str(block.pk), f"{found} of its {block.quantity} units are somewhere")
    for lot in Lot.objects.filter(place__code__startswith="retired:").select_related("place"):
        if not Retirement.objects.filter(span__overlap=lot.span).exists():
            yield Finding("ledger_lot", str(lot.pk), f"lies in {lot.place.code} and no cancellation says so")


def told(findings):
    """What both ways look at, in one order."""
    texts = ("is not the span", "stands behind another", "units are somewhere", "no cancellation says so")
    return sorted(str(each) for each in findings if any(text in each.text for text in texts))


def live(dice, blocks=3):
    """Some blocks of several owners, cut up by retirements, handovers and a void."""
    activities = [make_activity(state="committed") for _ in range(2)]
    owners = [*(activity.organization for activity in activities), make_organization()]
    by = activities[0].created_by
    for number in range(blocks):
        block = make_block(dice.choice(owners), dice.randint(5, 60))
        for step in range(6):
            owner, other = dice.sample(owners, 2)
            key, units = f"{number}-{step}", dice.randint(1, 12)
            common = {"block": block, "quantity": units, "by": by, "at": AT, "key": key}
            try:
                if dice.random() < 0.6:
                    operations.retire(activity=dice.choice(activities), holder=owner, reason="nearby", **common)
                else:
                    asked = operations.ask(giver=owner, taker=other, side="giver", **common)
                    operations.accept(handover=asked, by=by, at=AT)
            except Refusal:
                continue
        if dice.random() < 0.3:
            make_void(block, dice.randint(1, 4))


FAULTS = (
    "DELETE FROM ledger_lot WHERE id = {lot}",
    "UPDATE ledger_lot SET span = int8range(lower(span) + 1, upper(span)) WHERE id = {lot}",
    "UPDATE ledger_lot SET span = int8range(lower(span) + 90000, upper(span) + 90000) WHERE id = {lot}",
    "UPDATE ledger_lot SET place_id = (SELECT id FROM ledger_place WHERE code LIKE 'retired:%' ORDER BY id LIMIT 1)"
    " WHERE id = {lot}",
    "UPDATE offsets_retirement SET quantity = quantity + 1 WHERE id = {row}",
    "UPDATE offsets_retirement SET span = int8range(lower(span) + 90000, upper(span) + 90000) WHERE id = {row}",
    "UPDATE offsets_retirement SET activity_id = (SELECT max(id) FROM activities_activity) WHERE id = {row}",
)
UNGUARDED = {"ledger_lot": "only_by_transfer", "offsets_retirement": "insert_only"}


def keys(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def plant(dice, faults):
    """So many faults of any kind, with the guards off; one the constraints refuse is not planted."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in UNGUARDED.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        for _fault in range(faults):
            there = {
                "lot": Lot.objects.values_list("pk", flat=True),
                "row": Retirement.objects.values_list("pk", flat=True),
            }
            picked = {name: dice.choice(sorted(found) or [0]) for name, found in there.items()}
            try:
                with transaction.atomic():
                    cursor.execute(dice.choice(FAULTS).format(**picked))
            except DatabaseError:
                continue


@pytest.mark.parametrize("seed", SEEDS)
def test_all_at_once_says_what_one_by_one_says(seed):
    dice = random.Random(seed)
    live(dice)
    assert told(recheck.findings()) == told(one_by_one()) == []
    plant(dice, faults=seed + 1)
    assert told(recheck.findings()) == told(one_by_one()) != []


def asked(findings):
    with CaptureQueriesContext(connection) as said:
        list(findings())
    return len(said)


def test_it_asks_as_often_of_many_blocks_as_of_few():
    live(random.Random(1), blocks=2)
    few = asked(recheck.findings), asked(one_by_one)
    live(random.Random(2), blocks=5)
    many = asked(recheck.findings), asked(one_by_one)
    assert few[0] == many[0]
    assert few[1] + 5 <= many[1]  # control: counted the same way, one by one asks more


def test_without_any_row_it_has_nothing_to_say():
    assert list(recheck.findings()) == []
