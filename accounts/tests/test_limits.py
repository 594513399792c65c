"""Limits against guessing hold for many processes at once; the store takes a lock in one step. Controls beside them."""

import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts.limits import PostgresCache
from accounts.tests.factories import make_user
from accounts.tests.parallel import in_processes

SHARED = {"default": {"BACKEND": "accounts.limits.PostgresCache", "LOCATION": "accounts_counter"}}
ALONE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "alone"}}


@pytest.fixture
def store():
    made = PostgresCache("accounts_counter", {})
    made.clear()
    return made


@pytest.mark.django_db
def test_the_store_keeps_takes_and_forgets(store):
    assert store.add("lock", True, 30)
    assert not store.add("lock", True, 30)
    store.set("history", [3.5, 2.25], 30)
    assert store.get("history") == [3.5, 2.25]
    assert store.touch("history", 60)
    store.delete("lock")
    assert store.add("lock", True, 0.05)
    time.sleep(0.1)
    assert store.get("lock") is None
    assert not store.touch("lock", 60)
    assert store.add("lock", True, 30)
    store.set("always", 1, None)
    assert store.get("always") == 1


@pytest.mark.django_db(transaction=True)
def test_an_expired_lock_is_taken_by_one_of_eight(store):
    def take(place):
        return [store.add(f"lock{number}", place, 30) for number in range(20)]

    for number in range(20):
        store.set(f"lock{number}", "old", 0.01)
    time.sleep(0.05)
    winners = [sum(column) for column in zip(*in_processes(take), strict=True)]
    assert winners == [1] * 20


def slowly(step):
    """What Django's store calls between its look and its write, with time for the others to look as well."""

    def slow(value):
        time.sleep(0.3)
        return step(value)

    return slow


@pytest.mark.django_db(transaction=True)
def test_djangos_own_store_would_give_an_expired_lock_to_several(store):
    """Control: why there is a store of our own. Its look and its write are two steps."""

    naive = DatabaseCache("accounts_counter", {})

    def take(place):
        connection.ops.adapt_datetimefield_value = slowly(connection.ops.adapt_datetimefield_value)
        return [naive.add(f"lock{number}", place, 30) for number in range(5)]

    with connection.cursor() as cursor:
        for number in range(5):
            key = naive.make_and_validate_key(f"lock{number}")
            cursor.execute(
                "INSERT INTO accounts_counter VALUES (%s, '', now() - interval '1 hour') "
                "ON CONFLICT (cache_key) DO UPDATE SET expires = EXCLUDED.expires",
                [key],
            )
    winners = [sum(column) for column in zip(*in_processes(take), strict=True)]
    assert max(winners) > 1


def guess(person):
    """One wrong password; True when it was looked at, False when the limit answered."""
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": "wrong-guess"})
    if answer.status_code == 429:
        return False
    errors = answer.context["form"].errors.as_data()["__all__"]
    return "too_many_login_attempts" not in [error.code for error in errors]


def tries_looked_at(person):
    answers = in_processes(lambda place: [guess(person) for _ in range(4)])
    return sum(sum(each) for each in answers)


@pytest.mark.django_db(transaction=True)
def test_thirty_two_parallel_guesses_are_at_most_five(store):
    person = make_user()
    with override_settings(CACHES=SHARED):
        assert 1 <= tries_looked_at(person) <= 5
    caches.close_all()


@pytest.mark.django_db(transaction=True)
def test_with_counters_of_their_own_processes_allow_more():
    """Control: a cache per process counts for itself."""
    person = make_user()
    with override_settings(CACHES=ALONE):
        assert tries_looked_at(person) > 5
