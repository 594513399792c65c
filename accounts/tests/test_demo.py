"""The demonstration's door: not there outside the mode, and never open for anybody real."""

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import NoReverseMatch, clear_url_caches, reverse

import accounts.urls
import portal.urls
from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def reload_addresses():
    importlib.reload(accounts.urls)
    importlib.reload(portal.urls)
    clear_url_caches()


@pytest.fixture
def demonstration():
    """The portal as it is with DEMO=1."""
    with override_settings(DEMO=True):
        reload_addresses()
        yield
    reload_addresses()


def test_outside_the_mode_there_is_no_door(client):
    actor = make_user(is_demo=True)
    with pytest.raises(NoReverseMatch):
        reverse("accounts:demo")
    assert client.get("/demo/").status_code == 404
    assert client.post(f"/demo/enter/{actor.public_id}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_should_somebody_list_the_addresses_the_views_themselves_stay_shut(demonstration):
    actor = make_user(is_demo=True)
    with override_settings(DEMO=False):
        assert Client().get("/demo/").status_code == 404
        client = Client()
        assert client.post(f"/demo/enter/{actor.public_id}/").status_code == 404
        assert "_auth_user_id" not in client.session


def test_a_production_start_refuses_the_mode():
    environment = {"PATH": os.environ["PATH"], "PRODUCTION": "1", "DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "DEMO must be 0 in production" in done.stderr


def test_one_click_enters_as_the_person_and_counts_as_the_factor(demonstration):
    officer = make_user(is_demo=True, name="王正")
    make_member(officer, make_organization("regulator", region_code="510000"), Role.REGULATOR)
    client = Client()
    page = client.get(reverse("accounts:demo")).content.decode()
    assert "王正" in page
    answer = client.post(reverse("accounts:enter", args=[officer.public_id]))
    assert answer.url == reverse("portal:desk")
    assert client.get(reverse("accounts:pending")).status_code == 200


def test_the_door_never_opens_for_anybody_real(demonstration):
    shut = [
        make_user(),
        make_user(is_demo=True, is_staff=True),
        make_user(is_demo=True, is_superuser=True),
        make_user(is_demo=True, is_active=False),
    ]
    for person in shut:
        client = Client()
        assert client.post(reverse("accounts:enter", args=[person.public_id])).status_code == 404
        assert "_auth_user_id" not in client.session
        assert person.name not in client.get(reverse("accounts:demo")).content.decode()


def test_entering_is_a_post_with_a_token(demonstration):
    actor = make_user(is_demo=True)
    path = reverse("accounts:enter", args=[actor.public_id])
    assert Client().get(path).status_code == 405
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403


def test_entering_leaves_who_one_was(demonstration):
    first, second = make_user(is_demo=True), make_user(is_demo=True)
    client = Client()
    client.post(reverse("accounts:enter", args=[first.public_id]))
    old = client.session.session_key
    client.post(reverse("accounts:enter", args=[second.public_id]))
    assert client.session["_auth_user_id"] == str(second.pk)
    assert client.session.session_key != old


def test_demonstration_people_have_nothing_to_change(demonstration):
    actor = make_user(is_demo=True)
    client = Client()
    client.post(reverse("accounts:enter", args=[actor.public_id]))
    for name in ("account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "usersessions_list"):
        assert client.get(reverse(name)).url == reverse("accounts:mine")
    assert client.post(reverse("account_logout")).status_code == 302


def test_the_doors_mark_is_worth_nothing_outside_the_mode(demonstration):
    """A session of the demonstration in a portal that is none: the factor is missing again."""
    officer = make_user(is_demo=True)
    make_member(officer, make_organization("regulator", region_code="510000"), Role.REGULATOR)
    client = Client()
    client.post(reverse("accounts:enter", args=[officer.public_id]))
    with override_settings(DEMO=False):
        assert client.get(reverse("accounts:pending")).url == reverse("accounts:second_factor")


def test_the_mark_is_worth_nothing_for_a_real_person(demonstration):
    officer = make_user()
    make_member(officer, make_organization("regulator", region_code="510000"), Role.REGULATOR)
    client = Client()
    client.force_password_login(officer)
    session = client.session
    session["account_authentication_methods"] = [{"method": "demonstration", "at": time.time()}]
    session["account_authentication_methods_user"] = str(officer.pk)
    session.save()
    assert client.get(reverse("accounts:pending")).url == reverse("accounts:second_factor")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_at_one_and_three(demonstration, rows, django_assert_num_queries):
    for _ in range(rows):
        make_member(make_user(is_demo=True), make_organization())
    with django_assert_num_queries(3):
        Client().get(reverse("accounts:demo"))
