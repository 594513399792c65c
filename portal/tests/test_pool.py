"""Connections of the pool: one that the server ended is never handed out, and looking costs no question."""

import pytest
from django.db import connection, connections
from psycopg_pool import ConnectionPool

from portal.database.base import DatabaseWrapper, sound


@pytest.fixture
def pooled(transactional_db):
    """A connection of the web to the database of the tests, with a pool of its own."""
    settings = {**connection.settings_dict, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    settings["OPTIONS"] = {**settings["OPTIONS"], "pool": {"min_size": 1, "max_size": 1, "timeout": 5}}
    wrapper = DatabaseWrapper(settings, alias="default")
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


def backend(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def end(pid):
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_connection_is_used_again(pooled):
    first = backend(pooled)
    pooled.close()
    assert backend(pooled) == first


def test_one_that_was_ended_is_replaced(pooled):
    first = backend(pooled)
    pooled.close()
    end(first)
    assert backend(pooled) != first


def test_control_without_a_look_the_question_would_fail(pooled, monkeypatch):
    monkeypatch.setattr("portal.database.base.sound", lambda connection: True)
    first = backend(pooled)
    pooled.close()
    end(first)
    with pytest.raises(Exception, match=r"terminat|closed|server"):
        backend(pooled)
    pooled.close()


def test_it_looks_without_asking(pooled, monkeypatch):
    monkeypatch.setattr(ConnectionPool, "check_connection", lambda connection: pytest.fail("asked"))
    pooled.ensure_connection()
    assert sound(pooled.connection)
    pooled.connection.close()
