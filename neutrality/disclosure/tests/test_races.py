"""Publishing, correcting and withdrawing at once (C7): one chain, one withdrawal. Control: the index is what holds."""

import multiprocessing
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, connections

from neutrality.disclosure import operations
from neutrality.disclosure.models import Statement, Withdrawal
from neutrality.disclosure.tests.factories import AFTER, make_settled, publish
from neutrality.offsets.tests.factories import make_retirement
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 9, 4, 2, tzinfo=UTC)
PROCESSES = 8
fork = multiprocessing.get_context("fork")


def at_once(work):
    """Run work(number) in eight processes that start together: what each answered, "refused" or the error."""
    connections.close_all()
    barrier, answers = fork.Barrier(PROCESSES), fork.Queue()

    def run(number):
        connections.close_all()
        barrier.wait(30)
        try:
            answers.put(work(number))
        except Refusal as refusal:
            answers.put(f"refused: {refusal.code}")
        except DatabaseError as error:
            answers.put(repr(error))
        finally:
            connections.close_all()

    processes = [fork.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(30)
    return found


def chain_is_single():
    rows = list(Statement.objects.all())
    replaced = [row.replaces_id for row in rows if row.replaces_id]
    return len(set(replaced)) == len(replaced) == len(rows) - 1


def test_eight_corrections_at_once_make_one_chain():
    first = publish(make_settled(units=103))
    make_retirement(first.activity, 1)

    def correct(number):
        return publish(first.activity, key=f"k{number}", correction=f"{number}", note=f"{number}").number

    answers = at_once(correct)
    assert [answer for answer in answers if not answer.startswith("S-")] == []
    assert chain_is_single()
    assert Statement.objects.newest().count() == 1


def test_sent_eight_times_is_one_statement():
    activity = make_settled()
    answers = at_once(lambda number: publish(activity, key="the same").number)
    assert len(set(answers)) == 1
    assert Statement.objects.count() == 1


def test_withdrawn_while_corrected_is_withdrawn_once_and_never_forks():
    first = publish(make_settled(units=103))
    make_retirement(first.activity, 1)

    def either(number):
        if number % 2:
            return publish(first.activity, key=f"k{number}", correction=f"{number}", note=f"{number}").number
        return operations.withdraw(statement=first, reason="why", by=first.published_by, at=AT).reason

    answers = at_once(either)
    assert set(answers) - {"why", "refused: not_newest"} == {answer for answer in answers if answer.startswith("S-")}
    assert chain_is_single()
    assert Withdrawal.objects.count() <= 1


def test_without_lock_and_index_the_chain_forks(monkeypatch):
    """Control: eight corrections that all read the same newest statement."""
    first = publish(make_settled(units=103))
    make_retirement(first.activity, 1)
    activity = first.activity
    monkeypatch.setattr(operations, "_lock", lambda _activity: activity)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE disclosure_statement DROP CONSTRAINT disclosure_statement_replaces_id_key")
    try:
        at_once(lambda number: publish(activity, key=f"k{number}", correction="x", note=f"{number}", at=AFTER).number)
        assert not chain_is_single()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE disclosure_statement CASCADE")
            cursor.execute(
                "ALTER TABLE disclosure_statement "
                "ADD CONSTRAINT disclosure_statement_replaces_id_key UNIQUE (replaces_id)"
            )
