"""The demonstration shows every state an account can be in, is told once, and stays apart from real people."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Organization, User
from neutrality.activities.models import Activity
from neutrality.disclosure import queries
from neutrality.inventory.models import Inventory, Line, Roster, Survey
from neutrality.offsets import queries as offsets
from neutrality.offsets.models import Clearance, Compensation, Lock, Reservation
from neutrality.oversight.models import Case
from neutrality.rulebook.rules import ClaimCode
from neutrality.standing import queries as standing
from neutrality.trail.models import Entry
from portal.demonstration import province

AT = datetime(2026, 11, 21, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(lasting):
    call_command("seed", verbosity=0)
    province.load(AT)


def counts():
    return [model.objects.count() for model in (User, Organization, Activity, Entry)]


def test_every_wording_of_a_claim_can_be_seen(loaded):
    on = timezone.localdate(AT)
    shown = {queries.claim(activity, on).code for activity in Activity.objects.all()}
    assert shown == set(ClaimCode)


def test_everybody_and_everything_is_marked_as_invented(loaded):
    assert not User.objects.filter(is_demo=False).exists()
    assert not Organization.objects.filter(is_demo=False).exists()
    assert not Activity.objects.exclude(name_zh__contains="演示").exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_both_lists_can_be_seen_with_an_objection_pending(loaded):
    entries = standing.entries(timezone.localdate(AT))
    shown = [("black", "appealed"), ("black", "settled"), ("green", "settled")]
    assert sorted(entries.values_list("list", "objection")) == shown
    assert Case.objects.filter(kind="repair").count() == 1


def test_journeys_come_from_a_list_and_from_a_survey(loaded):
    """Control: with a city the list does not know, the list would wait for an answer and its lines be missing."""
    roster = Roster.objects.get()
    assert (roster.state, roster.summary["people"]) == ("done", 576)
    for key in ("academic", "green"):
        actual = Inventory.objects.get(activity__key=f"demo:{key}:activity", kind="actual")
        lines = Line.objects.filter(inventory=actual, source="participant_travel")
        assert lines.count() > 2
        assert not lines.filter(treatment="not_occurring").exists()
    assert Survey.objects.filter(closed_at__isnull=True).count() == 1


def test_units_are_pledged_reserved_certified_and_used_for_a_case(loaded):
    assert [row.kind for row in Lock.objects.all()] == ["pledged"]
    assert Reservation.objects.get().ended_at is None
    assert Compensation.objects.get().quantity == 19
    stale = [offsets.first_move_since(row) is not None for row in Clearance.objects.order_by("issued_at")]
    assert stale == [True, False]


def test_told_twice_is_told_once(loaded):
    before = counts()
    province.load(AT)
    assert counts() == before


def test_the_trail_never_runs_backwards_in_the_demonstration(loaded):
    moments = list(Entry.objects.filter(by__isnull=False).order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert len(moments) > 200
