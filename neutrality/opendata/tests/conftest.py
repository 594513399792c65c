"""What the tests of this room share."""

from datetime import date

import pytest

from accounts.tests.factories import make_key
from neutrality.activities.tests.factories import AT, make_activity
from neutrality.inventory.tests.factories import load_library, make_draft
from neutrality.opendata.tests.programs import Program
from neutrality.rulebook.tests.factories import load_rulebook


@pytest.fixture
def library(db):
    """Rulebooks, regions, factors."""
    load_rulebook(AT)
    load_library()


@pytest.fixture
def activity(cast):
    load_library()
    return make_activity(organization=cast.home, created_by=cast.organizer)


@pytest.fixture
def draft(activity):
    return make_draft(activity, "actual")


@pytest.fixture
def period(cast):
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 30)}
    return make_activity(organization=cast.home, created_by=cast.organizer, kind="hotel", **days)


@pytest.fixture
def program(client, cast):
    """With a key of the owner and every scope."""
    return Program(client, make_key(cast.organizer, cast.home)[1])
