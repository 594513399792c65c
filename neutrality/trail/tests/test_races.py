"""Writers and checkpoints at once (C11): one order, no gap, every checkpoint the beginning of the next."""

import importlib
import multiprocessing
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from neutrality.trail import operations, queries, rules
from neutrality.trail.models import Checkpoint, Entry

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 5, 18, tzinfo=UTC)
fork = multiprocessing.get_context("fork")


def write(number, failed):
    connections.close_all()
    try:
        for each in range(20):
            operations.record(verb="house.race", subject=f"writer:{number}", by=None, at=AT, content={"each": each})
            if each % 5 == number % 5:
                operations.checkpoint(at=AT)
    except Exception as error:
        failed.put(repr(error))
    finally:
        connections.close_all()


def race():
    connections.close_all()
    failed = fork.Queue()
    writers = [fork.Process(target=write, args=(number, failed)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    return [] if failed.empty() else [failed.get(timeout=5)]


def test_the_order_is_total_and_every_checkpoint_is_kept():
    assert race() == []
    entries = list(Entry.objects.all())
    assert [entry.number for entry in entries] == list(range(1, 161))
    assert all(rules.leaf_hash(entry.fact().data()).hex() == entry.leaf for entry in entries)
    operations.checkpoint(at=AT)
    checkpoints = list(Checkpoint.objects.all())
    last = checkpoints[-1]
    for each in checkpoints:
        proof = rules.consistency(each.size, last.size, queries.nodes)
        roots = rules.roots_from_consistency(each.size, last.size, bytes.fromhex(each.root), proof)
        assert [root.hex() for root in roots] == [each.root, last.root]


def test_without_the_lock_writers_collide(monkeypatch):
    """Control: it is the advisory lock that makes the order total."""
    monkeypatch.setattr(operations, "_lock", lambda: None)
    with functions(lambda sql: sql.replace("PERFORM pg_advisory_xact_lock", "PERFORM abs")):
        assert race() != []


@contextmanager
def functions(changed):
    """The database's own functions of the trail as `changed` makes them, for a while."""
    migration = importlib.import_module("neutrality.trail.migrations.0003_append")
    made = [sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for sql in (migration.CHAIN, migration.APPEND)]
    made[0] = made[0].split("CREATE TRIGGER")[0]
    with connection.cursor() as cursor:
        for sql in made:
            cursor.execute(changed(sql))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for sql in made:
                cursor.execute(sql)
