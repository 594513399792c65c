"""The sweeper of cases: exactly once, though it runs twice, late, or out of order (V11, V46)."""

import pytest

from accounts.models import Membership
from neutrality.disclosure import queries as disclosures
from neutrality.disclosure.tests.factories import make_settled, publish
from neutrality.offsets.models import Retirement
from neutrality.offsets.tests.factories import make_block, make_retirement, make_void
from neutrality.oversight import operations
from neutrality.oversight.models import Case, Step
from neutrality.oversight.rules import Act, Kind, Outcome
from neutrality.oversight.tasks import follow_due
from neutrality.oversight.tests.factories import at, make_officer

pytestmark = pytest.mark.django_db
ON = at(10, month=9)


@pytest.fixture
def statement():
    return publish(make_settled())


def said(statement):
    return disclosures.claim(statement.activity, ON.date()).code


def test_void_units_open_one_case_and_replacement_closes_it(statement):
    retirement = Retirement.objects.get()
    make_void(retirement.block, 60)
    assert said(statement) == "under_review"  # the claim needs nobody to be told
    assert [follow_due() for _ in range(3)] == [1, 0, 0]
    case = Case.objects.get()
    assert (case.kind, case.subject, case.content["units"]) == (Kind.INVALIDATION, statement.activity.organization, 60)
    make_retirement(statement.activity, 60)
    assert [follow_due() for _ in range(3)] == [1, 0, 0]
    assert case.steps.last().act == Act.RESTORE


def test_second_notice_is_a_second_case(statement):
    block = Retirement.objects.get().block
    make_void(block, 10)
    follow_due()
    make_void(block, 5, serial_first=block.serial_first + 20, serial_last=block.serial_first + 24)
    assert follow_due() == 1
    assert sorted(Case.objects.values_list("content__units", flat=True)) == [5, 10]


def test_units_nobody_used_open_no_case(statement):
    make_void(make_block(quantity=50), 5)
    assert follow_due() == 0


def close(statement, outcome):
    first = make_officer()
    second = make_officer(Membership.objects.get(user=first).organization)
    voice = operations.Said("total", "电表读数不对")
    case = operations.challenge(statement=statement, said=voice, network="n", by=None, at=ON)
    assert said(statement) == "neutral_self_declared"  # a complaint changes no word
    operations.advance(case=case, act=Act.TAKE, by=first, at=ON)
    operations.propose(case=case, outcome=outcome, text="", public_text="少计一台发电机", by=first, at=ON)
    assert said(statement) == "neutral_self_declared"
    operations.confirm(case=case, by=second, at=ON)
    return case


def test_justified_doubt_puts_the_claim_under_review_until_it_is_corrected(statement):
    close(statement, Outcome.UPHELD)
    assert said(statement) == "under_review"
    assert follow_due() == 0
    publish(statement.activity, at=at(11, month=9), correction="补计一台发电机", note="更正")
    assert [follow_due(), follow_due()] == [1, 0]
    assert said(statement) != "under_review"


def test_unfounded_doubt_changes_nothing(statement):
    close(statement, Outcome.UNFOUNDED)
    assert said(statement) == "neutral_self_declared"


def test_sweeper_takes_no_decision(statement):
    make_void(Retirement.objects.get().block, 60)
    follow_due()
    assert not Step.objects.filter(act__in=["decide", "confirm", "uphold", "reverse"]).exists()
