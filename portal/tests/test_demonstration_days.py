"""The demonstration on days that are easily forgotten."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from neutrality.activities.models import Activity
from portal.demonstration import province


@pytest.mark.django_db
@pytest.mark.parametrize("day", [(2026, 1, 31), (2028, 2, 29)])
def test_it_can_be_loaded_on_any_day_of_the_year(day):
    call_command("seed", verbosity=0)
    province.load(datetime(*day, 4, tzinfo=UTC))
    assert Activity.objects.count() == 19
