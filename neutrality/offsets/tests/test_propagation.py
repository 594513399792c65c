"""A batch turns out false: half a block, split over seven retirements and five events (F4, V11, T29)."""

from random import Random

import pytest

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations, queries
from neutrality.offsets.models import VoidedPart
from neutrality.offsets.tests.factories import AT, FOUND, Upload, make_block
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db

# (event, units) in the order they were cancelled out of one block of 200: numbers 1-20, 21-50, …, 141-160
RETIREMENTS = [(0, 20), (1, 30), (2, 10), (0, 25), (3, 15), (4, 40), (1, 20)]
HALF = (1, 100)
# What of each event lies in 1-100: event 0 has 1-20 and 61-85, event 1 has 21-50, event 2 has 51-60, event 3 86-100.
LOST = [45, 30, 10, 15, 0]


@pytest.fixture
def world():
    owner = make_organization("seller")
    events = [make_activity(state="committed", name_zh=f"活动{number}") for number in range(5)]
    block, by = make_block(owner, 200, serial="FALSE-1"), make_user()
    for number, (event, units) in enumerate(RETIREMENTS):
        facts = {"activity": events[event], "block": block, "quantity": units, "holder": owner, "by": by, "at": AT}
        operations.retire(key=f"r{number}", **facts)
    return events, block


def notice(block, first, last, key):
    facts = {"reason": "invalid", "explanation": "数据不实", "found_on": FOUND.date(), "at": FOUND}
    facts |= {"upload": Upload(), "owner_code": "0" * 18, "by": make_user()}
    return operations.propose_void(block=block, serial_first=first, serial_last=last, key=key, **facts)


def counts(events):
    return [queries.checked_units(event) for event in events], [queries.void_units(event) for event in events]


BEFORE = [45, 50, 10, 15, 40]


def test_each_event_loses_exactly_its_own_units(world):
    events, block = world
    assert counts(events) == (BEFORE, [0] * 5)
    operations.confirm_void(notice=notice(block, *HALF, "n"), by=make_user(), at=FOUND)
    assert counts(events) == ([a - b for a, b in zip(BEFORE, LOST, strict=True)], LOST)
    serials = sorted(part.retirement.activity.name_zh + part.transfer.reason for part in VoidedPart.objects.all())
    assert len(serials) == 5


def test_the_message_comes_twice_and_in_pieces_out_of_order(world):
    events, block = world
    pieces = [(81, 100), (1, 30), (25, 60), (50, 85), (1, 100), (1, 100)]
    refused = set()
    for number, piece in enumerate(Random(7).sample(pieces, len(pieces))):
        for _ in range(2):
            try:
                found = notice(block, *piece, f"n{number}")
                operations.confirm_void(notice=found, by=make_user(), at=FOUND)
            except Refusal as again:
                refused.add(again.code)
    assert refused == {"nothing_left", "not_waiting"}
    assert counts(events) == ([a - b for a, b in zip(BEFORE, LOST, strict=True)], LOST)


def test_one_page_lists_every_claim_on_the_block(world, client):
    events, block = world
    operations.confirm_void(notice=notice(block, *HALF, "n"), by=make_user(), at=FOUND)
    page = client.get(f"/offsets/blocks/{block.code}/")
    assert [(a.pk, units, void) for a, units, void in page.context["claims"]] == [
        (event.pk, units, void) for event, units, void in zip(events, BEFORE, LOST, strict=True)
    ]


def test_replacement_restores_and_the_past_stays_readable(world, client):
    events, block = world
    first = queries.checked(events[0])[0]
    operations.confirm_void(notice=notice(block, *HALF, "n"), by=make_user(), at=FOUND)
    good = make_block(events[0].organization, 45)
    operations.retire(activity=events[0], block=good, quantity=45, key="again", by=make_user(), at=AT)
    assert queries.checked_units(events[0]) == 45
    page = client.get(f"/offsets/cancellations/{first.number}/")
    assert (page.context["row"].quantity, page.context["units"], page.context["void"]) == (20, 0, 20)
