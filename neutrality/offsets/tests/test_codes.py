"""A drawn code that is taken: drawn again inside the same transaction, at no cost where none is taken."""

from itertools import chain, count
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import make_organization, make_user
from neutrality import codes
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import operations as ledger
from neutrality.offsets import operations, places
from neutrality.offsets.models import Handover, Project, Retirement
from neutrality.offsets.models.holdings import Side
from neutrality.offsets.operations import describing
from neutrality.offsets.tests.factories import AT, ON, make_block, make_kind, make_retirement

pytestmark = pytest.mark.django_db


def draw(monkeypatch, *numbers):
    """From now on these numbers are drawn, one after the other."""
    drawn = iter(numbers)
    monkeypatch.setattr(codes, "secrets", SimpleNamespace(randbelow=lambda _most: next(drawn)))


@pytest.fixture
def common():
    giver, taker = make_organization(), make_organization()
    facts = {"block": make_block(giver), "giver": giver, "taker": taker, "asked_side": Side.GIVER, "quantity": 1}
    return facts | {"asked_at": AT, "asked_by": make_user()}


def ask(common, **over):
    return Handover.objects.create(**common | {"key": uuid4().hex} | over)


def test_a_taken_code_is_drawn_again(common, monkeypatch, django_assert_num_queries):
    draw(monkeypatch, 7, 7, 8)
    with django_assert_num_queries(1):
        first = ask(common)
    with django_assert_num_queries(3):  # the INSERT, one look whose fault it is, the INSERT
        second = ask(common)
    assert (first.number, second.number) == ("9222-2222", "B222-2222")
    assert Handover.objects.get(pk=second.pk).number == second.number


def test_without_the_second_draw_it_is_an_error(common, monkeypatch):
    """Control: what Django's own step does with the same draws."""
    monkeypatch.setattr(codes.Coded, "_do_insert", models.Model._do_insert)
    draw(monkeypatch, 7, 7, 8)
    ask(common)
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        ask(common)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(0, 5), max_size=16))
def test_whatever_is_drawn_every_row_has_a_code_of_its_own(common, monkeypatch, numbers):
    """Among as many draws as there are tries one is new."""
    fresh, few = count(1000), codes.TRIES - 1
    often = chain.from_iterable((*numbers[at : at + few], next(fresh)) for at in range(0, 99, few))
    draw(monkeypatch, *often)
    with transaction.atomic():
        made = [ask(common) for _ in range(5)]
        assert len({row.number for row in made}) == len({row.pk for row in made}) == 5
        transaction.set_rollback(True)


def test_what_else_stands_in_the_way_is_said(common, monkeypatch):
    """Another unique column, and a code that was given, not drawn."""
    known = ask(common)
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        ask(common, key=known.key)
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        ask(common, number=str(known.number))
    draw(monkeypatch, *[7] * 20)
    ask(common)
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():  # the generator is broken
        ask(common)


def test_a_retirement_too(monkeypatch):
    """It is written by a statement of its own."""
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 10)
    draw(monkeypatch, 7, 7, 8)
    first = make_retirement(activity, 1, block=block)
    second = make_retirement(activity, 1, block=block)
    assert (first.number, second.number) == ("9222-2222", "B222-2222")
    copy = {field.attname: getattr(second, field.attname) for field in Retirement._meta.concrete_fields}
    draw(monkeypatch, 9)
    with pytest.raises(IntegrityError), transaction.atomic():  # the transfer is taken, not the code
        Retirement.insert([Retirement(**copy | {"id": None, "number": codes.new_code()})])


def test_of_many_rows_only_those_whose_code_is_taken_get_another(monkeypatch):
    """A retirement over a gap is two rows, written by one statement."""
    activity, other = make_activity(state="committed"), make_organization()
    block = make_block(activity.organization, 10)
    draw(monkeypatch, 7)
    make_retirement(activity, 1, block=block)
    gap = {"span": (block.first + 3, block.first + 4), "source": places.held(block.owner), "target": places.held(other)}
    ledger.post(key="gap", reason="handover", event_on=ON, by=None, at=AT, **gap)
    draw(monkeypatch, 7, 7, 8, 8, 9)  # both rows draw a taken code, then both the same
    facts = {"quantity": 4, "key": "two runs", "reason": "nearby", "by": make_user(), "at": AT}
    runs = operations.retire(activity=activity, block=block, **facts)
    assert [(row.number, row.quantity) for row in runs] == [("B222-2222", 2), ("C222-2222", 2)]
    assert [row.pk for row in Retirement.objects.filter(act="two runs").order_by("span")] == [row.pk for row in runs]


def test_projects_of_one_long_name_are_told_apart(monkeypatch):
    registry = make_kind("vcu").registry
    known = Project.objects.create(registry=registry, identifier="0", code="vcs-a-2222", name_en="x")
    draw(monkeypatch, 0, 1, 1, 2, 3, 4)
    made = [Project(registry=registry, identifier=text, code="vcs-a") for text in "123"]
    describing._tell_apart(made, {"vcs-a"})
    assert len({known.code, "vcs-a", *(project.code for project in made)}) == 5
