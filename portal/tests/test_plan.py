"""The plan page: for members while it is a draft, every gap at once, each with the way to mend it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neutrality.activities import operations
from neutrality.activities import queries as activity_queries
from neutrality.activities.tests.factories import AT, make_activity, make_measure
from neutrality.disclosure import operations as disclosure
from neutrality.inventory import operations as inventories
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.offsets import operations as offers
from neutrality.offsets.tests.factories import make_block
from neutrality.quantities import obligation
from neutrality.refusals import Refusal
from portal.templatetags import charts

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


def offer_units(cast):
    block = make_block(quantity=200)
    seller = {"organization": block.owner, "by": cast.organizer, "at": AT}
    offers.offer(block=block, quantity=200, price_cny=Decimal(50), **seller)


def test_measures_are_weighed_against_the_price_of_units(cast):
    """104 t owed, offered at 50 CNY: a measure at 40 CNY a tonne is cheaper, one at 60 dearer."""
    activity = make_activity(organization=cast.home)
    make_measure(activity, title="省一吨四十元", planned_kg=Decimal(1000), cost_cny=Decimal(40))
    make_measure(activity, title="省一吨六十元", planned_kg=Decimal(1000), cost_cny=Decimal(60))
    make_submitted_inventory(activity, "estimate", kg="103150")
    offer_units(cast)
    buying = cast.client("organizer").get(page(activity)).context["buying"]
    assert (buying["units"], buying["covered"], buying["cost_cny"]) == (104, 104, Decimal(5200))
    assert [measure.title for measure, _step in buying["cheaper"]] == ["省一吨四十元"]
    assert [measure.title for measure, _step in buying["dearer"]] == ["省一吨六十元"]
    assert cast.client("colleague").get(page(activity)).context["buying"] is None


def test_the_cost_curve_stands_beside_the_price_of_units(cast):
    """Tonnes lie behind the cheaper ones, costs against the dearest of all, the price of a unit as a mark."""
    activity = make_activity(organization=cast.home)
    for kg, cost in ((1000, 40), (3000, 240)):
        make_measure(activity, planned_kg=Decimal(kg), cost_cny=Decimal(cost))
    drawn = charts.cost_curve(activity_queries.cost_curve(activity), Decimal(50))
    assert [(row["start"], row["width"], row["cost"], row["dearer"]) for row in drawn["steps"]] == [
        ("0", "25.00", "50.00", False),
        ("25.00", "75.00", "100.00", True),
    ]
    assert (drawn["mark"], drawn["together_kg"]) == ("62.50", Decimal(4000))
    assert charts.cost_curve([])["steps"] == []
    assert charts.cost_curve(activity_queries.cost_curve(activity))["mark"] == ""


def test_an_empty_catalogue_is_said(cast):
    activity = make_activity(organization=cast.home)
    make_submitted_inventory(activity, "estimate", kg="103150")
    response = cast.client("organizer").get(page(activity))
    assert (response.context["buying"]["covered"], response.context["buying"]["price_cny"]) == (0, None)


def test_offers_cost_no_queries_of_their_own(cast, django_assert_num_queries):
    activity = make_activity(organization=cast.home)
    make_submitted_inventory(activity, "estimate", kg="103150")
    client = cast.client("organizer")
    offer_units(cast)
    client.get(page(activity))
    with CaptureQueriesContext(connection) as one:
        client.get(page(activity))
    offer_units(cast)
    offer_units(cast)
    with django_assert_num_queries(len(one)):
        assert client.get(page(activity)).context["buying"]["covered"] == 104


def test_no_units_are_chosen_before_a_plan_with_a_measure(cast):
    """R1.7: an estimate alone publishes no plan, and without a published plan nothing can be cancelled or ordered."""
    activity = make_activity(organization=cast.home)
    make_submitted_inventory(activity, "estimate", kg="103150")
    who = {"by": cast.organizer, "at": AT}
    with pytest.raises(disclosure.PlanIncomplete) as refused:
        disclosure.publish_plan(activity=activity, key="k", **who)
    assert [problem.code for problem in refused.value.problems] == ["measures"]
    block = make_block(quantity=200, owner=cast.home)
    with pytest.raises(Refusal) as closed:
        offers.retire(activity=activity, block=block, quantity=104, key="r", **who)
    assert closed.value.code == "not_open"
    units = cast.client("organizer").get(reverse("portal:units", args=(activity.code,)))
    assert (units.context["closed"], units.context["may_retire"], units.context["may_choose"]) == (True, False, False)


def test_the_page_that_cancels_says_what_is_owed_for_the_choice(cast):
    activity = make_activity(organization=cast.home, state="committed")
    done = make_submitted_inventory(activity)
    block = make_block(quantity=200, owner=cast.home)
    client, url = cast.client("organizer"), reverse("offsets:retire", args=(activity.code, block.code))
    assert (client.get(url).context["owed"], client.get(url).context["short"]) == (104, 104)
    inventories.choose_cover(activity=activity, level="p90", by=cast.organizer, at=done.submitted_at)
    page = client.get(url)
    assert (page.context["owed"], page.context["mean"]) == (obligation(done.simulation.p90_kg), 104)
    assert page.context["p90"]
