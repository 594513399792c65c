"""The fast reading of lines says what the rows themselves say, drafts and frozen ones alike."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, rules
from neutrality.inventory.tests.factories import AT, load_library, make_draft, make_evidence, make_lines
from neutrality.inventory.tests.library import library

pytestmark = pytest.mark.django_db
CODES = ("cpcd.textile.nonwoven.kg", "cpcd.tableware.pp_lunchbox.unit", "cpcd.paper.offset.kg")


@pytest.fixture
def draft():
    load_library()
    activity = make_activity()
    digest = make_evidence(activity, activity.created_by)
    counted, *absent = [line for line in make_lines(activity, evidence_digest=digest) if line.source != "goods"]
    known = [
        replace(
            counted,
            key=f"{place:036d}",
            position=50 + place,
            source="goods",
            factor=library()[CODES[place % 3]],
            unit=library()[CODES[place % 3]].unit,
            quantity=D(place) / 8,
            evidence="",
            spread_percent=D("12.5") if place % 4 == 0 else None,
            uses=3 if place % 5 == 0 else None,
            uses_basis="合同" if place % 5 == 0 else "",
        )
        for place in range(1, 30)
    ]
    return make_draft(activity, "actual", lines=[counted, *absent, *known])


def test_lines_of_a_draft_and_of_a_frozen_inventory(draft, django_assert_num_queries):
    with django_assert_num_queries(2):
        facts = queries.facts(draft)
    assert facts == tuple(row.facts for row in queries.lines(draft))
    before = queries.sheet(draft)
    done = operations.submit(inventory=draft, by=draft.created_by, at=AT)
    rows = queries.lines(done)
    frozen = queries.sheet(done)
    assert frozen.lines == tuple(row.facts for row in rows)
    assert [(r.line.key, r.kg, r.scope, r.memo, r.ratio) for r in frozen.results] == [
        (row.key, row.result.kg, row.result.scope, row.result.memo, row.result.counted)
        for row in rows
        if hasattr(row, "result")
    ]
    assert (frozen.total_kg, frozen.by_stage) == (before.total_kg, before.by_stage)
    assert [r.spread.low.quantize(D("0.0001")) for r in before.results] == [r.spread.low for r in frozen.results]


def test_rows_of_the_first_days_have_no_ratio_and_count_as_their_units_say():
    assert queries._ratio("", "t", "kg") == 1000
    assert queries._ratio("1/4", "passenger_km", "km") == rules.portion.of(
        rules.Line("a", 1, "goods", "", sharing=D(4))
    )
