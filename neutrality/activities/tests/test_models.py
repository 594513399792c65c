from datetime import date

import pytest
from django.db import IntegrityError, transaction

from neutrality.activities.tests.factories import AT, make_activity, make_measure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "over",
    [
        {"form": "party"},
        {"kind": "wedding", "form": "event"},
        {"level": "galactic"},
        {"state": "published"},
        {"ends_on": date(2026, 5, 16)},
        {"region_code": "5101"},
        {"state": "committed", "committed_at": None, "committed_by": None},
        {"committed_at": AT},
        {"cancelled_at": AT},
        {"committed_at": AT, "both": "committed_by"},
        {"cancelled_at": AT, "both": "cancelled_by"},
        {"state": "cancelled", "cancelled_at": None, "cancelled_by": None},
        {"floor_area_m2": 0},
    ],
)
def test_a_row_that_contradicts_itself_is_refused(over):
    activity = make_activity()
    if "both" in over:
        over = {**over, over["both"]: activity.created_by}
    for name, value in over.items():
        setattr(activity, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        activity.save()


@pytest.mark.parametrize(
    "over",
    [
        {"stage": "party"},
        {"source": "magic"},
        {"state": "perhaps"},
        {"planned_kg": -1},
        {"state": "done", "outcome": ""},
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(over):
    activity = make_activity()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_measure(activity, **over)


def test_clocks():
    """TV6a."""
    activity = make_activity()
    assert (activity.units_deadline, activity.forest_deadline) == (date(2027, 5, 18), date(2032, 5, 18))
    assert activity.expires_on is None
    assert not activity.ended(date(2026, 5, 18))
    assert activity.ended(date(2026, 5, 19))


def test_clocks_of_an_operation():
    activity = make_activity(kind="hotel", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    assert (activity.units_deadline, activity.forest_deadline) == (date(2026, 12, 31), None)
    assert activity.expires_on == date(2026, 12, 31)
    assert len(activity.months) == 12
