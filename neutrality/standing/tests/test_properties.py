"""Properties of the pure rules over the whole space of facts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.standing import rules
from neutrality.standing.rules import ActivityFact, Class, Facts, List
from neutrality.standing.tests.policies import POLICY
from neutrality.standing.tests.test_rules import PROOF

ON = date(2026, 11, 21)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
days = st.dates(date(2024, 12, 1), date(2026, 12, 31))
maybe = st.none() | days


@st.composite
def activities(draw):
    measures = draw(st.integers(0, 5))
    return ActivityFact(
        code=draw(st.text("BCDF", min_size=1, max_size=6)),
        ended_on=draw(days),
        plan_on=draw(maybe),
        promised=draw(st.booleans()),
        inventory_on=draw(maybe),
        statement_on=draw(maybe),
        units_deadline=draw(days),
        obligation=draw(st.none() | st.integers(0, 500)),
        units=draw(st.integers(0, 500)),
        measures=measures,
        measures_reported=draw(st.integers(0, measures)),
        achieved=draw(st.booleans()),
        confirmation=draw(st.sampled_from(["none", "self", "independent"])),
        evidence=draw(st.sampled_from([(), PROOF[:1], PROOF])),
    )


facts = st.builds(
    Facts,
    organization=st.just("91510100MA60000320"),
    on=st.just(ON),
    activities=st.lists(activities(), max_size=5, unique_by=lambda a: a.code).map(tuple),
    violations=st.sampled_from([(), ("V6",)]),
    open_cases=st.sampled_from([(), ("C-1",)]),
)


@CALM
@given(facts)
def test_score_is_a_function_of_the_set_of_facts(found):
    turned = replace(found, activities=found.activities[::-1])
    assert rules.score(found, POLICY) == rules.score(turned, POLICY)


@CALM
@given(facts)
def test_score_stays_in_its_range_and_adds_up(found):
    score = rules.score(found, POLICY)
    if score is None:
        assert rules.counted(found, POLICY) == ()
        return
    assert 0 <= score.total <= 100
    assert score.total == sum(line.points for line in score.lines)
    assert all(Decimal(0) <= line.points <= line.of for line in score.lines)


@CALM
@given(facts, st.sampled_from(["units", "measures_reported"]))
def test_doing_better_never_costs_points(found, name):
    best = {"units": lambda a: 10**6, "measures_reported": lambda a: a.measures}[name]
    better = tuple(replace(a, **{name: best(a)}) for a in found.activities)
    before, after = rules.score(found, POLICY), rules.score(replace(found, activities=better), POLICY)
    assert (before is None) == (after is None)
    assert before is None or after.total >= before.total


@CALM
@given(facts)
def test_nothing_black_is_proposed_without_promise_and_document(found):
    for proposal in rules.proposals(found, rules.score(found, POLICY), POLICY):
        assert all(evidence.digest for evidence in proposal.evidence)
        assert proposal.evidence
        if proposal.list is List.BLACK:
            activity = next(a for a in found.activities if a.code == proposal.activity)
            assert activity.promised


@CALM
@given(facts)
def test_nobody_with_a_violation_or_an_open_case_is_proposed_green(found):
    if found.violations or found.open_cases:
        proposals = rules.proposals(found, rules.score(found, POLICY), POLICY)
        assert all(proposal.list is List.BLACK for proposal in proposals)


@CALM
@given(st.sampled_from(Class), st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(-40, 1200), maybe)
def test_entry_is_shown_inside_its_term_and_nowhere_else(grade, found_on, shift, ended):
    term = rules.term(grade, found_on, publish_minor=True)
    day = found_on + timedelta(days=shift)
    shown = rules.shown(term, ended, day)
    assert shown == (found_on <= day <= term.last_on and (ended is None or day < ended))
    assert term.repair_from <= term.last_on
