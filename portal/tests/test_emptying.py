"""After a test that committed nothing is left, what the migrations made is there, and the guards stand."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection

from neutrality.disclosure.tests.factories import make_statement
from neutrality.trail.models import Entry
from portal.tests import emptying

pytestmark = pytest.mark.django_db(transaction=True)


def asleep():
    """Triggers that do not fire."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'D'")
        return cursor.fetchall()


def test_whatever_was_committed_is_gone_and_the_guards_stand():
    make_statement()
    filled = emptying.filled()
    assert {"trail_entry", "ledger_transfer", "disclosure_statement", "accounts_user"} <= set(filled)
    emptying.remove(sorted(filled))
    assert emptying.filled() == {}
    assert ContentType.objects.exists()
    assert asleep() == []
    make_statement()
    with pytest.raises(DatabaseError, match="insert-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_entry")
    assert Entry.objects.exists()


def test_a_guard_left_asleep_would_be_noticed():
    """Control."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER insert_only")
    try:
        assert asleep() == [("trail_entry", "insert_only")]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trail_entry ENABLE TRIGGER insert_only")


def test_what_is_large_is_truncated(monkeypatch):
    make_statement()
    called = []
    monkeypatch.setattr(emptying, "LARGE", 0)
    monkeypatch.setattr(emptying, "truncate", called.append)
    emptying.empty("this test")
    assert called == ["this test"]
