"""The past stays readable as it was: every day reads again what could be said when it ended (F4, F19)."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.disclosure import operations, queries, rules
from neutrality.disclosure.queries import past
from neutrality.disclosure.tests.factories import AFTER, make_statement, publish
from neutrality.evaluation import operations as evaluations
from neutrality.evaluation.models import SelfCommitment
from neutrality.evaluation.tests.factories import EVERYTHING
from neutrality.inventory import operations as filing
from neutrality.inventory import queries as inventories
from neutrality.inventory.tests.factories import make_lines
from neutrality.ledger import operations as ledger
from neutrality.offsets.models import Block
from neutrality.offsets.tests.factories import make_block, make_retirement, make_void
from neutrality.refusals import Refusal
from neutrality.rulebook.rules import ClaimCode

pytestmark = pytest.mark.django_db
FIRST = date(2026, 9, 3)


def noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def said(statement, day):
    return rules.claim(queries.then(statement.activity, day))


def void(statement, units, day):
    block = Block.objects.filter(retirements__activity=statement.activity, void_notices__isnull=True).first()
    if block is not None:
        make_void(block, min(units, block.quantity), found_on=day, at=noon(day))


def replace(statement, units, day):
    block = make_block(statement.activity.organization, units, at=noon(day))
    make_retirement(statement.activity, units, block=block, at=noon(day))


def withdraw(statement, _units, day):
    newest = queries.newest_statement(statement.activity)
    operations.withdraw(statement=newest, reason="数据有误", by=statement.published_by, at=noon(day))


def review(statement, units, day):
    facts = {"activity": statement.activity, "basis": f"C-{units}", "by": statement.published_by, "at": noon(day)}
    operations.open_review(reason="异议", **facts)


def end_review(statement, units, day):
    facts = {"activity": statement.activity, "basis": f"C-{units}", "by": statement.published_by, "at": noon(day)}
    operations.end_review(**facts)


def take_back(statement, _units, day):
    for row in SelfCommitment.objects.filter(activity=statement.activity, withdrawn_at__isnull=True):
        evaluations.take_back(commitment=row, reason="重新核对", by=statement.published_by, at=noon(day))


def commit(statement, _units, day):
    if not SelfCommitment.objects.filter(activity=statement.activity, withdrawn_at__isnull=True).exists():
        inventory = inventories.current(statement.activity, "actual")
        facts = {"activity": statement.activity, "digest": inventory.digest, "affirmed": EVERYTHING}
        evaluations.commit(**facts, signatory="李青", by=statement.published_by, at=noon(day))


def correct(statement, units, day):
    old = inventories.current(statement.activity, "actual")
    facts = {"by": statement.published_by, "at": noon(day)}
    draft = filing.correct(inventory=old, reason="漏计一行", **facts)
    lines = make_lines(statement.activity, kg=f"{units}001", evidence_digest=old.lines.get(position=1).evidence.digest)
    saved = filing.save_draft(inventory=draft, lines=lines, edition=draft.edition, **facts)
    filing.submit(inventory=saved, **facts)


def publish_again(statement, units, day):
    publish(statement.activity, correction=f"第 {units} 次", note=uuid4().hex, at=noon(day))


ACTS = {
    each.__name__: each
    for each in (void, replace, withdraw, review, end_review, take_back, commit, correct, publish_again)
}
steps = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(1, 12)), min_size=2, max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_every_day_reads_again_what_was_read_on_it(steps):
    """What was read in the evening of each day, whatever happened later."""
    with ledger.together():
        statement, evenings = make_statement(), {}
        evenings[FIRST] = queries.live(statement.activity, FIRST)
        for number, (name, units) in enumerate(steps, 1):
            day = FIRST + timedelta(days=number)
            with suppress(Refusal):  # what cannot be done on that day is not done
                ACTS[name](statement, units, day)
            evenings[day] = queries.live(statement.activity, day)
        assert {day: queries.then(statement.activity, day) for day in evenings} == evenings
        ledger.transaction.set_rollback(True)


def test_void_and_replaced_and_each_day_says_its_own():
    statement = make_statement()
    days = [FIRST + timedelta(days=number) for number in range(4)]
    void(statement, 10, days[1])
    replace(statement, 4, days[2])
    replace(statement, 6, days[3])
    found = [said(statement, day) for day in days]
    assert [one.code for one in found] == [
        ClaimCode.NEUTRAL_SELF_DECLARED,
        ClaimCode.UNDER_REVIEW,
        ClaimCode.UNDER_REVIEW,
        ClaimCode.NEUTRAL_SELF_DECLARED,
    ]
    assert [one.short for one in found] == [None, 10, 6, None]


def test_a_day_ends_at_midnight_of_the_portals_own_time():
    assert past.end_of(date(2026, 9, 3)) == datetime(2026, 9, 3, 16, tzinfo=UTC)
    statement = make_statement()
    last = datetime(2026, 9, 4, 15, 59, 59, tzinfo=UTC)
    make_void(statement.activity.retirements.get().block, 4, at=last)
    assert [said(statement, FIRST + timedelta(days=more)).short for more in (0, 1)] == [None, 4]


def test_the_control_a_reading_without_its_day_leaks_what_came_later(monkeypatch):
    statement = make_statement()
    void(statement, 10, FIRST + timedelta(days=1))
    monkeypatch.setattr(past, "end_of", lambda day: AFTER + timedelta(days=9))
    assert said(statement, FIRST).code is ClaimCode.UNDER_REVIEW


def test_the_page_reads_both_days_and_refuses_others(client):
    statement = make_statement()
    void(statement, 10, FIRST + timedelta(days=1))
    address = reverse("disclosure:then", args=[statement.number])
    english = {"headers": {"accept-language": "en"}}
    for day, words in (("", "achieved, self-declared"), ("2026-09-04", "short by 10 t")):
        answer = client.get(address, {"on": day}, **english)
        then, _today, now = answer.content.decode().partition("Today</h2>")
        assert (answer.status_code, words in then, "short by 10 t" in now) == (200, True, True)
    for day in ("2026-09-02", "2999-01-01", "yesterday"):
        answer = client.get(address, {"on": day}, **english)
        assert (answer.status_code, "claim-line" in answer.content.decode()) == (422, False)
    assert client.get(reverse("disclosure:then", args=["S-2222-2222"])).status_code == 404
    assert address in client.get(reverse("disclosure:statement", args=[statement.number])).content.decode()
