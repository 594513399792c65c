"""An order's steps are dated, in turn, and bind nobody to a price nobody agreed to."""

from decimal import Decimal
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_organization, make_user
from neutrality.offsets import access, operations, queries
from neutrality.offsets.models import Handover, HandoverStep
from neutrality.offsets.operations.holdings import NotNow, NotWaiting, PriceMissing
from neutrality.offsets.rules import ordering
from neutrality.offsets.rules.ordering import End, Side, Step
from neutrality.offsets.tests.factories import AT, make_block


def test_every_order_can_end_and_every_turn_belongs_to_whoever_can_act():
    for last in (None, *Step):
        steps = [last] if last else []
        turn = ordering.awaited("taker", last)
        said = {side: ordering.choices("taker", steps, side) for side in Side}
        assert any(isinstance(choice, End) for choice in (*said[Side.GIVER], *said[Side.TAKER])), last
        assert set(said[turn]) - {End.WITHDRAWN, End.DECLINED}, (last, turn)
        assert End.DELIVERED not in said[Side.TAKER]
        assert End.WITHDRAWN not in said[Side.GIVER]


def test_no_units_leave_while_a_price_is_open_and_no_side_leaves_with_the_other_bound():
    assert End.DELIVERED not in ordering.choices("taker", [Step.PRICED], Side.GIVER)
    assert End.WITHDRAWN not in ordering.choices("taker", [Step.AGREED, Step.PAID], Side.TAKER)
    assert ordering.choices("taker", [Step.RECEIVED], Side.GIVER) == (End.DELIVERED,)


@pytest.mark.parametrize(("side", "last"), list(product(Side, (None, *Step))))
def test_a_proposal_of_the_owner_has_no_steps(side, last):
    assert not set(ordering.choices("giver", [last] if last else [], side)) & set(Step)


@pytest.fixture
def order(db):
    seller, buyer = make_organization("seller"), make_organization()
    block = make_block(seller, 100)
    facts = {"giver": seller, "taker": buyer, "side": "taker", "quantity": 40, "by": make_user(), "at": AT}
    return operations.ask(block=block, key="o", price_cny=Decimal("31.50"), **facts)


def say(order, step, **over):
    return operations.declare(handover=order, step=step, by=over.pop("by", None) or order.asked_by, at=AT, **over)


def test_from_asking_to_delivery_each_step_is_dated_and_kept(order):
    say(order, "priced", price_cny=Decimal("33.00"))
    with pytest.raises(NotNow):
        operations.accept(handover=order, by=order.asked_by, at=AT)
    say(order, "agreed")
    say(order, "paid", note="回单 0417")
    with pytest.raises(NotNow):
        operations.close(handover=order, state="withdrawn", by=order.asked_by, at=AT)
    say(order, "received")
    with pytest.raises(NotNow):
        operations.close(handover=order, state="declined", by=order.asked_by, at=AT)
    operations.accept(handover=order, by=order.asked_by, at=AT)
    assert queries.disposable(order.taker, order.block) == 40
    order = Handover.objects.get()
    assert (order.state, order.price) == ("delivered", Decimal("33.00"))
    assert [step.step for step in order.steps.all()] == ["priced", "agreed", "paid", "received"]
    with pytest.raises(NotWaiting):
        say(order, "paid")


def test_said_twice_is_one_step_and_a_price_is_named_with_its_figure(order):
    with pytest.raises(PriceMissing):
        say(order, "priced")
    one = say(order, "priced", price_cny=Decimal("33.00"))
    assert say(order, "priced", price_cny=Decimal("33.00")) == one
    assert say(order, "priced", price_cny=Decimal("32.00")) != one
    assert HandoverStep.objects.count() == 2


def test_no_agreement_without_a_price(order):
    facts = {"giver": order.giver, "taker": order.taker, "side": "taker", "by": order.asked_by, "at": AT}
    free = operations.ask(block=order.block, key="p", quantity=5, **facts)
    with pytest.raises(PriceMissing):
        say(free, "agreed")
    operations.accept(handover=free, by=order.asked_by, at=AT)


def test_the_table_keeps_what_was_said(order):
    step = say(order, "agreed")
    for statement in (
        "UPDATE offsets_handoverstep SET step = 'paid'",
        "DELETE FROM offsets_handoverstep",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverStep.objects.create(handover=order, step="priced", at=AT, by=step.by)


def test_the_whole_way_through_the_pages(cast):
    block = make_block(cast.home, 100)
    facts = {"giver": cast.home, "taker": cast.elsewhere, "side": "taker", "quantity": 40, "at": AT}
    row = operations.ask(block=block, key="o", price_cny=Decimal("31.50"), by=cast.stranger, **facts)
    seller, buyer = cast.client("organizer"), cast.client("stranger")
    page = reverse("offsets:handover", kwargs={"number": row.number})

    def press(client, answer, **more):
        return client.post(page, {"answer": answer} | more).status_code

    def desks():
        """Whose word is awaited; the other side's desk shows the order as under way."""
        contexts = [client.get("/desk/").context for client in (seller, buyer)]
        assert all(row in [*each["handovers"], *each["moving"]] for each in contexts)
        return [row in each["handovers"] for each in contexts]

    assert desks() == [True, False]
    assert press(buyer, "agreed") == 403
    assert press(seller, "priced") == 422
    assert press(seller, "priced", price_cny="abc") == 422
    assert press(seller, "priced", price_cny="33") == 302
    assert desks() == [False, True]
    assert press(seller, "delivered") == 422
    assert press(buyer, "agreed") == 302
    assert press(seller, "paid") == 403
    assert press(buyer, "paid", note="回单 0417") == 302
    assert desks() == [True, False]
    shown = seller.get(page).content.decode()
    assert "回单 0417" in shown
    assert "33.00" in shown
    assert press(seller, "received") == 302
    assert press(seller, "delivered") == 302
    assert press(seller, "delivered") == 422
    assert access.sayable(Handover.objects.get()) == []
    assert queries.disposable(cast.elsewhere, block) == 40
