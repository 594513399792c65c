"""Units that prove false while they are set aside or pledged: everybody who counts on them reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations, queries
from neutrality.offsets.tests.factories import AT, ON, make_block, make_void

pytestmark = pytest.mark.django_db
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture
def owner():
    return make_member(make_user(), make_organization("seller"), Role.OWNER)


@pytest.fixture
def block(owner):
    return make_block(owner.organization, 100)


@pytest.fixture
def reservation(owner, block):
    facts = {"owner": owner.organization, "expires_on": ON + timedelta(days=30), "quota": 30, "key": "r", "at": AT}
    activity = make_activity(state="committed")
    return operations.reserve(block=block, activity=activity, quantity=30, by=owner.user, **facts)


@pytest.fixture
def pledge(owner, block):
    lender = make_member(make_user(), make_organization("seller"), Role.OWNER)
    facts = {"kind": "pledged", "owner": owner.organization, "holder": lender.organization, "basis": "x", "key": "p"}
    return operations.lock(block=block, quantity=20, by=owner.user, at=AT, **facts)


def read(client, person, address):
    client.force_login(person)
    return " ".join(client.get(address, **ENGLISH).content.decode().split())


def test_void_units_are_no_longer_set_aside(reservation, block, owner, client):
    assert queries.reserved_units(reservation.activity) == 30
    make_void(block, 12)
    assert queries.reserved_units(reservation.activity) == 18
    (listed,) = queries.reserved_for(reservation.activity)
    assert (listed.quantity, listed.void) == (30, 12)
    page = read(client, owner.user, reverse("offsets:reservation", args=[reservation.number]))
    assert "12 t of them were found void and are gone." in page
    assert 'value="18"' in page


def test_what_was_lost_can_be_set_aside_anew(reservation, block, owner):
    facts = {"owner": owner.organization, "activity": reservation.activity, "expires_on": reservation.expires_on}
    facts |= {"block": block, "quantity": 12, "quota": 30, "by": owner.user, "at": AT}
    with pytest.raises(operations.reserving.OverQuota):  # the control: nothing is lost yet
        operations.reserve(key="s", **facts)
    make_void(block, 12)
    operations.reserve(key="s", **facts)
    assert queries.reserved_units(reservation.activity) == 30


def test_the_lender_reads_that_its_pledge_is_worth_less(pledge, block, client):
    lender = Membership.objects.get(organization=pledge.holder).user
    places = (reverse("offsets:lock", args=[pledge.number]), reverse("offsets:pledges"))
    assert ["found void" in read(client, lender, place) for place in places] == [False, False]
    notice = make_void(block, 20)
    page, listed = (read(client, lender, place) for place in places)
    assert "20 t of them were found void and are gone." in page
    assert reverse("offsets:void", args=[notice.number]) in page
    assert "20 t found void" in listed


def test_notices_say_what_each_took(reservation, pledge, block):
    first = make_void(block, 10)
    second = make_void(block, 30, serial_first=block.serial_first + 5, serial_last=block.serial_first + 39)
    taken = [(one.pk, one.taken) for one in queries.notices_at(f"reserved:{reservation.number}")]
    assert taken == [(first.pk, 10), (second.pk, 20)]
    assert [(one.pk, one.taken) for one in queries.notices_at(f"pledged:{pledge.number}")] == [(second.pk, 10)]
    assert queries.notices_at("pledged:NONE") == []
