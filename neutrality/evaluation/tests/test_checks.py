"""The automatic checks ask about what is odd and are silent about what known events reported."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from neutrality.evaluation import checks
from neutrality.evaluation.checks import Code, LineFact

LINES = (
    LineFact(1, "electricity", "measured", Decimal("1876.8000"), "e"),
    LineFact(2, "participant_travel", "estimated", Decimal("51000"), "t"),
    LineFact(3, "catering", "measured", Decimal("3042.9000")),
    LineFact(4, "lodging", "measured", Decimal("16050"), "h"),
)
PLAIN = checks.Facts(
    on=date(2026, 6, 1),
    is_event=True,
    days=2,
    people=500,
    total_kg=Decimal("71969.7000"),
    estimate_kg=Decimal("70000"),
    required=frozenset({"electricity", "catering"}),
    lines=LINES,
    measures=2,
    measures_reported=2,
    units_deadline=date(2027, 5, 18),
    units=0,
    obligation=72,
)


def codes(**change):
    return [found.code for found in checks.judge(replace(PLAIN, **change))]


def test_plain_conference_raises_nothing():
    assert codes() == []


def line(**change):
    return (*LINES[:2], replace(LINES[2], **change), LINES[3])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"required": frozenset({"water"})}, Code.SOURCE_MISSING),
        ({"people": None}, Code.NO_PEOPLE),
        ({"total_kg": Decimal("140.5"), "estimate_kg": None, "lines": ()}, Code.HEAD_LOW),
        ({"total_kg": Decimal(1600000), "estimate_kg": None}, Code.HEAD_HIGH),
        ({"lines": line(kg=Decimal(127 * 500))}, Code.SOURCE_HIGH),
        ({"lines": line(kg=Decimal("0.5"))}, Code.SOURCE_LOW),
        ({"lines": line(evidence="e")}, Code.EVIDENCE_REUSED),
        ({"lines": line(own_factor=True)}, Code.OWN_FACTOR),
        ({"estimate_kg": Decimal(30000)}, Code.FAR_FROM_ESTIMATE),
        ({"measures": 0, "measures_reported": 0}, Code.NO_MEASURES),
        ({"measures_reported": 1}, Code.MEASURES_OPEN),
        ({"on": date(2027, 5, 19)}, Code.UNITS_OVERDUE),
    ],
)
def test_each_oddity_is_asked_about(change, expected):
    change = {"required": frozenset(), **change}
    assert expected in codes(**change)


def test_two_hundred_eighty_one_grams_a_runner_is_caught():
    assert Code.HEAD_LOW in codes(people=26000, total_kg=Decimal("7306"), lines=(), required=frozenset())


def test_last_day_of_the_term_is_not_late():
    assert codes(on=date(2027, 5, 18)) == []


def test_heavy_line_without_evidence_is_asked_about():
    bare = (*LINES[:1], replace(LINES[1], evidence=""), *LINES[2:])
    assert codes(lines=bare) == [Code.NO_EVIDENCE]


def test_order_of_lines_does_not_change_the_findings():
    odd = replace(PLAIN, lines=line(kg=Decimal(0)), measures=0)
    turned = replace(odd, lines=odd.lines[::-1])
    assert checks.judge(odd) == checks.judge(turned)
