"""Which inventories stand, for a list and for one."""

import pytest

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import queries
from neutrality.inventory.tests.factories import make_draft, make_submitted_inventory

pytestmark = pytest.mark.django_db


def test_many_activities_say_what_each_says(django_assert_num_queries):
    filed, drafted, empty = (make_activity(state="committed") for _ in range(3))
    standing = make_submitted_inventory(filed, "actual")
    make_draft(drafted, "actual")
    activities = [filed, drafted, empty]
    with django_assert_num_queries(1):
        found = queries.current_of(activities, "actual")
    assert found == {filed.pk: standing}
    assert [queries.current(activity, "actual") for activity in activities] == [standing, None, None]
