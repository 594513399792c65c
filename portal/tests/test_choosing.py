"""The organizer's page of units: what is still to be bought, and the basket as it is wished for."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tests.factories import make_organization
from neutrality.activities.tests.factories import make_activity
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.offsets import operations, queries
from neutrality.offsets.models import Handover
from neutrality.offsets.queries import baskets, browsing
from neutrality.offsets.tests.factories import AT, make_block, make_project, make_void
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_organization("seller")


def put(cast, seller, units, price, **more):
    """Units of a new block on offer."""
    block = make_block(seller, units, by=cast.organizer, **more)
    facts = {"organization": seller, "by": cast.organizer, "at": AT}
    return operations.offer(block=block, quantity=units, price_cny=Decimal(price), **facts)


def activity_owing(cast, kg="10000", kind="actual", **over):
    activity = make_activity(organization=cast.home, state="committed", created_by=cast.organizer, **over)
    make_submitted_inventory(activity, "estimate", kg=kg)
    if kind == "actual":
        make_submitted_inventory(activity, "actual", kg=kg)
    return activity


def shown(cast, activity, **wishes):
    page = cast.client("organizer").get(reverse("portal:units", args=[activity.code]), wishes)
    assert page.status_code == 200
    return page


def picks(page):
    return {row["line"].offer.number: row["line"].units for row in page.context["basket"]["lines"]}


def test_the_basket_follows_every_share_and_says_what_it_has(cast, seller):
    project = make_project("cdcer", region_code="510000", forestry=True, formerly_poor_area=True)
    plain, green = put(cast, seller, 50, 20), put(cast, seller, 50, 90, project=project)
    activity = activity_owing(cast)
    assert picks(shown(cast, activity)) == {plain.number: 10}
    page = shown(cast, activity, local="10", forestry="30%", formerly_poor="２０")
    assert picks(page) == {plain.number: 7, green.number: 3}
    basket = page.context["basket"]
    assert [(row["units"], row["percent"]) for row in basket["has"]][1:] == [(3, 30), (3, 30)]
    assert basket["price_cny"] == Decimal("41.00")
    assert "(R" in page.content.decode()


def test_what_is_wished_wrongly_is_said_and_kept(cast, seller):
    put(cast, seller, 50, 20)
    page = shown(cast, activity_owing(cast), units="0", local="101", forestry="x")
    assert set(page.context["wish"].errors) == {"units", "local", "forestry"}
    assert 'value="101"' in page.content.decode()
    assert sum(picks(page).values()) == 10


def test_more_than_there_is_and_nothing_at_all(cast, seller):
    activity = activity_owing(cast)
    assert shown(cast, activity).context["basket"]["found"].missing == 10
    put(cast, seller, 4, 20)
    page = shown(cast, activity, units="9", forestry="50")
    assert page.context["basket"]["found"].missing == 5
    assert page.context["basket"]["lacks"][0]["units"] == 5
    assert "5 t" in page.content.decode() or "5吨" in page.content.decode()


def test_what_a_rule_keeps_out_is_named_with_the_rule(cast, seller):
    """A unit that expires is in no basket; one that asks for a reason is left out where none is wished."""
    put(cast, seller, 40, 1, kind="tcer", serial="CN-6-1-2-2-1-70 - CN-6-40-2-2-1-70")
    vcu = "1-1-10-VCS-VCU-261-VER-KE-3-1060-01012022-31122022-0"
    abroad = put(cast, seller, 10, 5, kind="vcu", serial=vcu, project=make_project("vcu", country="KE"))
    activity = activity_owing(cast)
    page = shown(cast, activity)
    assert picks(page) == {abroad.number: 10}
    assert [row["verdict"]["rule"] for row in page.context["basket"]["left_out"]] == ["R3.30"]
    page = shown(cast, activity, plain="on")
    assert (picks(page), page.context["basket"]["found"].missing) == ({}, 10)
    assert len(page.context["basket"]["left_out"]) == 2


def test_before_the_event_the_estimate_is_what_is_bought_for(cast, seller):
    put(cast, seller, 50, 20)
    page = shown(cast, activity_owing(cast, kind="estimate"))
    assert page.context["lack"].estimated
    assert sum(picks(page).values()) == 10


def test_units_on_their_way_are_not_bought_twice(cast, seller):
    put(cast, seller, 50, 20)
    activity = activity_owing(cast)
    own = make_block(cast.home, 4, by=cast.organizer)
    facts = {"owner": cast.home, "activity": activity, "by": cast.organizer, "at": AT}
    operations.reserve(block=own, quantity=4, quota=10, key="r", expires_on=date(2026, 12, 1), **facts)
    page = shown(cast, activity)
    assert (page.context["lack"].set_aside, page.context["lack"].units) == (4, 6)
    assert sum(picks(page).values()) == 6


def test_what_is_held_is_named_beside_the_basket(cast, seller):
    put(cast, seller, 50, 20)
    make_block(cast.home, 7, by=cast.organizer)
    make_block(cast.home, 40, by=cast.organizer, kind="tcer", serial="CN-6-1-2-2-1-70 - CN-6-40-2-2-1-70")
    page = shown(cast, activity_owing(cast))
    assert page.context["usable"] == 7
    assert "7吨" in page.content.decode()


def test_void_units_are_not_on_offer(cast, seller):
    offer = put(cast, seller, 50, 20)
    make_void(offer.block, 45)
    assert queries.left(offer) == 5
    assert picks(shown(cast, activity_owing(cast))) == {offer.number: 5}


def test_only_what_is_still_there_is_on_offer(cast, seller):
    """Ordered and delivered, reserved, void: none of it is offered again, and no order goes beyond what is left."""
    offer = put(cast, seller, 50, 20)
    activity = activity_owing(cast, kg="60000")
    facts = {"offer": offer, "taker": cast.home, "by": cast.organizer, "at": AT}
    made = operations.order(quantity=30, key="a", **facts)
    assert queries.left(offer) == 50  # asked for, not delivered
    operations.accept(handover=made, by=cast.organizer, at=AT)
    assert sum(picks(shown(cast, activity)).values()) == 20
    with pytest.raises(Refusal, match="20"):
        operations.order(quantity=21, key="b", **facts)
    lender = make_organization("seller")  # what is left is pledged away
    pledge = {"kind": "pledged", "owner": seller, "holder": lender, "basis": "合同", "by": cast.organizer, "at": AT}
    operations.lock(block=offer.block, quantity=20, key="p", **pledge)
    assert queries.left(offer) == 0
    assert picks(shown(cast, activity)) == {}
    assert list(queries.offers(queries.Filters()).rows) == []
    with pytest.raises(Refusal) as caught:
        operations.order(quantity=1, key="c", **facts)
    assert caught.value.problems[0].code == "not_offered"
    assert operations.order(quantity=30, key="a", **facts) == made


def test_an_offer_withdrawn_while_its_page_was_open_is_said(cast, seller):
    offer = put(cast, seller, 50, 20)
    page = reverse("offsets:order", args=[offer.number])
    buyer = cast.client("organizer")
    assert buyer.get(page).context["left"] == 50
    operations.withdraw_offer(offer=offer, by=cast.organizer, at=AT)
    answer = buyer.post(page, {"key": "o", "taker": cast.home.code, "quantity": "5"})
    assert answer.status_code == 422
    assert reverse("offsets:catalogue") in answer.content.decode()
    assert not Handover.objects.exists()
    assert buyer.get(page).status_code == 200


def test_the_whole_catalogue_is_looked_at(cast, seller, monkeypatch):
    """What is asked for may stand on the last page of the offers."""
    for price in (10, 11, 12, 13):
        put(cast, seller, 50, price)
    dear = put(cast, seller, 50, 99, project=make_project("cdcer", forestry=True))
    monkeypatch.setattr(baskets, "every_offer", lambda: browsing.every_offer(2))
    assert picks(shown(cast, activity_owing(cast), forestry="100")) == {dear.number: 10}
