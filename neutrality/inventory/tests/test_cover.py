"""Bought for the mean or the 90th percentile: never less than the total asks for, a dated choice, the claim follows."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from neutrality.activities.tests.factories import make_activity
from neutrality.disclosure import queries as disclosure
from neutrality.disclosure.rules import ClaimFacts
from neutrality.inventory import operations, queries
from neutrality.inventory.models import CoverChoice, NoTotal
from neutrality.inventory.rules import Cover, CoverLevel, lowers
from neutrality.inventory.tests.factories import AT, make_draft, make_submitted_inventory
from neutrality.quantities import obligation
from neutrality.trail.models import Entry

kilograms = st.decimals(0, 10**9, places=4, allow_nan=False, allow_infinity=False)


@given(total=kilograms, p90=st.none() | st.integers(0, 2 * 10**9))
def test_an_interval_never_lowers_what_is_owed(total, p90):
    found = Cover(CoverLevel.P90, total, p90)
    assert found.owed(CoverLevel.MEAN) == obligation(total)
    assert found.owed() >= obligation(total)
    assert found.owed() == max(obligation(total), obligation(D(p90 or 0)))
    assert Cover(CoverLevel.MEAN, total, p90).owed() == obligation(total)


@pytest.mark.parametrize(
    ("total", "p90", "mean", "ninety"),
    [("103150", 118_420, 104, 119), ("103150", 103_000, 104, 104), ("103000", 103_001, 103, 104), ("0", None, 0, 0)],
)
def test_worked_examples(total, p90, mean, ninety):
    found = Cover(CoverLevel.P90, D(total), p90)
    assert (found.owed(CoverLevel.MEAN), found.owed(CoverLevel.P90)) == (mean, ninety)


def test_only_the_way_down_lowers():
    assert lowers(CoverLevel.P90, CoverLevel.MEAN)
    assert not lowers(CoverLevel.MEAN, CoverLevel.P90)
    assert not lowers(CoverLevel.P90, CoverLevel.P90)


pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 4, 1, 8, tzinfo=AT.tzinfo)


def choose(activity, level, reason="", at=BEFORE):
    return operations.choose_cover(activity=activity, level=level, reason=reason, by=activity.created_by, at=at)


def test_a_choice_is_a_dated_fact_with_a_trail_entry():
    activity = make_activity(state="committed")
    assert choose(activity, "mean") is None
    made = choose(activity, "p90")
    assert (made.level, made.chosen_at, made.chosen_by) == ("p90", BEFORE, activity.created_by)
    assert choose(activity, "p90") == made
    entry = Entry.objects.get(verb="inventory.choose_cover")
    assert (entry.subject, entry.public) == (f"activity:{activity.code}", True)
    assert entry.content == {"level": "p90", "before": "mean", "reason": ""}
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_coverchoice SET level = 'mean'")


def test_going_back_needs_a_reason_in_public_and_ends_with_the_activity():
    draft, public = make_activity(), make_activity(state="committed")
    for activity in (draft, public):
        choose(activity, "p90")
    assert choose(draft, "mean").level == "mean"
    with pytest.raises(operations.LoweredWithoutReason):
        choose(public, "mean")
    with pytest.raises(operations.CannotLower):
        choose(public, "mean", "预算不足", at=AT)
    assert choose(public, "mean", "预算不足").reason == "预算不足"
    assert choose(public, "p90", at=AT).level == "p90"
    with pytest.raises(operations.ActivityCancelled):
        choose(make_activity(state="cancelled"), "p90")


def test_the_claim_and_every_reader_follow_the_choice(django_assert_num_queries):
    activity = make_activity(state="committed")
    done = make_submitted_inventory(activity)
    p90 = done.simulation.p90_kg
    assert p90 > done.total_kg
    on = date(2026, 9, 2)
    facts = disclosure.live(activity, on)
    assert (facts.due_kg, facts.cover_level) == (done.total_kg, "mean")
    choose(activity, "p90", at=AT)
    facts = disclosure.live(activity, on)
    assert (facts.due_kg, facts.cover_level) == (D(p90), "p90")
    standing = queries.current(activity, "actual")
    with django_assert_num_queries(0):
        assert standing.cover.owed() == obligation(p90)
    assert done.cover.owed() == obligation(p90)


def test_a_missing_total_is_refused_and_never_nought():
    """Read as nought, a draft would owe no unit at all."""
    activity = make_activity(state="committed")
    draft = make_draft(activity)
    assert draft.total_kg is None
    with pytest.raises(NoTotal):
        draft.cover  # noqa: B018
    assert make_submitted_inventory(make_activity(state="committed")).cover.owed() > 0


def test_what_covers_the_mean_does_not_settle_the_ninetieth_percentile():
    """The negative control of the claim: the same units, the other choice."""
    facts = {"state": "committed", "ended": True, "total_kg": D(103_150), "units": 104}
    assert ClaimFacts(**facts).covered
    assert ClaimFacts(**facts, cover_kg=D(103_000)).covered
    assert not ClaimFacts(**facts, cover_kg=D(118_420)).covered


def test_the_page_offers_both_and_says_what_is_wrong(cast):
    activity = make_activity(organization=cast.home, state="committed", ends_on=localdate() + timedelta(days=9))
    make_submitted_inventory(activity, "estimate")
    client, url = cast.client("organizer"), reverse("inventory:cover", args=(activity.code,))
    response = client.get(url)
    assert "104" in response.text
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"level": "p50"}).status_code == 422
    assert client.post(url, {"level": "p90"}).status_code == 302
    assert client.post(url, {"level": "mean"}).status_code == 422
    assert CoverChoice.objects.get(activity=activity).level == "p90"
    units = client.get(reverse("portal:units", args=(activity.code,)))
    assert units.context["level"] == "模拟总量的第 90 百分位数" or "90th" in units.text
