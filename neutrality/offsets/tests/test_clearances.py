"""A certificate of freedom says what lay free at one moment, and goes stale by itself at the first move."""

from hashlib import sha256
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations, queries
from neutrality.offsets.models import Lock
from neutrality.offsets.operations.clearing import NothingFree
from neutrality.offsets.tests.factories import AT, ON, Upload, make_block
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    return make_activity(state="committed")


@pytest.fixture
def block(activity):
    return make_block(activity.organization, 100)


def clear(block, owner, reader=None):
    return operations.clear(block=block, owner=owner, reader=reader, key=uuid4().hex, by=make_user(), at=AT)


def retire(activity, block, units=1):
    operations.retire(activity=activity, block=block, quantity=units, key=uuid4().hex, by=make_user(), at=AT)


def pledge(activity, block, kind="pledged"):
    facts = {"owner": activity.organization, "holder": make_organization("seller"), "basis": "x", "key": uuid4().hex}
    return operations.lock(kind=kind, block=block, quantity=1, by=make_user(), at=AT, **facts)


def reserve(activity, block):
    facts = {"owner": activity.organization, "activity": activity, "expires_on": ON.replace(month=7), "quota": 9}
    operations.reserve(block=block, quantity=1, key=uuid4().hex, by=make_user(), at=AT, **facts)


def hand_over(activity, block):
    facts = {"giver": activity.organization, "taker": make_organization(), "side": "giver", "key": uuid4().hex}
    asked = operations.ask(block=block, quantity=1, by=make_user(), at=AT, **facts)
    operations.accept(handover=asked, by=make_user(), at=AT)


def void(activity, block):
    facts = {"reason": "invalid", "explanation": "x", "found_on": ON, "owner_code": activity.organization.code}
    span = {"serial_first": 1, "serial_last": 1}
    notice = operations.propose_void(block=block, upload=Upload(), key="v", by=make_user(), at=AT, **span, **facts)
    operations.confirm_void(notice=notice, by=make_user(), at=AT)


EVENTS = {
    "retired": retire,
    "pledged": pledge,
    "frozen": lambda activity, block: pledge(activity, block, "frozen"),
    "reserved": reserve,
    "handed over": hand_over,
    "void": void,
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_any_event_on_the_units_ends_it(activity, block, event, client):
    row = clear(block, activity.organization)
    address = reverse("offsets:clearance", args=[row.number])
    assert "仍然有效" in client.get(address).content.decode()
    event(activity, block)
    page = client.get(address).content.decode()
    assert "仍然有效" not in page
    assert "起不再有效" in page


def test_it_speaks_of_free_units_only_and_of_no_others(activity, block):
    lock = pledge(activity, block)
    retire(activity, block, 9)
    row = clear(block, activity.organization)
    assert row.quantity == 90
    assert row.spans == [(block.first + 10, block.last)]
    operations.release(lock=lock, note="x", by=make_user(), at=AT)  # units it does not speak of
    retire(activity, make_block(activity.organization, 10))
    assert queries.first_move_since(row) is None


def test_nothing_free_is_no_certificate(activity, block):
    retire(activity, block, 100)
    with pytest.raises(NothingFree):
        clear(block, activity.organization)


def test_the_digest_is_of_the_bytes_it_hands_out_and_the_log_knows_it(activity, block, client):
    row = clear(block, activity.organization)
    data = client.get(reverse("offsets:clearance_data", args=[row.number])).content
    assert sha256(data).hexdigest() == row.digest
    entry = Entry.objects.get(subject=f"clearance:{row.number}")
    assert (entry.public, entry.content["digest"]) == (True, row.digest)


def test_the_lender_sees_its_pledges_and_its_certificates(cast, activity, block):
    clear(block, activity.organization, cast.elsewhere)
    facts = {"owner": activity.organization, "holder": cast.elsewhere, "basis": "贷款合同 7 号", "key": "p"}
    operations.lock(kind="pledged", block=block, quantity=5, by=make_user(), at=AT, **facts)
    page = cast.client("stranger").get(reverse("offsets:pledges")).content.decode()
    assert "贷款合同 7 号" in page
    assert "不再有效" in page  # the pledge itself is an event on these units
    assert "贷款合同 7 号" not in cast.client("organizer").get(reverse("offsets:pledges")).content.decode()


def test_running_pledges_stand_before_released_ones(cast, activity, block):
    facts = {"owner": activity.organization, "holder": cast.elsewhere, "basis": "x", "by": make_user(), "at": AT}
    numbers = [
        operations.lock(kind="pledged", block=block, quantity=units, key=f"p{units}", **facts).number
        for units in (1, 2, 3)
    ]
    operations.release(lock=Lock.objects.get(number=numbers[2]), note="还清", by=make_user(), at=AT)
    shown = cast.client("stranger").get(reverse("offsets:pledges")).context["locks"]
    assert [row.number for row in shown] == [numbers[1], numbers[0], numbers[2]]
