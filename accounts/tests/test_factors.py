"""A code of an authenticator app is good for one time, in one process and in eight (T3). Control: guard off."""

import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts import factors
from accounts.models import UsedCode
from accounts.tests.factories import PASSWORD, make_user
from accounts.tests.parallel import in_processes


def code_of(secret, shift=0):
    """The code of the step now, or `shift` steps from it; never at the very end of a step."""
    if time.time() % 30 > 25:
        time.sleep(6)
    steps = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, steps[len(steps) // 2] + shift))


@pytest.fixture
def secret():
    return generate_totp_secret()


@pytest.mark.django_db
def test_a_step_is_used_once_by_each_person(secret):
    anna, bruno = make_user(), make_user()
    code = code_of(secret)
    assert factors.use(anna, secret, code)
    assert not factors.use(anna, secret, code)
    assert factors.use(bruno, secret, code)
    assert factors.use(anna, secret, code_of(secret, shift=1))
    assert not factors.use(anna, secret, "000000x")


@pytest.mark.django_db
def test_old_marks_do_not_pile_up(secret):
    person = make_user()
    UsedCode.objects.create(user=person, mark="totp:old:1", used_at="2020-01-01T00:00:00Z")
    factors.use(person, secret, code_of(secret))
    assert UsedCode.objects.filter(user=person).count() == 1


@pytest.mark.django_db
def test_the_secret_rests_encrypted(secret):
    authenticator = TOTP.activate(make_user(), secret).instance
    assert secret not in str(Authenticator.objects.get(pk=authenticator.pk).data)


def at_second_door(person):
    """A browser whose password was right and that is now asked for the code."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    return client


def entered(client, code):
    client.post(reverse("mfa_authenticate"), {"code": code})
    return "_auth_user_id" in client.session


def race_through_the_door(person, secret):
    """Eight browsers send the same right code at the same moment; how many got in. Caches are not shared."""
    clients = [at_second_door(person) for _ in range(8)]
    code = code_of(secret)
    return sum(in_processes(lambda place: entered(clients[place], code)))


@pytest.fixture
def no_limits():
    with override_settings(ACCOUNT_RATE_LIMITS=False):
        yield


@pytest.mark.django_db(transaction=True)
def test_one_code_lets_one_of_eight_in(secret, no_limits):
    person = make_user()
    TOTP.activate(person, secret)
    assert race_through_the_door(person, secret) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_row_one_code_lets_several_in(secret, no_limits):
    person = make_user()
    TOTP.activate(person, secret)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_usedcode DROP CONSTRAINT code_used_once")
    try:
        assert race_through_the_door(person, secret) > 1
    finally:
        UsedCode.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_usedcode ADD CONSTRAINT code_used_once UNIQUE (user_id, mark)")


@pytest.mark.django_db(transaction=True)
def test_the_code_that_set_the_app_up_is_used_up():
    person = make_user()
    client = Client()
    client.force_password_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = code_of(secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.status_code == 302
    assert [record["method"] for record in client.session[AUTHENTICATION_METHODS_SESSION_KEY]] == ["password", "mfa"]
    assert not factors.use(person, secret, code)
