"""The commands seed and demo as walks; what the rooms load is tested in the rooms."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal import walk
from portal.management.commands import demo


def test_rooms_come_lowest_floor_first():
    rooms = walk.rooms()
    order = ["neutrality.trail", "neutrality.ledger", "accounts", "neutrality.activities", "neutrality.disclosure"]
    assert [room for room in rooms if room in order] == order
    assert rooms[-1] == "portal"


@pytest.mark.parametrize(("is_demo", "production"), [(False, False), (True, True), (False, True)])
def test_demonstration_is_refused_outside_its_mode(settings, is_demo, production):
    settings.DEMO, settings.PRODUCTION = is_demo, production
    with pytest.raises(CommandError, match="demonstration mode only"):
        call_command("demo", verbosity=0)


@pytest.mark.django_db
def test_demonstration_is_refused_where_a_real_person_has_logged_in(settings, django_user_model):
    settings.DEMO = True
    user = django_user_model.objects.create_user("real@example.cn", last_login=timezone.now())
    with pytest.raises(CommandError, match="Real people"):
        call_command("demo", verbosity=0)
    user.is_demo = True
    user.save()
    assert demo.real_people() is False
