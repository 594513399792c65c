"""Promised sinks never count, verified ones do, lost ones unsettle, and the six years end (R1.22 to R1.28)."""

from datetime import date
from decimal import Decimal

import pytest

from neutrality.activities.models import Activity
from neutrality.disclosure import queries
from neutrality.disclosure.tests.factories import make_accounted
from neutrality.offsets import queries as offsets
from neutrality.offsets.tests.factories import make_retirement
from neutrality.planting.tests.factories import make_planting, make_survey, verify
from neutrality.rulebook.rules import ClaimCode

pytestmark = pytest.mark.django_db

IN_TIME, AFTER = date(2029, 1, 1), date(2032, 5, 19)


@pytest.fixture
def activity():
    """103.150 t emitted, 104 units owed; its plan names a new forest."""
    made = make_accounted("103150", offset_families=["local_credit", "new_forest"]).activity
    return Activity.objects.select_related("organization", "rulebook").get(pk=made.pk)


def said(activity, on):
    return queries.claim(activity, on)


def test_a_promise_is_said_and_counts_nothing(activity):
    make_planting(activity, promised_units=104)
    claim = said(activity, IN_TIME)
    assert (claim.code, claim.units, claim.promised_sinks) == (ClaimCode.PARTLY_OFFSET, 0, 104)
    assert offsets.owed(activity, Decimal("103150")) == 104


def test_verified_tonnes_count_with_cancelled_units(activity):
    """63 cancelled and 40.9 t verified are 103 of 104: a tonne short. Another 0.2 t verified, and it is covered."""
    make_retirement(activity, 63)
    row = make_planting(activity, promised_units=41)
    verify(make_survey(row, year=1, claimed="40.9"), "40.9")
    claim = said(activity, IN_TIME)
    assert (claim.code, claim.units, claim.percent) == (ClaimCode.PARTLY_OFFSET, 103, 99)
    verify(make_survey(row, year=2, claimed="0.2"), "0.2")
    assert (said(activity, IN_TIME).code, said(activity, IN_TIME).units) == (ClaimCode.AWAITING_CONFIRMATION, 104)
    line = offsets.checked(activity)[-1]
    assert (line.way, line.units, line.number, line.serial) == ("planted", 41, row.number, "")
    assert offsets.checked_units(activity) == offsets.units_of([activity])[activity.pk].counted == 104


def test_what_is_not_yet_decided_on_a_day_does_not_count_on_it(activity):
    verify(make_survey(make_planting(activity), year=1))
    assert said(activity, date(2027, 5, 31)).units == 0
    assert said(activity, date(2027, 6, 1)).units == 40


def test_a_loss_takes_units_away_again(activity):
    row = make_planting(activity)
    verify(make_survey(row, year=1, claimed="104"), "104")
    assert said(activity, IN_TIME).code is ClaimCode.AWAITING_CONFIRMATION
    verify(make_survey(row, year=2, claimed="-30"), "-30")
    claim = said(activity, IN_TIME)
    assert (claim.code, claim.units, claim.void) == (ClaimCode.PARTLY_OFFSET, 74, 30)
    assert offsets.void_units(activity) == 30


def test_after_the_six_years_what_is_missing_is_short(activity):
    """R1.20 is over after a year; with a new forest promised the clock is the forest's (R1.22)."""
    row = make_planting(activity, promised_units=104)
    verify(make_survey(row, year=1))
    assert said(activity, date(2032, 5, 18)).code is ClaimCode.PARTLY_OFFSET
    claim = said(activity, AFTER)
    assert (claim.code, claim.units, claim.promised_sinks) == (ClaimCode.NOT_ACHIEVED, 40, 0)
