"""The plan page: for members while it is a draft, every gap at once, each with the way to mend it."""

from datetime import date

import pytest
from django.urls import reverse

from neutrality.activities import operations
from neutrality.activities.tests.factories import make_activity, make_measure
from neutrality.inventory.tests.factories import make_submitted_inventory

pytestmark = pytest.mark.django_db
BARE = {"summary": "", "place_name": "", "expected_people": None, "offset_method": "", "promised_on": None}


def page(activity):
    return reverse("portal:plan", args=(activity.code,))


def test_doors(cast):
    draft = make_activity(organization=cast.home)
    for who in ("organizer", "colleague"):
        assert cast.client(who).get(page(draft)).status_code == 200
    for who in ("stranger", "regulator", "citizen", "anonymous"):
        assert cast.client(who).get(page(draft)).status_code == 404
    published = make_activity(organization=cast.home, state="committed")
    assert cast.client("anonymous").get(page(published)).status_code == 200


def test_every_gap_at_once_with_the_way_to_mend_it(cast):
    activity = make_activity(organization=cast.home, **BARE)
    response = cast.client("organizer").get(page(activity))
    assert len(response.context["missing"]) == 7
    assert reverse("activities:edit", args=(activity.code, "place")) in response.text
    assert reverse("activities:measures", args=(activity.code,)) in response.text


def test_a_colleague_sees_the_gaps_without_the_ways(cast):
    activity = make_activity(organization=cast.home, **BARE)
    response = cast.client("colleague").get(page(activity))
    assert len(response.context["missing"]) == 7
    assert reverse("activities:edit", args=(activity.code, "place")) not in response.text


def test_a_whole_plan_may_be_published(cast):
    activity = make_activity(organization=cast.home)
    make_measure(activity)
    assert not cast.client("organizer").get(page(activity)).context["may_publish"]
    make_submitted_inventory(activity, "estimate", kg="103150")
    response = cast.client("organizer").get(page(activity))
    assert response.context["missing"] == []
    assert response.context["may_publish"]
    assert "103.150" in response.text
    assert not cast.client("colleague").get(page(activity)).context["may_publish"]


def test_queries_do_not_grow_with_measures(cast, django_assert_num_queries):
    activity = make_activity(organization=cast.home, state="committed")
    client = cast.client("anonymous")
    make_measure(activity)
    with django_assert_num_queries(QUERIES):
        client.get(page(activity))
    make_measure(activity)
    make_measure(activity)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(page(activity)).context["measures"]) == 3


QUERIES = 5


def test_changes_since_the_plan_are_told_on_the_activity(cast):
    days = {"starts_on": date(2099, 5, 17), "ends_on": date(2099, 5, 18), "promised_on": date(2099, 12, 31)}
    activity = make_activity(organization=cast.home, state="committed", **days)
    url, changes = (reverse(name, args=(activity.code,)) for name in ("portal:activity", "activities:changes"))
    assert changes not in cast.client("anonymous").get(url).text
    operations.amend(
        activity=activity, changes={"place_name": "新馆"}, reason="检修", by=cast.organizer, at=activity.committed_at
    )
    assert changes in cast.client("anonymous").get(url).text
