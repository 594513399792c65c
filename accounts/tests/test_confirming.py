"""Weighty acts ask once more who one is, with the second factor where there is one, and are then done (W2)."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts import access
from accounts.rules import Role
from accounts.tests.factories import PASSWORD
from accounts.tests.test_factors import code_of

pytestmark = pytest.mark.django_db


def entered(person, *records):
    """A browser of `person` who showed who they are in these ways: (method, minutes ago)."""
    client = Client()
    client.force_password_login(person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() - 60 * minutes} for method, minutes in records
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


@pytest.fixture
def act(cast):
    """Make the colleague a signatory: path and form."""
    return reverse("accounts:member", args=[cast.home.code, cast.colleague.public_id]), {"role": "signatory"}


def test_right_after_login_it_is_done(cast, act):
    entered(cast.organizer, ("password", 1)).post(*act)
    assert access.role(cast.colleague, cast.home) == Role.SIGNATORY


def test_later_it_asks_and_then_does_what_was_asked_for(cast, act):
    client = entered(cast.organizer, ("password", 6))
    answer = client.post(*act)
    assert answer.url == f"{reverse('account_reauthenticate')}?next={act[0].replace('/', '%2F')}"
    assert access.role(cast.colleague, cast.home) == Role.VIEWER
    wrong = client.post(answer.url, {"password": "not-the-password"})
    assert wrong.status_code == 200
    assert access.role(cast.colleague, cast.home) == Role.VIEWER
    client.post(answer.url, {"password": PASSWORD})
    assert access.role(cast.colleague, cast.home) == Role.SIGNATORY


def test_who_has_a_second_factor_shows_that_one(cast, act):
    secret = generate_totp_secret()
    TOTP.activate(cast.organizer, secret)
    client = entered(cast.organizer, ("password", 1), ("mfa", 6))
    answer = client.post(*act)
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    client.post(answer.url, {"code": code_of(secret)})
    assert access.role(cast.colleague, cast.home) == Role.SIGNATORY


def test_looking_never_asks(cast, act):
    assert entered(cast.organizer, ("password", 60)).get(act[0]).status_code == 200


def test_a_preview_is_no_act(rf, cast):
    seen = []
    view = access.asked_again(lambda request: seen.append(request.POST), when="sure")
    request = rf.post("/", {"quantity": "5"})
    request.user, request.session = cast.organizer, {}
    view(request)
    assert len(seen) == 1


def test_the_anonymous_are_left_to_the_login(rf, cast):
    seen = []
    request = rf.post("/", {})
    request.user = cast.anonymous
    access.asked_again(seen.append)(request)
    assert seen == [request]


def test_the_factor_of_who_acts_for_others_lasts_a_working_day(cast):
    TOTP.activate(cast.regulator, generate_totp_secret())
    path = reverse("accounts:pending")
    assert entered(cast.regulator, ("mfa", 7 * 60)).get(path).status_code == 200
    answer = entered(cast.regulator, ("mfa", 9 * 60)).get(path)
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert entered(cast.organizer, ("mfa", 9 * 60)).get(reverse("accounts:mine")).status_code == 200


@pytest.mark.parametrize(
    ("method", "minutes", "good"), [("GET", 4, 1), ("GET", 6, 0), ("POST", 50, 1), ("POST", 70, 0)]
)
def test_a_form_with_files_is_asked_for_before_it_is_filled_in(rf, cast, method, minutes, good):
    request = rf.generic(method, "/here/")
    request.user = cast.citizen
    records = [{"method": "password", "at": time.time() - 60 * minutes}]
    request.session = {
        "account_authentication_methods": records,
        "account_authentication_methods_user": str(cast.citizen.pk),
    }
    assert access.is_fresh_for_form(request) == bool(good)
    assert access.show_again(request).url == f"{reverse('account_reauthenticate')}?next=%2Fhere%2F"
