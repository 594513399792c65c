"""The same form sent by eight browsers at the same moment is one activity; the same cancellation is told once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from accounts.tests.factories import make_organization, make_user
from neutrality.activities import operations
from neutrality.activities.models import Activity, Measure
from neutrality.activities.tests.factories import AT, make_activity, make_rulebook
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


def at_once(act):
    def run(_number):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(run, range(TIMES)))


def test_eight_clicks_register_one_activity():
    make_rulebook()
    organization, by = make_organization(), make_user()
    values = {
        "kind": "meeting",
        "name_zh": "青年论坛",
        "starts_on": date(2027, 5, 17),
        "ends_on": date(2027, 5, 18),
        "region_code": "510100",
    }
    found = at_once(lambda: operations.register(organization=organization, key="one", by=by, at=AT, **values))
    assert {activity.pk for activity in found} == {Activity.objects.get().pk}
    assert Entry.objects.filter(verb="activity.register").count() == 1


def test_eight_clicks_plan_one_measure():
    activity, by = make_activity(), make_user()
    given = {"stage": "holding", "source": "catering", "title": "少用纸"}
    at_once(lambda: operations.add_measure(activity=activity, key="one", by=by, at=AT, **given))
    assert Measure.objects.get().number == 1
    assert Entry.objects.filter(verb="activity.add_measure").count() == 1


def test_eight_different_measures_get_eight_numbers():
    activity, by = make_activity(), make_user()
    keys = iter(range(TIMES))
    given = {"stage": "holding", "source": "catering", "title": "少用纸"}
    at_once(lambda: operations.add_measure(activity=activity, key=f"m{next(keys)}", by=by, at=AT, **given))
    assert sorted(Measure.objects.values_list("number", flat=True)) == list(range(1, TIMES + 1))


def test_eight_clicks_call_it_off_once():
    activity, by = make_activity(), make_user()
    at_once(lambda: operations.cancel(activity=activity, reason="暴雨", by=by, at=AT))
    assert Entry.objects.filter(verb="activity.cancel").count() == 1
