"""Terms by the published vectors, the score as a pure function, what may be proposed."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from neutrality.standing import rules
from neutrality.standing.rules import ActivityFact, Class, Evidence, Facts, List, Reason, Violation
from neutrality.standing.tests.policies import POLICY

DAY = date(2026, 5, 10)


def test_tv10_general_entry():
    term = rules.term(Class.GENERAL, DAY)
    assert (term.minimum_until, term.repair_from, term.last_on) == (
        date(2026, 8, 10),
        date(2026, 8, 11),
        date(2027, 5, 10),
    )
    assert rules.shown(term, None, date(2027, 5, 10))
    assert not rules.shown(term, None, date(2027, 5, 11))


def test_tv11_serious_entry():
    term = rules.term(Class.SERIOUS, DAY)
    assert (term.repair_from, term.last_on) == (date(2027, 5, 11), date(2029, 5, 10))


def test_tv12_minor_entry():
    assert not rules.shown(rules.term(Class.MINOR, DAY), None, DAY)
    term = rules.term(Class.MINOR, DAY, publish_minor=True)
    assert (term.last_on, term.repair_from) == (date(2026, 8, 10), DAY)
    assert rules.shown(term, None, DAY)


def test_entry_vanishes_on_the_day_it_is_repaired():
    term = rules.term(Class.GENERAL, DAY)
    ended = date(2026, 9, 1)
    assert rules.shown(term, ended, ended - timedelta(days=1))
    assert not rules.shown(term, ended, ended)


PROOF = tuple(
    Evidence(kind, f"{kind}-1", digit * 64)
    for kind, digit in (("plan", "a"), ("inventory", "b"), ("statement", "c"), ("retirement", "d"), ("evaluation", "e"))
)
GOOD = ActivityFact(
    code="B7K2-M9QX",
    ended_on=date(2026, 3, 1),
    plan_on=date(2026, 1, 1),
    promised=True,
    inventory_on=date(2026, 3, 20),
    statement_on=date(2026, 4, 1),
    units_deadline=date(2027, 3, 1),
    obligation=104,
    units=104,
    measures=2,
    measures_reported=2,
    achieved=True,
    confirmation="independent",
    evidence=PROOF,
)
FACTS = Facts("91510100MA60000320", date(2026, 6, 1), (GOOD,))


def points(**change):
    return rules.score(replace(FACTS, activities=(replace(GOOD, **change),)), POLICY).total


def test_perfect_record_is_a_hundred():
    assert points() == Decimal("100.00")


@pytest.mark.parametrize(
    ("change", "criterion", "lost"),
    [
        ({"measures_reported": 1}, "reduction", Decimal("0.5")),
        ({"measures": 0, "measures_reported": 0}, "reduction", Decimal(1)),
        ({"units": 52}, "units", Decimal("0.5")),
        ({"statement_on": None}, "statement", Decimal(1)),
        ({"plan_on": date(2026, 3, 2)}, "timely", Decimal(1)),
        ({"confirmation": "self"}, "confirmed", Decimal("0.5")),
        ({"confirmation": "none"}, "confirmed", Decimal(1)),
    ],
)
def test_one_failing_costs_its_stated_weight_and_no_more(change, criterion, lost):
    weight = next(w.points for w in POLICY.weights if w.criterion == criterion)
    late = POLICY.weights[4].points if change.get("statement_on", GOOD) is None else 0
    assert points(**change) == 100 - weight * lost - late


def test_nothing_ended_scores_nothing_not_zero():
    assert rules.score(replace(FACTS, activities=()), POLICY) is None
    assert rules.score(replace(FACTS, on=GOOD.ended_on), POLICY) is None


def test_window_is_the_policys():
    old = replace(FACTS, on=date(2028, 3, 1))
    assert rules.score(replace(old, on=date(2028, 2, 29)), POLICY) is not None
    assert rules.score(old, POLICY) is None


def test_shuffled_facts_give_equal_scores():
    others = [replace(GOOD, code=code, units=n) for code, n in (("B", 1), ("C", 50), ("D", 104))]
    found = {rules.score(replace(FACTS, activities=order), POLICY) for order in itertools.permutations(others)}
    assert len(found) == 1


def test_lines_add_up_to_what_is_printed():
    thirds = tuple(replace(GOOD, code=str(n), units=1, obligation=3) for n in range(3))
    score = rules.score(replace(FACTS, activities=thirds), POLICY)
    assert score.total == sum(line.points for line in score.lines)
    assert {part.reason for line in score.lines for part in line.parts} == {Reason.MET, Reason.SHORT}


def proposed(facts):
    return rules.proposals(facts, rules.score(facts, POLICY), POLICY)


def test_flawless_record_proposes_green_once_a_year():
    (found,) = proposed(FACTS)
    assert (found.list, found.key) == (List.GREEN, "green:91510100MA60000320:2026")


@pytest.mark.parametrize(
    "change", [{"open_cases": ("C-1",)}, {"violations": ("V6",)}, {"upheld": ("C-2",)}, {"activities": ()}]
)
def test_green_needs_a_clean_record(change):
    assert proposed(replace(FACTS, **change)) == ()


@pytest.mark.parametrize("change", [{"achieved": False}, {"evidence": ()}])
def test_green_needs_every_activity_achieved_and_proved(change):
    assert proposed(replace(FACTS, activities=(replace(GOOD, **change),))) == ()


LATE = replace(FACTS, on=date(2027, 3, 2))


def test_deadline_passed_short_with_a_statement_standing_proposes_v6():
    (found,) = proposed(replace(LATE, activities=(replace(GOOD, units=60, achieved=False),)))
    assert (found.list, found.violation, found.grade) == (List.BLACK, Violation.V6, Class.GENERAL)
    assert all(e.digest for e in found.evidence)


def test_promised_and_never_accounted_proposes_v7():
    silent = replace(GOOD, inventory_on=None, statement_on=None, obligation=None, units=0, achieved=False)
    (found,) = proposed(replace(LATE, activities=(silent,)))
    assert (found.violation, found.grade) == (Violation.V7, Class.MINOR)


@pytest.mark.parametrize("change", [{"promised": False}, {"evidence": ()}, {"evidence": (Evidence("plan", "P-1"),)}])
def test_low_score_without_promise_or_document_proposes_nothing(change):
    bad = replace(GOOD, units=0, measures_reported=0, confirmation="none", achieved=False, **change)
    facts = replace(LATE, activities=(bad,))
    assert rules.score(facts, POLICY).total < 50
    assert proposed(facts) == ()
