"""The figures of a list are those of the single page."""

from datetime import UTC, datetime

import pytest

from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import queries
from neutrality.offsets.tests.factories import make_proof, make_retirement

pytestmark = pytest.mark.django_db


def test_many_activities_say_what_each_says(django_assert_num_queries):
    settled, late, waiting, empty = (make_activity(state="committed") for _ in range(4))
    make_retirement(settled, 60)
    make_retirement(settled, 44)
    make_retirement(late, 30, at=datetime(2027, 6, 1, tzinfo=UTC))
    make_proof(waiting)
    activities = [settled, late, waiting, empty]
    with django_assert_num_queries(5):
        found = queries.units_of(activities)
    for activity in activities:
        assert found[activity.pk] == queries.Units(
            queries.checked_units(activity), queries.pending_units(activity), queries.void_units(activity)
        )
    assert [found[a.pk].counted for a in activities] == [104, 0, 0, 0]
    assert found[waiting.pk].pending > 0
