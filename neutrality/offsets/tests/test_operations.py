"""The verbs: what they do, what they refuse, and that a second call changes nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity, make_rulebook
from neutrality.ledger import queries as lots
from neutrality.ledger.operations import KeyReused, NotHeld
from neutrality.offsets import operations, places, queries
from neutrality.offsets.models import Handover, Offer, Retirement
from neutrality.offsets.operations.blocks import NumbersTaken, ProjectElsewhere, SerialRefused
from neutrality.offsets.operations.holdings import NotWaiting, OneOwner, TooFew
from neutrality.offsets.operations.retiring import NotEligible, NotOpen, NoUnits, ReasonMissing
from neutrality.offsets.tests.factories import (
    AT,
    ON,
    VCU,
    make_block,
    make_kind,
    make_project,
    make_retirement,
)
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    return make_activity(state="committed")


@pytest.fixture
def by():
    return make_user()


def verbs():
    return list(Entry.objects.order_by("number").values_list("verb", flat=True))


def held(organization, block):
    return lots.balance(places.held(organization), block.within)


# ---- blocks ---------------------------------------------------------------------------------------------------------


def test_a_block_lies_with_its_owner():
    owner = make_organization("seller")
    block = make_block(owner, 500, serial="ccer-0001", kind="ccer")
    assert (block.serial, block.quantity, held(owner, block)) == ("CCER-0001/1-500", 500, 500)
    assert verbs()[-1] == "block.issue"


def test_overlap_inside_a_registry_is_refused_and_named():
    """TV13: 100-199, then 150-250: refused, overlap 150-199."""
    first = make_block(quantity=100, kind="vcu", serial=VCU.format(100, 199), project=None)
    with pytest.raises(NumbersTaken) as refused:
        make_block(quantity=101, kind="vcu", serial=VCU.format(150, 250), project=None)
    assert "150" in str(refused.value)
    assert "199" in str(refused.value)
    assert first.code in str(refused.value)
    make_block(quantity=51, kind="vcu", serial=VCU.format(200, 250), project=None)


def test_another_registry_may_use_the_same_numbers():
    one = make_block(kind="cdcer", serial="A-100", quantity=10)
    other = make_block(kind="ccer", serial="A-100", quantity=10)
    assert one.numbers != other.numbers


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"serial": "?"}, SerialRefused),
        ({"kind": "vcu", "serial": VCU.format(1, 10), "quantity": 9}, SerialRefused),
        ({"kind": "vcu", "serial": VCU.format(1, 10), "quantity": 11}, SerialRefused),
    ],
)
def test_bad_serials_are_refused_in_words(over, refusal):
    with pytest.raises(refusal) as refused:
        make_block(**over)
    assert refused.value.problems[0].field == "serial"
    assert str(refused.value)


def test_a_project_of_another_registry_is_refused():
    with pytest.raises(ProjectElsewhere):
        operations.issue_block(
            kind=make_kind("ccer"),
            project=make_project("cdcer"),
            serial="X-1",
            quantity=1,
            vintage_start=ON,
            vintage_end=ON,
            owner=make_organization(),
            issued_on=ON,
            key="k",
            by=make_user(),
            at=AT,
        )


def test_the_same_key_issues_once():
    owner, by = make_organization(), make_user()
    one = make_block(owner, 10, key="once", serial="S-1", by=by)
    again = make_block(owner, 10, key="once", serial="S-1", by=by)
    assert one == again
    assert held(owner, one) == 10


# ---- offers and handovers -------------------------------------------------------------------------------------------


def test_an_offer_replaces_the_older_one_and_can_be_withdrawn(by):
    seller = make_organization("seller")
    block = make_block(seller, 100)
    facts = {"block": block, "organization": seller, "by": by, "at": AT}
    operations.offer(quantity=50, price_cny=Decimal("31.50"), **facts)
    newer = operations.offer(quantity=80, price_cny=Decimal("30.00"), **facts)
    assert [one.pk for one in Offer.objects.filter(state="open")] == [newer.pk]
    operations.withdraw_offer(offer=newer, by=by, at=AT)
    operations.withdraw_offer(offer=newer, by=by, at=AT)
    assert verbs().count("offer.withdraw") == 1
    with pytest.raises(TooFew):
        operations.offer(quantity=101, price_cny=Decimal("1"), **facts)


def test_units_change_owner_when_the_other_side_agrees(by):
    seller, buyer = make_organization("seller"), make_organization()
    block = make_block(seller, 100)
    asked = {"block": block, "giver": seller, "taker": buyer, "side": "taker", "quantity": 40, "by": by, "at": AT}
    row = operations.ask(key="order", **asked)
    assert operations.ask(key="order", **asked) == row
    assert (held(seller, block), held(buyer, block)) == (100, 0)
    operations.accept(handover=row, by=by, at=AT)
    assert (held(seller, block), held(buyer, block)) == (60, 40)
    with pytest.raises(NotWaiting):
        operations.accept(handover=row, by=by, at=AT)
    with pytest.raises(NotWaiting):
        operations.close(handover=row, state="declined", by=by, at=AT)
    assert (held(seller, block), held(buyer, block)) == (60, 40)
    assert Handover.objects.get().state == "delivered"


def test_a_handover_is_refused_when_units_are_missing_or_sides_are_one(by):
    seller, buyer = make_organization("seller"), make_organization()
    block = make_block(seller, 10)
    asked = {"block": block, "side": "giver", "by": by, "at": AT}
    with pytest.raises(OneOwner):
        operations.ask(key="a", giver=seller, taker=seller, quantity=1, **asked)
    with pytest.raises(TooFew):
        operations.ask(key="b", giver=seller, taker=buyer, quantity=11, **asked)
    one = operations.ask(key="c", giver=seller, taker=buyer, quantity=8, **asked)
    two = operations.ask(key="d", giver=seller, taker=buyer, quantity=8, **asked)
    operations.accept(handover=one, by=by, at=AT)
    with pytest.raises(NotHeld):
        operations.accept(handover=two, by=by, at=AT)
    operations.close(handover=two, state="withdrawn", by=by, at=AT)
    assert (held(seller, block), held(buyer, block)) == (2, 8)


# ---- retire ---------------------------------------------------------------------------------------------------------


def test_retired_units_stand_behind_the_activity_with_their_serial(activity, by):
    block = make_block(activity.organization, 100, serial="LP-7")
    (row,) = operations.retire(activity=activity, block=block, quantity=30, key="k", by=by, at=AT)
    assert (row.serial, row.quantity, row.family, row.rule) == ("LP-7/1-30", 30, "local_credit", "R2.6")
    assert (row.purpose, row.donor, row.cancelled_on) == ("event", "", ON)
    assert queries.checked_units(activity) == 30
    assert held(activity.organization, block) == 70
    assert verbs()[-1] == "units.retire"


def test_a_double_click_is_one_act(activity, by):
    block = make_block(activity.organization, 100)
    act = {"activity": activity, "block": block, "quantity": 30, "key": "k", "by": by}
    first = operations.retire(at=AT, **act)
    again = operations.retire(at=AT + timedelta(seconds=1), **act)
    assert first == again
    assert queries.checked_units(activity) == 30
    with pytest.raises(KeyReused):
        operations.retire(at=AT, **(act | {"quantity": 31}))


def test_broken_holdings_make_several_runs_lowest_first(activity, by):
    owner, other = activity.organization, make_organization()
    block = make_block(owner, 30, serial="B-1")
    row = operations.ask(block=block, giver=owner, taker=other, side="giver", quantity=10, key="h", by=by, at=AT)
    operations.accept(handover=row, by=by, at=AT)
    operations.retire(activity=activity, block=block, quantity=5, key="a", by=by, at=AT)
    back = operations.ask(block=block, giver=other, taker=owner, side="giver", quantity=4, key="i", by=by, at=AT)
    operations.accept(handover=back, by=by, at=AT)
    runs = operations.retire(activity=activity, block=block, quantity=8, key="b", by=by, at=AT)
    assert [run.serial for run in runs] == ["B-1/1-4", "B-1/16-19"]


def test_what_is_not_held_is_refused(activity, by):
    block = make_block(activity.organization, 10)
    act = {"activity": activity, "block": block, "by": by, "at": AT}
    with pytest.raises(NotHeld):
        operations.retire(quantity=11, key="a", **act)
    with pytest.raises(NoUnits):
        operations.retire(quantity=0, key="b", **act)
    with pytest.raises(NotHeld):
        operations.retire(quantity=1, key="c", **(act | {"block": make_block(quantity=5)}))
    assert not Retirement.objects.exists()
    assert "units.retire" not in verbs()


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_only_for_an_activity_with_a_published_plan(state, by):
    activity = make_activity(state=state)
    block = make_block(activity.organization, 10)
    with pytest.raises(NotOpen):
        operations.retire(activity=activity, block=block, quantity=1, key="k", by=by, at=AT)


def test_a_lower_family_asks_for_a_reason_and_keeps_it(by):
    activity = make_activity(state="committed", rulebook=make_rulebook("cn-events-2019"))
    block = make_block(activity.organization, 10, kind="ccer")
    act = {"activity": activity, "block": block, "quantity": 4, "by": by, "at": AT}
    with pytest.raises(ReasonMissing) as refused:
        operations.retire(key="a", **act)
    assert refused.value.problems[0].field == "reason"
    (row,) = operations.retire(key="b", reason=" 配额无法由主办方购买 ", **act)
    assert row.reason == "配额无法由主办方购买"


@pytest.mark.parametrize("kind", ["sm-ticket", "tcer"])
def test_units_that_cannot_stand_behind_a_claim_are_refused_with_the_rule(kind, by):
    activity = make_activity(state="committed", rulebook=make_rulebook("cn-events-2019"))
    serial = {"tcer": "CN-6-1-2-2-1-70 - CN-6-10-2-2-1-70"}.get(kind, "0000001")
    block = make_block(activity.organization, 10, kind=kind, serial=serial)
    with pytest.raises(NotEligible) as refused:
        operations.retire(activity=activity, block=block, quantity=1, key="k", by=by, at=AT, reason="x")
    assert ("R3.30" if kind == "tcer" else "R3.29b") in str(refused.value)


def test_a_donor_retires_for_an_activity_and_is_named(activity, by):
    donor = make_organization("seller", name_zh="绿源公司")
    block = make_block(donor, 50)
    (row,) = operations.retire(activity=activity, block=block, quantity=50, key="k", by=by, at=AT, holder=donor)
    assert (row.donor, row.holder) == ("绿源公司", donor)
    assert activity.name_zh in row.beneficiary
    assert queries.checked_units(activity) == 50


def test_after_the_deadline_nothing_counts(activity, by):
    """I3: the event ended on 2026-05-18; the last day is 2027-05-18."""
    block = make_block(activity.organization, 20)
    last = datetime(2027, 5, 18, 15, 59, 59, tzinfo=UTC)  # a second before midnight in China
    operations.retire(activity=activity, block=block, quantity=7, key="a", by=by, at=last)
    operations.retire(activity=activity, block=block, quantity=9, key="b", by=by, at=last + timedelta(seconds=1))
    assert queries.checked_units(activity) == 7
    assert [(row.units, row.timely) for row in queries.checked(activity)] == [(7, True), (9, False)]


def test_owed_is_the_ceiling_less_what_counts(activity):
    """TV5: 103.15 t needs 104 units."""
    make_retirement(activity, 103)
    assert queries.owed(activity, Decimal("103150")) == 1
    make_retirement(activity, 5)
    assert queries.owed(activity, Decimal("103150")) == 0
