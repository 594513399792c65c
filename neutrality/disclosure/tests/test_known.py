"""The one statement behind claims sees what stands and nothing else: each guard in it has its case here."""

from dataclasses import replace

import pytest

from neutrality.activities.models import Activity
from neutrality.disclosure import queries
from neutrality.disclosure.queries.known import known
from neutrality.disclosure.queries.live import facts_of
from neutrality.disclosure.tests.factories import AFTER, ON, make_settled, make_statement
from neutrality.evaluation import operations as evaluations
from neutrality.evaluation.models import SelfCommitment
from neutrality.evaluation.rules import Mode
from neutrality.inventory import operations as inventories
from neutrality.inventory.models import Inventory, NoTotal
from neutrality.offsets import queries as offsets
from neutrality.offsets.tests.factories import make_block, make_retirement, make_void
from neutrality.planting.queries import Sinks

pytestmark = pytest.mark.django_db


def read(activity):
    return known([activity.pk])[activity.pk]


def test_nothing_is_asked_where_nothing_is_asked_for(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert known([]) == {}


def test_a_withdrawn_commitment_confirms_nothing():
    activity = make_settled()
    assert queries.live(activity, ON).mode is Mode.SELF
    row = SelfCommitment.objects.get(activity=activity)
    evaluations.take_back(commitment=row, reason="有误", by=activity.created_by, at=AFTER)
    assert read(activity).commitment is None
    assert queries.live(activity, ON).mode is Mode.NONE


def test_an_inventory_sent_back_does_not_stand():
    activity = make_settled()
    assert queries.live(activity, ON).total_kg is not None
    actual = Inventory.objects.get(activity=activity, kind="actual")
    inventories.return_(inventory=actual, reason="缺票据", by=activity.created_by, at=AFTER)
    assert read(activity).inventory is None
    assert queries.live(activity, ON).total_kg is None


def test_of_each_cancellation_only_what_lies_in_its_own_place_counts():
    """Two runs of one block, the first of them partly void, beside a lot of the owner that was never cancelled: lots
    end and begin inside runs, and lots of other places and activities touch them."""
    activity = make_settled(units=0)
    block = make_block(activity.organization, 100)
    make_retirement(activity, 30, block=block)
    make_retirement(activity, 20, block=block)
    other = make_settled(units=0, organization=activity.organization)
    make_retirement(other, 10, block=block)
    make_void(block, 12)
    assert sorted(read(activity).units) == [18, 20]
    assert read(other).units == [10]
    assert [row.units for row in offsets.cancelled(activity)] == [18, 20]
    assert queries.live(activity, ON).units == offsets.cancelled_units(activity) == 38
    assert queries.live(activity, ON).void == 12


def test_many_read_together_are_what_each_is_alone():
    rows = [make_statement().activity, make_settled(units=0), make_statement(60).activity]
    together = queries.facts(Activity.objects.select_related("organization", "rulebook").order_by("pk"), ON)
    assert len(together) == len(rows)
    for row in rows:
        fresh = Activity.objects.select_related("organization", "rulebook").get(pk=row.pk)
        assert together[row.pk] == queries.live(fresh, ON)


def test_a_total_that_is_missing_is_refused_and_owes_nobody_nothing():
    """The tables let no inventory stand without a total; should one ever be read, the claim says nothing."""
    activity = make_settled()
    found = replace(read(activity), total_kg=None)
    with pytest.raises(NoTotal):
        facts_of(activity, ON, found, Sinks())
