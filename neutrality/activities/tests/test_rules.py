from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.activities import rules, words
from neutrality.rulebook import reading, seeding
from neutrality.rulebook.rules import FamilyCode, Form, Kind, Stage

SICHUAN = reading.read(seeding.pack("cn-sc-2021"))
NATIONAL = reading.read(seeding.pack("cn-events-2019"))

WHOLE = rules.PlanFacts(
    summary="两天的会议",
    place_name="会议中心",
    region_code="510100",
    expected_people=400,
    stages=("holding",),
    mandatory_stages=("holding",),
    estimate_kg=Decimal("103150"),
    measures=1,
    offset_method="注销",
    offset_families=("local_credit",),
    ends_on=date(2026, 5, 18),
    promised_on=date(2026, 12, 31),
    disclose_on=None,
    units_deadline=date(2027, 5, 18),
    forest_deadline=date(2032, 5, 18),
    verified=True,
)


def test_a_whole_plan_has_no_gaps():
    assert rules.plan_gaps(WHOLE) == ()


@pytest.mark.parametrize(
    ("over", "gap"),
    [
        ({"summary": "  "}, "summary"),
        ({"place_name": ""}, "place"),
        ({"region_code": ""}, "place"),
        ({"expected_people": None}, "people"),
        ({"stages": ("preparation",)}, "boundary"),
        ({"estimate_kg": None}, "estimate"),
        ({"measures": 0}, "measures"),
        ({"offset_method": " "}, "offset_method"),
        ({"offset_families": ()}, "offset_families"),
        ({"promised_on": None}, "promised_on"),
        ({"promised_on": date(2026, 5, 18)}, "promised_too_early"),
        ({"promised_on": date(2027, 5, 19)}, "promised_too_late"),
        ({"disclose_on": date(2026, 5, 18)}, "disclose_too_early"),
        ({"verified": False}, "unverified"),
    ],
)
def test_each_gap(over, gap):
    assert rules.plan_gaps(replace(WHOLE, **over)) == (gap,)


def test_an_estimate_of_nothing_is_an_estimate():
    """Zero is an answer, missing is not zero; and nobody expected is a number too."""
    assert rules.plan_gaps(replace(WHOLE, estimate_kg=Decimal(0), expected_people=0)) == ()


def test_the_last_day_of_the_clock_may_be_promised():
    assert rules.plan_gaps(replace(WHOLE, promised_on=WHOLE.units_deadline)) == ()


def test_promise_faults_are_only_about_the_days():
    wrong = replace(WHOLE, summary="", promised_on=date(2027, 5, 19), disclose_on=date(2026, 5, 1))
    assert rules.promise_faults(wrong) == ("promised_too_late", "disclose_too_early")
    assert rules.promise_faults(replace(WHOLE, promised_on=None)) == ()


def test_all_gaps_at_once_in_the_order_of_the_page():
    bare = replace(
        WHOLE,
        summary="",
        place_name="",
        expected_people=None,
        stages=(),
        estimate_kg=None,
        measures=0,
        offset_method="",
        offset_families=(),
        promised_on=None,
        verified=False,
    )
    assert rules.plan_gaps(bare) == (
        "summary",
        "place",
        "people",
        "boundary",
        "estimate",
        "measures",
        "offset_method",
        "offset_families",
        "promised_on",
        "unverified",
    )


@pytest.mark.parametrize(
    ("families", "forest", "latest"),
    [
        (("local_credit",), date(2032, 5, 18), date(2027, 5, 18)),
        (("local_credit", "new_forest"), date(2032, 5, 18), date(2032, 5, 18)),
        (("new_forest",), None, date(2027, 5, 18)),
    ],
)
def test_latest_promise(families, forest, latest):
    """R1.20, R1.22: a new forest has six years; where the rulebook has no forest clock it buys no time."""
    assert rules.latest_promise(replace(WHOLE, offset_families=families, forest_deadline=forest)) == latest


ALLOWED = {
    ("draft", "edit"): "draft",
    ("draft", "commit"): "committed",
    ("draft", "amend"): None,
    ("draft", "cancel"): "cancelled",
    ("committed", "edit"): None,
    ("committed", "commit"): None,
    ("committed", "amend"): "committed",
    ("committed", "cancel"): "cancelled",
    ("cancelled", "edit"): None,
    ("cancelled", "commit"): None,
    ("cancelled", "amend"): None,
    ("cancelled", "cancel"): None,
}


def test_the_table_above_covers_every_pair():
    assert set(ALLOWED) == {(state, action) for state in rules.State for action in rules.Action}


@pytest.mark.parametrize(("pair", "expected"), ALLOWED.items())
def test_transitions(pair, expected):
    assert rules.after(*pair) == expected


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_form_and_stages(kind):
    assert rules.stages_of(rules.form_of(kind))


def test_forms():
    assert rules.form_of("annual_meeting") is Form.EVENT
    assert rules.form_of("scenic_area") is Form.OPERATION
    assert rules.stages_of("operation") == ("operation",)
    assert rules.stages_of("event") == ("preparation", "holding", "closing")


@pytest.mark.parametrize(
    ("on", "phase"),
    [(16, "preparation"), (17, "holding"), (18, "holding"), (19, "after")],
)
def test_phase(on, phase):
    assert rules.phase(date(2026, 5, 17), date(2026, 5, 18), date(2026, 5, on)) == phase


GOOD = {
    "form": "event",
    "starts_on": date(2026, 5, 17),
    "ends_on": date(2026, 5, 18),
    "stages": ("holding",),
    "families": (),
    "pack": SICHUAN,
}
YEAR = {
    **GOOD,
    "form": "operation",
    "starts_on": date(2025, 1, 1),
    "ends_on": date(2025, 12, 31),
    "stages": ("operation",),
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (GOOD, ()),
        (YEAR, ()),
        ({**GOOD, "ends_on": date(2026, 5, 17)}, ()),
        ({**GOOD, "ends_on": date(2026, 5, 16)}, ("ends_before_start",)),
        ({**GOOD, "ends_on": date(2027, 5, 17)}, ()),
        ({**GOOD, "ends_on": date(2027, 5, 18)}, ("event_too_long",)),
        ({**YEAR, "ends_on": date(2025, 12, 30)}, ("not_whole_months",)),
        ({**YEAR, "starts_on": date(2025, 1, 2)}, ("not_whole_months",)),
        ({**YEAR, "ends_on": date(2026, 12, 31)}, ()),
        ({**YEAR, "ends_on": date(2027, 1, 31)}, ("period_too_long",)),
        ({**GOOD, "stages": ("operation",)}, ("unknown_stage", "mandatory_stage")),
        ({**GOOD, "stages": ()}, ("mandatory_stage",)),
        ({**GOOD, "families": ("moon_dust",)}, ("unknown_family",)),
        ({**GOOD, "families": tuple(FamilyCode)}, ()),
        ({**YEAR, "pack": NATIONAL}, ("other_form",)),
        ({**YEAR, "starts_on": date(2026, 1, 1)}, ("ends_before_start",)),
    ],
)
def test_faults(facts, expected):
    assert rules.faults(**facts) == expected


def test_months():
    assert rules.months(date(2025, 11, 1), date(2026, 2, 28)) == (
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    )
    assert rules.last_day(date(2028, 2, 10)) == date(2028, 2, 29)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(1, 24))
def test_whole_months_hold_for_every_period(start, count):
    first = start.replace(day=1)
    end = first
    for _ in range(count):
        last = rules.last_day(end)
        end = date.fromordinal(last.toordinal() + 1)
    assert rules.whole_months(first, last)
    assert len(rules.months(first, last)) == count


def test_after_the_end_only_words_change():
    assert "ends_on" in rules.amendable(rules.Phase.HOLDING)
    assert not {"starts_on", "ends_on", "promised_on", "disclose_on"} & set(rules.amendable(rules.Phase.AFTER))


def test_reduction_keeps_the_unknown_apart():
    effects = (
        rules.Effect("planned", Decimal(100), None, Decimal(10)),
        rules.Effect("done", Decimal(50), Decimal(40), None),
        rules.Effect("done", None, None, Decimal(5)),
        rules.Effect("done", Decimal(20), Decimal(20), Decimal(0)),
        rules.Effect("dropped", Decimal(30), Decimal(7), Decimal(99)),
    )
    assert rules.reduction(effects) == rules.Reduction(
        measures=5,
        planned_kg=Decimal(200),
        planned_unknown=1,
        done=3,
        achieved_kg=Decimal(60),
        achieved_unknown=1,
        dropped=1,
        waiting=1,
        cost_cny=Decimal(15),
        cost_unknown=1,
    )
    assert rules.reduction(()).planned_kg == 0


def effect(planned, cost, achieved=None, state="planned"):
    numbers = (planned, achieved, cost)
    return rules.Effect(state, *(None if number is None else Decimal(number) for number in numbers))


def test_cost_curve_is_cheapest_first_and_adds_up():
    """Steps at 0, 100 and 500 yuan a tonne; unknown cost, unknown or no effect and dropped measures stay out."""
    effects = [
        (1, effect(2000, 1000)),
        (2, effect(1000, 100)),
        (3, effect(500, 0)),
        (4, effect(None, 70)),
        (5, effect(800, None)),
        (6, effect(0, 50)),
        (7, effect(900, 9, state="dropped")),
    ]
    steps = rules.cost_curve(effects)
    assert [(step.number, step.cost_per_t, step.together_kg) for step in steps] == [
        (3, Decimal("0.00"), 500),
        (2, Decimal("100.00"), 1500),
        (1, Decimal("500.00"), 3500),
    ]


def test_what_was_achieved_counts_before_what_was_planned():
    (step,) = rules.cost_curve([(1, effect(2000, 100, achieved=500, state="done"))])
    assert (step.cost_per_t, step.spared_kg) == (Decimal("200.00"), 500)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=12))
def test_the_curve_never_falls_and_loses_nothing(pairs):
    effects = [(number, effect(kg, cost)) for number, (kg, cost) in enumerate(pairs)]
    steps = rules.cost_curve(effects)
    assert [step.cost_per_t for step in steps] == sorted(step.cost_per_t for step in steps)
    assert (steps[-1].together_kg if steps else 0) == sum(kg for kg, _cost in pairs)


def test_every_code_has_words():
    assert set(words.STAGE) == set(Stage)
    assert dict(words.choices(words.LEVEL))["city"] == words.LEVEL[rules.Level.CITY]
