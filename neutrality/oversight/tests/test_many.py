"""Several at the same moment: one case, one decision, whatever the order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Membership
from neutrality.disclosure.tests.factories import make_statement
from neutrality.oversight import operations
from neutrality.oversight.models import Case, Step, Voice
from neutrality.oversight.operations import challenges
from neutrality.oversight.rules import Act
from neutrality.oversight.tests.factories import at, decide, make_calendar, make_case, make_officer, prepare, recommend
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def together(act):
    """`act(number)` in MANY threads starting at once; returns what each returned or was refused with."""
    start = Barrier(MANY)

    def one(number):
        try:
            start.wait()
            return act(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_first_voices_about_one_figure_meet_in_one_case():
    statement = make_statement()
    moment = at(10, month=9)

    def say(number):
        said = operations.Said("total", f"理由 {number}")
        return operations.challenge(statement=statement, said=said, network=str(number), by=None, at=moment)

    assert len(set(together(say))) == 1
    case = Case.objects.get()
    assert (Voice.objects.count(), case.steps.filter(act=Act.JOIN).count()) == (MANY, MANY - 1)


def test_who_looked_a_moment_too_early_meets_the_first_all_the_same(monkeypatch):
    """The other opens the case after the look and before the act: the number was taken before the look."""
    statement, look, first = make_statement(), challenges.open_case, []

    def say(number):
        said = operations.Said("total", f"理由 {number}")
        return operations.challenge(statement=statement, said=said, network=str(number), by=None, at=at(10, month=9))

    def too_early(*_asked):
        monkeypatch.setattr(challenges, "open_case", look)
        first.append(say(0))

    monkeypatch.setattr(challenges, "open_case", too_early)
    assert [say(1)] == first
    assert Case.objects.get().steps.filter(act=Act.JOIN).count() == 1


def test_limit_of_a_network_holds_in_parallel():
    statement = make_statement()
    for number in range(3):
        said = operations.Said("total", f"早先 {number}")
        operations.challenge(statement=statement, said=said, network="n", by=None, at=at(10, month=9))

    def say(number):
        said = operations.Said("total", f"理由 {number}")
        return operations.challenge(statement=statement, said=said, network="n", by=None, at=at(10, month=9))

    refused = [answer for answer in together(say) if isinstance(answer, operations.TooMany)]
    assert (len(refused), Voice.objects.count()) == (MANY - 2, 5)


def test_one_decision_whoever_is_first():
    make_calendar()
    first = make_officer()
    body = Membership.objects.get(user=first).organization
    deciders = [make_officer(body) for _ in range(MANY)]
    case = prepare(make_case(), first)
    recommend(case, first)
    answers = together(lambda number: decide(case, deciders[number]))
    assert sum(isinstance(answer, Step) for answer in answers) == 1
    assert case.steps.filter(act=Act.DECIDE).count() == 1
